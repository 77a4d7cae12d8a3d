#include "durable/spool_recover.h"

#include "base/msg.h"
#include "durable/mark.h"
#include "durable/segment.h"
#include "durable/spool.h"
#include "durable/spool_trim.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* The segment that is recovered. */
struct tail {
	int directory;
	const char *path;
	struct segment segment;
	uint64_t due;       /* the number after that of the last sound record */
	uint64_t sound_end; /* of the last sound record, in bytes */
};

static _Noreturn void die(const struct tail *t, int status, const char *what)
{
	msg_die(status, "'%s/%s': %s: %s", t->path, t->segment.name, what, strerror(errno));
}

static _Noreturn void die_damaged(const struct tail *t, uint64_t offset, const char *fault)
{
	msg_die(EX_DATAERR,
	        "'%s/%s': offset %" PRIu64
	        ": %s; it may have been acknowledged, so it is left alone: move the file out of "
	        "the spool and read it with mqtt-replay --salvage",
	        t->path, t->segment.name, offset, fault);
}

/* Sets the size of the segment, after appending `more`, and syncs it. */
static void mend(const struct tail *t, const char *more)
{
	int fd = openat(t->directory, t->segment.name, O_WRONLY | O_CLOEXEC);
	off_t size = (off_t)t->sound_end;
	ssize_t len = (ssize_t)strlen(more);

	if (fd < 0)
		die(t, EX_CANTCREAT, "cannot open");
	if (ftruncate(fd, size) < 0 || pwrite(fd, more, (size_t)len, size) != len || fsync(fd) < 0)
		die(t, EX_IOERR, "cannot recover");
	close(fd);
}

static void cut(const struct tail *t, uint64_t size)
{
	msg_warn("'%s/%s': cut off %" PRIu64 " bytes at offset %" PRIu64
	         " that were being written when the last writer ended; they were not acknowledged",
	         t->path, t->segment.name, size - t->sound_end, t->sound_end);
	mend(t, "");
}

/* Whether the bytes are the record that is due. */
static bool is_record(const struct tail *t, struct slice line, struct buf *scratch)
{
	struct record_error error;
	struct message m;

	return record_kind(line) == RECORD_MESSAGE &&
	       message_parse(line, scratch, &m, &error) == 0 && m.checked && m.seq == t->due;
}

/* The bytes after the last sound record, without a line end. */
static void recover_partial(struct tail *t)
{
	struct slice line = t->segment.line, shorter = {line.ptr, line.len - 1};
	struct buf scratch = {0};

	if (is_record(t, line, &scratch)) {
		t->sound_end += line.len;
		mend(t, "\n");
		t->due++;
	} else if (is_record(t, shorter, &scratch)) {
		die_damaged(t, t->segment.offset + shorter.len,
		            "the line end of the last record is another byte");
	} else {
		cut(t, t->segment.offset + line.len);
	}
	buf_free(&scratch);
}

/* The lines after the last sound record are not sound: torn, or damage. */
static void recover_damaged(struct tail *t)
{
	struct segment *s = &t->segment;
	const char *fault = s->fault;
	uint64_t offset = s->offset;
	enum segment_status status = SEGMENT_DAMAGED;

	while (status == SEGMENT_DAMAGED && s->line.len && memchr(s->line.ptr, 0, s->line.len))
		status = segment_next(s);
	if (status == SEGMENT_FAILED)
		die(t, EX_IOERR, "cannot read");
	if (status != SEGMENT_PARTIAL)
		die_damaged(t, offset, fault);
	cut(t, s->offset + s->line.len);
}

static void recover_segment(struct tail *t)
{
	struct segment *s = &t->segment;
	enum segment_status status;

	while ((status = segment_next(s)) == SEGMENT_RECORD) {
		t->due = s->due;
		t->sound_end = s->end;
	}
	if (status == SEGMENT_FAILED)
		die(t, EX_IOERR, "cannot read");
	if (status == SEGMENT_PARTIAL)
		recover_partial(t);
	else if (status == SEGMENT_DAMAGED)
		recover_damaged(t);
	if (t->sound_end == 0 && unlinkat(t->directory, s->name, 0) < 0)
		die(t, EX_IOERR, "cannot delete");
}

static uint64_t after_last_segment(int directory, const char *path)
{
	struct spool_segments segments = {0};
	struct tail t = {.directory = directory, .path = path};

	spool_list(directory, path, &segments);
	if (segments.count > 0) {
		t.due = segments.firsts[segments.count - 1];
		if (segment_open(&t.segment, directory, t.due) < 0)
			die(&t, EX_IOERR, "cannot open");
		recover_segment(&t);
		segment_close(&t.segment);
	}
	spool_segments_free(&segments);
	return t.due;
}

uint64_t spool_recover(int directory, const char *path)
{
	uint64_t due = after_last_segment(directory, path), trimmed;
	struct spool_checkpoints consumers = spool_checkpoints(directory, path);

	if (consumers.count && consumers.most >= due)
		due = consumers.most + 1;
	if (mark_read(directory, SPOOL_TRIMMED, &trimmed) == 1 && trimmed >= due)
		due = trimmed + 1;
	return due;
}
