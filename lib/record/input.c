#include "record/input.h"

#include "base/msg.h"
#include "record/fields.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void input_init(struct input *in, unsigned takes, size_t max_line, struct reject *reject)
{
	*in = (struct input){.takes = takes, .reject = reject, .status = EX_OK};
	line_init(&in->lines, STDIN_FILENO, INPUT_STDIN, max_line);
	line_flush_before_block(&in->lines, &reject->out);
}

void input_free(struct input *in)
{
	line_free(&in->lines);
}

enum { PLACE_MAX = 512 };

/* "line 7", or where the input is a file "dump.m1: line 7": the start of a dead letter's detail. */
static const char *place(const struct input *in, char text[PLACE_MAX])
{
	const char *name = in->lines.name;
	bool is_stdin = strcmp(name, INPUT_STDIN) == 0;

	snprintf(text, PLACE_MAX, "%.*s%sline %" PRIu64, is_stdin ? 0 : PLACE_MAX / 2, name,
	         is_stdin ? "" : ": ", in->lines.number);
	return text;
}

/* How a chain that hands this kind to this tool is mended. */
static const char *way_out(unsigned takes, enum record_kind kind)
{
	switch (kind) {
	case RECORD_MESSAGE:
	case RECORD_JSON:
		return "put sensor-decode before this tool";
	case RECORD_READING:
	case RECORD_SKIP:
		return takes & INPUT_MESSAGES ? "it is decoded already: leave this tool out" : "";
	case RECORD_REJECT:
		return "cut -f6- gives the record in it";
	case RECORD_LATER:
		return "use a newer version of this tool";
	case RECORD_UNKNOWN:
		break;
	}
	return "see sensorpipe-records(5)";
}

static void reject_kind(struct input *in)
{
	const char *is = record_kind_name(in->kind), *hint = way_out(in->takes, in->kind);
	const char *wants = record_kind_name(in->takes & INPUT_MESSAGES ? RECORD_MESSAGE
	                                                                : RECORD_READING);
	char at[PLACE_MAX];

	if (in->kind == RECORD_UNKNOWN) {
		reject_line(in->reject, in->line, "not-a-record", "%s: not a record; %s",
		            place(in, at), hint);
	} else {
		if (in->lines.number == 1) {
			line_flush_outs(&in->lines);
			msg_die(EX_DATAERR, "%s:1: %s where %s is wanted: %s", in->lines.name, is,
			        wants, hint);
		}
		reject_line(in->reject, in->line, "wrong-kind", "%s: %s where %s is wanted: %s",
		            place(in, at), is, wants, hint);
	}
	in->rejected++;
}

void input_skip(struct input *in, uint64_t seq, int64_t received, const char *reason)
{
	skip_append(&in->skips->buf, &(struct skip){seq, received, slice_of(reason)});
	in->skipped++;
	out_line(in->skips);
}

enum {
	HEAD = 3,    /* fields: kind, seq, received */
	MESSAGE = 8, /* fields of m1 before its crc */
};

/* The line up to the TAB before its nth field (from 0), or all of it when it has no more fields. */
static struct slice first_fields(struct slice line, int n)
{
	const char *end = line.ptr + line.len, *p = line.ptr;

	while ((p = memchr(p, '\t', (size_t)(end - p))) && --n > 0)
		p++;
	return (struct slice){line.ptr, (size_t)((p ? p : end) - line.ptr)};
}

/* In place of a refused record that would have completed its message. Its first fields are looked
 * at by themselves: what is wrong may be anywhere behind them. */
static void skip_refused(struct input *in, const char *reason)
{
	enum record_kind kind = record_kind(in->line);
	struct record_error ignored;
	struct buf scratch = {0};
	struct fields f;
	uint64_t seq;
	int64_t received;
	bool more = false;

	if (!in->skips || !(in->takes >> kind & 1) || kind == RECORD_JSON)
		return;
	if (kind == RECORD_MESSAGE && first_fields(in->line, MESSAGE).len < in->line.len)
		return;
	if (fields_begin(&f, first_fields(in->line, HEAD), &scratch, &ignored) == 0 &&
	    fields_seq(&f, &seq, kind == RECORD_READING ? &more : NULL) == 0 &&
	    fields_time(&f, "", "", &received) == 0 && !more)
		input_skip(in, seq, received, reason);
	buf_free(&scratch);
}

static void reject_too_long(struct input *in)
{
	struct slice head = in->line;
	char at[PLACE_MAX];

	if (head.len > INPUT_KEEP)
		head.len = INPUT_KEEP;
	reject_line(in->reject, head, "too-long",
	            "%s: %" PRIu64 " bytes are over the bound of %zu (--max-line); the "
	            "first %zu are kept",
	            place(in, at), in->lines.line_size, in->lines.max_line, head.len);
	in->rejected++;
	skip_refused(in, "too-long");
}

static void reject_truncated(struct input *in)
{
	struct slice head = in->line;
	char at[PLACE_MAX];

	if (head.len > INPUT_KEEP)
		head.len = INPUT_KEEP;
	reject_line(in->reject, head, "truncated",
	            "%s: the input ended after %" PRIu64 " bytes of it, without its line end",
	            place(in, at), in->lines.line_size);
	in->rejected++;
	in->status = EX_DATAERR;
}

/* True when the line is of a kind this tool takes. */
static bool sort_out(struct input *in, enum line_status status)
{
	in->records++;
	if (status == LINE_TOO_LONG) {
		reject_too_long(in);
		return false;
	}
	if (status == LINE_TRUNCATED) {
		reject_truncated(in);
		return false;
	}
	in->kind = record_kind(in->line);
	if (in->takes >> in->kind & 1)
		return true;
	reject_kind(in);
	return false;
}

enum input_status input_next(struct input *in)
{
	for (;;) {
		enum line_status status = line_next(&in->lines, &in->line);

		switch (status) {
		case LINE_OK:
		case LINE_TOO_LONG:
		case LINE_TRUNCATED:
			if (sort_out(in, status))
				return INPUT_RECORD;
			break;
		case LINE_END:
			return INPUT_END;
		case LINE_WAKE:
			return INPUT_WAKE;
		case LINE_RELOAD:
			return INPUT_RELOAD;
		case LINE_ERROR:
			msg_die(EX_IOERR, "%s: %s", in->lines.name, strerror(errno));
		}
	}
}

void input_reject_as(struct input *in, const char *code, const struct record_error *error)
{
	char at[PLACE_MAX];

	reject_line(in->reject, in->line, code, "%s, column %zu: %s", place(in, at), error->column,
	            error->what);
	in->rejected++;
	skip_refused(in, code);
}

void input_reject_malformed(struct input *in, const struct record_error *error)
{
	input_reject_as(in, "malformed", error);
}
