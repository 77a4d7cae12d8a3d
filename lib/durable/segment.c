#include "durable/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	READ_SIZE = 256 * 1024,
	TAIL_SIZE = 64 * 1024,
};

int segment_open(struct segment *s, int directory, uint64_t first)
{
	*s = (struct segment){.due = first};
	spool_segment_name(first, s->name);
	s->fd = openat(directory, s->name, O_RDONLY | O_CLOEXEC);
	return s->fd < 0 ? -1 : 0;
}

void segment_close(struct segment *s)
{
	close(s->fd);
	buf_free(&s->bytes);
	buf_free(&s->scratch);
}

void segment_reread(struct segment *s)
{
	buf_clear(&s->bytes);
	s->start = s->scanned = 0;
}

/* Reads more behind what is left in the buffer. 1: there was some; 0: none; -1: errno. */
static int fill(struct segment *s)
{
	struct buf *b = &s->bytes;
	ssize_t n;

	if (s->start > 0) {
		memmove(b->ptr, b->ptr + s->start, b->len - s->start);
		b->len -= s->start;
		s->scanned -= s->start;
		s->start = 0;
	}
	buf_reserve(b, READ_SIZE);
	do
		n = pread(s->fd, b->ptr + b->len, READ_SIZE, (off_t)(s->end + b->len));
	while (n < 0 && errno == EINTR);
	if (n > 0)
		b->len += (size_t)n;
	return n < 0 ? -1 : n > 0;
}

static void set_line(struct segment *s, size_t len)
{
	s->line = (struct slice){s->bytes.ptr + s->start, len};
	s->offset = s->end;
}

/* Takes the line off the buffer, and `more` bytes. */
static void consume(struct segment *s, size_t more)
{
	s->start += s->line.len + more;
	s->scanned = s->start;
	s->end += s->line.len + more;
}

static enum segment_status damaged(struct segment *s, const char *fault)
{
	s->fault = fault;
	s->salvaging = true;
	return SEGMENT_DAMAGED;
}

void segment_give_up(struct segment *s)
{
	consume(s, 0);
	damaged(s, "a record without its line end");
}

/* Reads s->line; gives NULL, or what is wrong with it. */
static const char *parse_line(struct segment *s)
{
	enum record_kind kind = record_kind(s->line);
	struct record_error error;

	if (kind == RECORD_LATER)
		return "a record of a later version: use a newer version of this tool";
	if (kind != RECORD_MESSAGE)
		return "not a message record (m1)";
	if (message_parse(s->line, &s->scratch, &s->message, &error) < 0)
		return error.what;
	return s->message.checked ? NULL : "a record without a crc";
}

/* The line of `len` bytes, which an LF follows. */
static enum segment_status take_line(struct segment *s, size_t len)
{
	const char *fault;

	set_line(s, len);
	fault = parse_line(s);
	if (fault) {
		consume(s, 1);
		return damaged(s, fault);
	}
	if (s->message.seq != s->due && !s->salvaging) {
		/* The record itself comes with the next call. */
		s->line.len = 0;
		return damaged(s, "a number that is not the next one: records are missing");
	}
	consume(s, 1);
	s->salvaging = false;
	s->due = s->message.seq + 1;
	return SEGMENT_RECORD;
}

/* More bytes than a record has, and no line end. */
static enum segment_status take_too_long(struct segment *s)
{
	set_line(s, SPOOL_RECORD_MAX);
	consume(s, 0);
	return damaged(s, "more bytes than a record has, without a line end");
}

enum segment_status segment_next(struct segment *s)
{
	for (;;) {
		const struct buf *b = &s->bytes;
		size_t left = b->len - s->start;
		const char *lf = left ? memchr(b->ptr + s->scanned, '\n', b->len - s->scanned)
		                      : NULL;
		int filled;

		if (lf)
			return take_line(s, (size_t)(lf - (b->ptr + s->start)));
		s->scanned = b->len;
		if (left > SPOOL_RECORD_MAX)
			return take_too_long(s);
		filled = fill(s);
		if (filled < 0)
			return SEGMENT_FAILED;
		if (filled)
			continue;
		set_line(s, left);
		return left ? SEGMENT_PARTIAL : SEGMENT_END;
	}
}

/* Reads the last bytes of the file, `window` of them at most. */
static int read_tail(struct segment *s, size_t window)
{
	struct buf *b = &s->bytes;
	struct stat st;

	if (fstat(s->fd, &st) < 0)
		return -1;
	s->end = (uint64_t)st.st_size > window ? (uint64_t)st.st_size - window : 0;
	segment_reread(s);
	buf_reserve(b, window);
	while (b->len < window) {
		ssize_t n = pread(s->fd, b->ptr + b->len, window - b->len,
		                  (off_t)(s->end + b->len));

		if (n < 0 && errno != EINTR)
			return -1;
		if (n == 0)
			break;
		if (n > 0)
			b->len += (size_t)n;
	}
	return 0;
}

enum segment_status segment_last(struct segment *s)
{
	for (size_t window = TAIL_SIZE;; window *= 4) {
		const struct buf *b = &s->bytes;
		const char *lf, *before;
		const char *fault;

		if (read_tail(s, window) < 0)
			return SEGMENT_FAILED;
		lf = b->len ? memrchr(b->ptr, '\n', b->len) : NULL;
		before = lf ? memrchr(b->ptr, '\n', (size_t)(lf - b->ptr)) : NULL;
		if (!before && s->end > 0 && window <= SPOOL_RECORD_MAX)
			continue;
		if (!lf)
			return s->end > 0 ? damaged(s, "no record in it") : SEGMENT_END;
		s->start = before ? (size_t)(before + 1 - b->ptr) : 0;
		s->end += s->start;
		set_line(s, (size_t)(lf - (b->ptr + s->start)));
		fault = parse_line(s);
		consume(s, 1);
		return fault ? damaged(s, fault) : SEGMENT_RECORD;
	}
}
