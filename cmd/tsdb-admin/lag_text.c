#include "lag_text.h"

#include "base/clock.h"
#include "base/msg.h"
#include "report.h"
#include "text/json.h"

#include <inttypes.h>
#include <stdio.h>

static void append_number(struct buf *b, bool known, uint64_t number, const char *unknown)
{
	if (known)
		buf_append_u64(b, number);
	else
		buf_append_string(b, unknown);
}

/* With the time it was received, which is null when that is not known. */
static void append_json_time(struct buf *b, const char *name, int64_t time)
{
	buf_printf(b, ",\"%s\":", name);
	if (time == 0) {
		buf_append_string(b, "null");
		return;
	}
	buf_putc(b, '"');
	clock_append(b, time);
	buf_putc(b, '"');
}

static void append_json_number(struct buf *b, const char *name, bool known, uint64_t number)
{
	buf_printf(b, ",\"%s\":", name);
	append_number(b, known, number, "null");
}

void lag_append_json(struct buf *b, const struct lag *lag, const char *source)
{
	const struct backlog *spool = &lag->backlog;
	int64_t age = lag_age(lag);

	buf_append_string(b, "{\"source\":");
	json_append_string(b, slice_of(source));
	append_json_time(b, "time", lag->now);
	append_json_number(b, "head", spool->head > 0, spool->head);
	append_json_time(b, "head_received", spool->head_received);
	append_json_number(b, "committed", lag->committed.status == EX_OK, lag->committed.seq);
	append_json_number(b, "checkpoint", lag->has_checkpoint, lag->checkpoint);
	append_json_number(b, "behind_messages", lag->known, spool->messages);
	buf_append_string(b, ",\"behind_seconds\":");
	if (lag->known)
		buf_printf(b, "%" PRId64 ".%06" PRId64, age / CLOCK_SECOND, age % CLOCK_SECOND);
	else
		buf_append_string(b, "null");
	append_json_time(b, "oldest_received", spool->oldest);
	append_json_number(b, "missing_up_to", spool->missing > 0, spool->missing);
	append_json_number(b, "spool_segments", true, spool->segments);
	append_json_number(b, "spool_bytes", true, spool->bytes);
	buf_append_string(b, "}\n");
}

/* "1 message", "2 messages" */
static void append_count(struct buf *b, uint64_t count, const char *what)
{
	buf_printf(b, "%" PRIu64 " %s%s", count, what, count == 1 ? "" : "s");
}

static void append_seconds(struct buf *b, int64_t span)
{
	report_append_seconds(b, (double)span / (double)CLOCK_SECOND);
}

void lag_append_page(struct buf *b, const struct lag *lag, const char *source)
{
	const struct backlog *spool = &lag->backlog;

	buf_printf(b, "source      %s\nhead        ", source);
	append_number(b, spool->head > 0, spool->head, "-");
	if (spool->head_received > 0) {
		buf_append_string(b, ", received ");
		clock_append(b, spool->head_received);
		buf_append_string(b, ", ");
		append_seconds(b, lag->now - spool->head_received);
		buf_append_string(b, " ago");
	}
	buf_append_string(b, "\ncommitted   ");
	append_number(b, lag->committed.status == EX_OK, lag->committed.seq, "-");
	buf_append_string(b, "\ncheckpoint  ");
	append_number(b, lag->has_checkpoint, lag->checkpoint, "-");
	buf_append_string(b, "\nbehind      ");
	if (lag->known) {
		append_count(b, spool->messages, "message");
		buf_append_string(b, ", ");
		append_seconds(b, lag_age(lag));
	} else {
		buf_putc(b, '-');
	}
	buf_append_string(b, "\nspool       ");
	append_count(b, spool->segments, "segment");
	buf_append_string(b, ", ");
	report_append_bytes(b, (double)spool->bytes);
	buf_putc(b, '\n');
}

void lag_append_line(struct buf *b, const struct lag *lag, bool heading)
{
	const struct backlog *spool = &lag->backlog;
	char committed[24] = "-", messages[24] = "-";

	if (heading)
		buf_printf(b, "%-*s  %20s  %20s  %12s  %s\n", CLOCK_TEXT_LEN, "time", "head",
		           "committed", "messages", "age");
	if (lag->committed.status == EX_OK)
		snprintf(committed, sizeof(committed), "%" PRIu64, lag->committed.seq);
	if (lag->known)
		snprintf(messages, sizeof(messages), "%" PRIu64, spool->messages);
	clock_append(b, lag->now);
	buf_printf(b, "  %20" PRIu64 "  %20s  %12s  ", spool->head, committed, messages);
	if (lag->known)
		append_seconds(b, lag_age(lag));
	else
		buf_putc(b, '-');
	buf_putc(b, '\n');
}
