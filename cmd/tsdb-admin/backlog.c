#include "backlog.h"

#include "base/msg.h"
#include "durable/mark.h"
#include "durable/segment.h"
#include "durable/spool.h"
#include "durable/spool_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static _Noreturn void die_damaged(const char *path, const struct segment *s)
{
	msg_die(EX_DATAERR, "'%s/%s': offset %" PRIu64 ": %s; see mqtt-replay --verify", path,
	        s->name, s->offset, s->fault);
}

/* Adds what the open segment, which starts with `first`, has beyond `after`. */
static void add_segment(struct backlog *b, const char *path, struct segment *s, uint64_t first,
                        uint64_t after)
{
	uint64_t last;

	switch (segment_last(s)) {
	case SEGMENT_RECORD:
		break;
	case SEGMENT_END:
	case SEGMENT_PARTIAL:
		return; /* just begun */
	case SEGMENT_DAMAGED:
		die_damaged(path, s);
	case SEGMENT_FAILED:
		msg_die(EX_IOERR, "cannot read '%s/%s': %s", path, s->name, strerror(errno));
	}
	last = s->message.seq;
	if (last > after)
		b->messages += last - (first > after ? first - 1 : after);
	b->head = last;
	b->head_received = s->message.received;
}

static void add_segments(struct backlog *b, const char *path, int directory, uint64_t after)
{
	struct spool_segments list = {0};

	spool_list(directory, path, &list);
	for (size_t i = 0; i < list.count; i++) {
		struct segment segment;
		struct stat st;

		if (segment_open(&segment, directory, list.firsts[i]) < 0) {
			if (errno == ENOENT)
				continue; /* deleted meanwhile */
			msg_die(EX_IOERR, "cannot open '%s/%s': %s", path, segment.name,
			        strerror(errno));
		}
		b->segments++;
		if (fstatat(directory, segment.name, &st, 0) == 0)
			b->bytes += (uint64_t)st.st_size;
		add_segment(b, path, &segment, list.firsts[i], after);
		segment_close(&segment);
	}
	spool_segments_free(&list);
}

static void note_trimmed(struct backlog *b, const char *path, int directory, uint64_t after)
{
	uint64_t trimmed;
	int read = mark_read(directory, SPOOL_TRIMMED, &trimmed);

	if (read < 0)
		msg_die(EX_IOERR, "cannot read '%s/" SPOOL_TRIMMED "': %s", path, strerror(errno));
	if (read == 0)
		return;
	if (b->head < trimmed)
		b->head = trimmed;
	if (after > 0 && after < trimmed)
		b->missing = trimmed;
}

static void find_oldest(struct backlog *b, const char *path, uint64_t after)
{
	struct spool_reader reader;

	spool_reader_open(&reader, path, after, false);
	switch (spool_reader_next(&reader)) {
	case SPOOL_RECORD:
		b->oldest = reader.segment.message.received;
		break;
	case SPOOL_END: /* deleted meanwhile */
		break;
	case SPOOL_DAMAGED:
		die_damaged(path, &reader.segment);
	}
	spool_reader_close(&reader);
}

void backlog_read(struct backlog *b, const char *path, uint64_t after)
{
	int directory = spool_open_directory(path);

	*b = (struct backlog){0};
	add_segments(b, path, directory, after);
	note_trimmed(b, path, directory, after);
	if (b->messages > 0)
		find_oldest(b, path, after);
	close(directory);
}
