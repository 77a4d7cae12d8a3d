#include "durable/spool_reader.h"

#include "base/msg.h"
#include "durable/mark.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the directory ---- */

static void watch(struct spool_reader *r)
{
	r->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (r->inotify < 0 ||
	    inotify_add_watch(r->inotify, r->path, IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0)
		msg_die(EX_OSERR, "cannot watch the spool '%s': %s", r->path, strerror(errno));
}

/* Takes the events; false: there were none. */
static bool take_events(struct spool_reader *r)
{
	_Alignas(struct inotify_event) char bytes[4096];
	bool any = false;
	ssize_t n;

	while ((n = read(r->inotify, bytes, sizeof(bytes))) > 0) {
		any = true;
		for (const char *p = bytes; p < bytes + n;) {
			const struct inotify_event *event = (const void *)p;

			r->changed |= event->mask != IN_MODIFY; /* or the queue ran over */
			p += sizeof(*event) + event->len;
		}
	}
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		msg_die(EX_IOERR, "cannot watch the spool '%s': %s", r->path, strerror(errno));
	return any;
}

/* Reads the list of segments again, if it may have changed. True: something was written since the
 * last call, so it has to be looked for before it is waited for. */
static bool refresh(struct spool_reader *r)
{
	bool written = r->inotify >= 0 && take_events(r);

	if (r->changed || r->inotify < 0)
		spool_list(r->directory, r->path, &r->segments);
	r->changed = false;
	return written;
}

/* The segment after the one that is read; NULL: there is none. Before one is read: that which holds
 * the number after r->after, or the first of all. */
static const uint64_t *next_segment(const struct spool_reader *r)
{
	const struct spool_segments *s = &r->segments;
	const uint64_t *found = NULL;

	for (size_t i = 0; i < s->count; i++) {
		if (r->first && s->firsts[i] > r->first)
			return &s->firsts[i];
		if (!r->first && (!found || s->firsts[i] <= r->after + 1))
			found = &s->firsts[i];
	}
	return found;
}

/* What was deleted before it was passed is missing; `first` is the segment to be read now. */
static void note_missing(struct spool_reader *r, uint64_t first)
{
	uint64_t passed = r->last > r->after ? r->last : r->after, trimmed;

	if (mark_read(r->directory, SPOOL_TRIMMED, &trimmed) == 1 && passed && trimmed > passed &&
	    trimmed < first)
		r->missing = trimmed;
}

/* ---- reading ---- */

static _Noreturn void die_reading(const struct spool_reader *r, const char *name)
{
	msg_die(EX_IOERR, "cannot read '%s/%s': %s", r->path, name, strerror(errno));
}

/* Goes to the next segment; false: there is none for now. */
static bool open_next(struct spool_reader *r)
{
	uint64_t due = r->is_open ? r->segment.due : 0;
	const uint64_t *next;

	while ((next = next_segment(r)) || (refresh(r), next = next_segment(r))) {
		struct segment segment;

		r->first = *next;
		if (segment_open(&segment, r->directory, *next) < 0) {
			/* It was deleted meanwhile. */
			if (errno != ENOENT)
				die_reading(r, segment.name);
			continue;
		}
		if (r->is_open)
			segment_close(&r->segment);
		r->segment = segment;
		/* Numbers that were used before are found as damage. */
		if (due > r->first)
			r->segment.due = due;
		r->is_open = true;
		r->is_closed = false;
		note_missing(r, r->first);
		return true;
	}
	return false;
}

/* At the end of what was read; true: there is more. */
static bool look_further(struct spool_reader *r)
{
	bool written;

	if (r->is_closed)
		return open_next(r);
	written = refresh(r);
	r->is_closed = next_segment(r) != NULL;
	/* Something may have been written before the later segment was begun, or been cut off. */
	if (r->is_closed)
		segment_reread(&r->segment);
	return r->is_closed || written;
}

static enum spool_status end(struct spool_reader *r, size_t partial)
{
	r->partial = partial;
	return SPOOL_END;
}

enum spool_status spool_reader_next(struct spool_reader *r)
{
	if (!r->is_open && !open_next(r))
		return end(r, 0);
	for (;;) {
		switch (segment_next(&r->segment)) {
		case SEGMENT_RECORD:
			r->last = r->segment.message.seq;
			if (r->last > r->after)
				return SPOOL_RECORD;
			break;
		case SEGMENT_PARTIAL:
			if (r->is_closed) {
				segment_give_up(&r->segment);
				return SPOOL_DAMAGED;
			}
			if (!look_further(r))
				return end(r, r->segment.line.len);
			break;
		case SEGMENT_END:
			if (!look_further(r))
				return end(r, 0);
			break;
		case SEGMENT_DAMAGED:
			return SPOOL_DAMAGED;
		case SEGMENT_FAILED:
			die_reading(r, r->segment.name);
		}
	}
}

void spool_reader_open(struct spool_reader *r, const char *path, uint64_t after, bool follow)
{
	const uint64_t *next;

	*r = (struct spool_reader){
	    .path = path,
	    .directory = spool_open_directory(path),
	    .inotify = -1,
	    .after = after,
	    .changed = true,
	};
	if (follow)
		watch(r);
	refresh(r);
	next = next_segment(r);
	note_missing(r, next ? *next : UINT64_MAX);
}

int spool_reader_fd(const struct spool_reader *r)
{
	return r->inotify;
}

void spool_reader_progress(struct spool_reader *r, uint64_t *done, uint64_t *total)
{
	char name[SPOOL_NAME_SIZE];
	struct stat st;

	*done = r->is_open ? r->segment.end : 0;
	*total = 0;
	for (size_t i = 0; i < r->segments.count; i++) {
		spool_segment_name(r->segments.firsts[i], name);
		if (fstatat(r->directory, name, &st, 0) < 0)
			continue;
		*total += (uint64_t)st.st_size;
		if (r->segments.firsts[i] < r->first)
			*done += (uint64_t)st.st_size;
	}
}

void spool_reader_close(struct spool_reader *r)
{
	if (r->is_open)
		segment_close(&r->segment);
	if (r->inotify >= 0)
		close(r->inotify);
	close(r->directory);
	spool_segments_free(&r->segments);
}
