#include "link/backoff.h"

#include <sys/random.h>

int64_t backoff_next(struct backoff *b)
{
	int64_t most = BACKOFF_BASE, wait;
	uint64_t random = 0;

	for (unsigned i = 0; i < b->attempts && most < BACKOFF_MAX; i++)
		most *= 2;
	if (most > BACKOFF_MAX)
		most = BACKOFF_MAX;
	b->attempts++;
	/* Without entropy (early boot) the wait is the longest: still right, only not spread. */
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != (ssize_t)sizeof(random))
		return most;
	wait = (int64_t)(random % (uint64_t)(most + 1));
	return wait < BACKOFF_MIN ? BACKOFF_MIN : wait;
}

void backoff_reset(struct backoff *b)
{
	b->attempts = 0;
}
