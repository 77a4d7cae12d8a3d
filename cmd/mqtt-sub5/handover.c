#include "handover.h"

#include "base/msg.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

void handover_init(struct handover *h, uint64_t most)
{
	*h = (struct handover){
	    .mutex = PTHREAD_MUTEX_INITIALIZER,
	    .room = PTHREAD_COND_INITIALIZER,
	    .most = most,
	    .closed = most == 0,
	    .wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
	};
	if (h->wake < 0)
		msg_die(EX_OSERR, "eventfd: %s", strerror(errno));
}

int handover_fd(const struct handover *h)
{
	return h->wake;
}

struct buf *handover_begin(struct handover *h)
{
	pthread_mutex_lock(&h->mutex);
	while (h->filling.len >= HANDOVER_MAX && !h->closed)
		pthread_cond_wait(&h->room, &h->mutex);
	if (h->closed) {
		pthread_mutex_unlock(&h->mutex);
		return NULL;
	}
	h->wakes = h->filling.len == 0;
	return &h->filling;
}

bool handover_end(struct handover *h, size_t payload)
{
	bool last;

	h->counts.lines++;
	h->counts.payload += payload;
	last = h->counts.lines >= h->most;
	h->closed |= last;
	/* The writer sleeps only while nothing waits. */
	if (h->wakes && eventfd_write(h->wake, 1) < 0)
		msg_die(EX_OSERR, "eventfd: %s", strerror(errno));
	pthread_mutex_unlock(&h->mutex);
	return last;
}

bool handover_take(struct handover *h, struct buf *empty)
{
	struct buf full;
	eventfd_t count;

	pthread_mutex_lock(&h->mutex);
	if (eventfd_read(h->wake, &count) < 0 && errno != EAGAIN)
		msg_die(EX_OSERR, "eventfd: %s", strerror(errno));
	full = h->filling;
	h->filling = *empty;
	*empty = full;
	pthread_cond_signal(&h->room);
	pthread_mutex_unlock(&h->mutex);
	return empty->len > 0;
}

struct handover_counts handover_counts(struct handover *h)
{
	struct handover_counts counts;

	pthread_mutex_lock(&h->mutex);
	counts = h->counts;
	pthread_mutex_unlock(&h->mutex);
	return counts;
}

void handover_close(struct handover *h)
{
	pthread_mutex_lock(&h->mutex);
	h->closed = true;
	pthread_cond_signal(&h->room);
	pthread_mutex_unlock(&h->mutex);
}

void handover_free(struct handover *h)
{
	close(h->wake);
	buf_free(&h->filling);
}
