#include "lanes.h"

#include "base/msg.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

void lanes_open(struct lanes *l, const struct writer_options *options, size_t count)
{
	l->count = count;
	l->fd = epoll_create1(EPOLL_CLOEXEC);
	if (l->fd < 0)
		msg_die(EX_OSERR, "epoll_create1: %s", strerror(errno));
	frontier_init(&l->frontier, count);
	for (size_t i = 0; i < count; i++) {
		struct lane *lane = &l->all[i];
		struct epoll_event readable = {.events = EPOLLIN};

		lane->index = i;
		lane->open = &lane->batches[0];
		lane->writer = writer_start(options);
		if (epoll_ctl(l->fd, EPOLL_CTL_ADD, writer_fd(lane->writer), &readable) < 0)
			msg_die(EX_OSERR, "epoll_ctl: %s", strerror(errno));
	}
}

struct lane *lanes_choose(struct lanes *l, const struct reading *r)
{
	uint64_t hash;

	if (l->count == 1)
		return &l->all[0];
	hash = slice_hash(r->type) + 3 * slice_hash(r->sensor);
	return &l->all[(hash >> 32) % l->count];
}

void lanes_add(struct lanes *l, struct lane *lane, const struct reading *r, int32_t schema,
               struct slice line)
{
	if (lane->open->count == 0)
		frontier_begin(&l->frontier, lane->index);
	batch_add(lane->open, &lane->series, r, schema, line);
}

/* Lets the watermark follow the frontier. */
static void follow(struct lanes *l)
{
	uint64_t seq = frontier_seq(&l->frontier);

	if (l->count == 1 || seq == l->followed)
		return;
	batch_complete(l->all[0].open, seq);
	l->followed = seq;
}

void lanes_complete(struct lanes *l, uint64_t seq)
{
	if (l->count == 1)
		batch_complete(l->all[0].open, seq);
	frontier_complete(&l->frontier, seq);
	follow(l);
}

void lane_give(struct lane *lane)
{
	writer_give(lane->writer, lane->open);
	lane->open = lane->open == &lane->batches[0] ? &lane->batches[1] : &lane->batches[0];
}

void lanes_settle(struct lanes *l, struct lane *lane, struct batch *b)
{
	/* What was held back, until the dead letters are written, goes with the next one. */
	if (!b->watermark_stored)
		batch_complete(lane->open, b->watermark);
	if (b->count > 0)
		frontier_end(&l->frontier, lane->index);
	batch_clear(b);
	follow(l);
}

int64_t lane_due(const struct lane *lane, int64_t delay)
{
	if (batch_empty(lane->open) || writer_busy(lane->writer))
		return INT64_MAX;
	return lane->open->opened + delay;
}

int64_t lanes_due(const struct lanes *l, int64_t delay)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < l->count; i++) {
		int64_t due = lane_due(&l->all[i], delay);

		if (due < first)
			first = due;
	}
	return first;
}

bool lanes_busy(const struct lanes *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (writer_busy(l->all[i].writer))
			return true;
	return false;
}

bool lanes_empty(const struct lanes *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (!batch_empty(l->all[i].open))
			return false;
	return true;
}

bool lanes_all_up(const struct lanes *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (writer_is_down(l->all[i].writer))
			return false;
	return true;
}

bool lanes_any_up(const struct lanes *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (!writer_is_down(l->all[i].writer))
			return true;
	return false;
}

uint64_t lanes_retries(const struct lanes *l)
{
	uint64_t retries = 0;

	for (size_t i = 0; i < l->count; i++)
		retries += writer_retries(l->all[i].writer);
	return retries;
}

void lanes_close(struct lanes *l)
{
	for (size_t i = 0; i < l->count; i++) {
		struct lane *lane = &l->all[i];

		writer_stop(lane->writer);
		series_clear(&lane->series);
		batch_free(&lane->batches[0]);
		batch_free(&lane->batches[1]);
	}
	close(l->fd);
}
