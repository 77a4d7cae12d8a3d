/*
 * line: reads newline-ended lines from a file descriptor, bounded, in place.
 *
 * Lines are slices of the reader's buffer, valid until the next call. When no
 * whole line is buffered and reading would block, the outputs given with
 * line_flush_before_block() are flushed first ("optimal buffering", as in
 * skalibs): a stage never sits on records its reader could have. An output whose
 * reader is gone is noticed while waiting, and ends the process.
 *
 * After a stop request (base/stop.h) a pipe or socket is read on until it ends,
 * so that a chain whose processes are all told to stop at once drains from its
 * head; LINE_END comes at the latest when nothing arrived for LINE_DRAIN_IDLE,
 * or LINE_DRAIN_TOTAL after the request. Any other input ends at once, after
 * the lines that were read already.
 */
#ifndef SENSORPIPE_LINE_H
#define SENSORPIPE_LINE_H

#include "base/slice.h"
#include "stream/out.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { LINE_OUTS = 4 };
#define LINE_MAX_DEFAULT ((size_t)1 << 20) /* bytes of a line without its LF */
#define LINE_MAX_LEAST   ((size_t)64)
#define LINE_MAX_MOST    ((size_t)64 << 20)
#define LINE_DRAIN_IDLE  INT64_C(500000)  /* microseconds */
#define LINE_DRAIN_TOTAL INT64_C(5000000) /* microseconds */

enum line_status {
	LINE_OK,        /* a line, without its LF */
	LINE_END,       /* end of input after a whole line, or stopped */
	LINE_TOO_LONG,  /* a line over the bound: its first max_line bytes; the rest was skipped */
	LINE_TRUNCATED, /* input ended inside a line: the bytes there are */
	LINE_ERROR,     /* read failed: errno */
	LINE_WAKE,      /* wake_fd became readable or the deadline passed while waiting */
	LINE_RELOAD,    /* SIGHUP (only after stop_init_reload()) */
};

/* What stands between the descriptor and the lines (stream/unpack.h). */
struct line_source {
	/* As read(2), which it calls at most once; -1 with EAGAIN when that gave nothing yet. NULL:
	 * read(2) itself. */
	ssize_t (*read)(void *self, void *bytes, size_t len);
	/* Whether it has bytes to give without read(2). */
	bool (*pending)(const void *self);
	/* After -1: what is wrong with the content, or NULL: errno tells. */
	const char *(*fault)(const void *self);
	void *self;
};

struct line_reader {
	/* To be set by the caller between calls, where wanted. */
	int wake_fd;      /* -1: none */
	int64_t deadline; /* clock_monotonic() value; INT64_MAX: none */
	struct line_source source;

	/* To be read by the caller. */
	const char *name;   /* of the input, for messages */
	uint64_t number;    /* of the line last given, from 1 */
	uint64_t line_size; /* whole size of the line last given; more than the slice if too long */
	const char *fault;  /* what of the source ended the input before its end; NULL: nothing */

	/* Private. */
	int fd;
	bool at_end, drains;
	char *ptr;
	size_t cap, max_line;
	size_t start, scanned,
	    end;        /* of what is buffered: the next line, where no LF is before, the end */
	size_t skipped; /* bytes left out of a line that is too long */
	int64_t drain_since, last_input;
	struct out *outs[LINE_OUTS];
};

/* The value of the option --max-line, the bound every reader of records takes: LINE_MAX_LEAST to
 * LINE_MAX_MOST bytes. Ends the process with EX_USAGE when it is none. */
size_t line_max_option(const char *value);

/* `fd` stays the caller's; `name` must outlive the reader. */
void line_init(struct line_reader *r, int fd, const char *name, size_t max_line);

/* Goes on with another input, from its line 1, read by read(2). What is set and what is flushed
 * stay as they are. */
void line_reopen(struct line_reader *r, int fd, const char *name);

void line_flush_before_block(struct line_reader *r, struct out *o);

/* Flushes those outputs now: before the process is ended for what was read. */
void line_flush_outs(struct line_reader *r);

enum line_status line_next(struct line_reader *r, struct slice *line);
void line_free(struct line_reader *r);

#endif
