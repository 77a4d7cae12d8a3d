#include "consumer.h"

#include "base/msg.h"
#include "durable/mark.h"
#include "durable/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *consumer_name_fault(const char *name)
{
	size_t len = strlen(name);

	if (len == 0)
		return "it is empty";
	if (len > CONSUMER_NAME_MAX)
		return "it is longer than 251 bytes";
	if (name[0] == '.')
		return "it starts with a dot";
	if (strchr(name, '/'))
		return "there is a '/' in it";
	if (len >= 4 && strcmp(name + len - 4, ".tmp") == 0)
		return "it ends in '.tmp'";
	return NULL;
}

/* Ends the process; what failed with errno. */
static _Noreturn void die(int status, const char *what, const char *spool, const char *name)
{
	msg_die(status, "cannot %s the checkpoint '%s/" SPOOL_CHECKPOINTS "/%s': %s", what, spool,
	        name, errno == EINVAL ? "it is not a number" : strerror(errno));
}

/* The number before the first record of the spool; 0 when there is none. */
static uint64_t before_first(int directory, const char *spool)
{
	struct spool_segments segments = {0};
	uint64_t seq;

	spool_list(directory, spool, &segments);
	seq = segments.count && segments.firsts[0] > 0 ? segments.firsts[0] - 1 : 0;
	spool_segments_free(&segments);
	return seq;
}

uint64_t consumer_checkpoint(const char *spool, const char *name)
{
	int directory = spool_open_directory(spool), checkpoints, found;
	uint64_t seq;

	if (mkdirat(directory, SPOOL_CHECKPOINTS, 0750) < 0 && errno != EEXIST)
		die(EX_CANTCREAT, "make", spool, name);
	checkpoints = openat(directory, SPOOL_CHECKPOINTS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (checkpoints < 0)
		die(EX_NOINPUT, "read", spool, name);
	found = mark_read(checkpoints, name, &seq);
	if (found < 0)
		die(errno == EINVAL ? EX_DATAERR : EX_NOINPUT, "read", spool, name);
	if (!found) {
		seq = before_first(directory, spool);
		if (mark_write(checkpoints, name, seq) < 0)
			die(EX_CANTCREAT, "make", spool, name);
		msg_info("'%s' is a new consumer of the spool '%s'", name, spool);
	}
	close(checkpoints);
	close(directory);
	return seq;
}
