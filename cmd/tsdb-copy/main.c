/*
 * tsdb-copy: reading records from standard input into the database.
 *
 * This thread reads and fills a batch; a writer (writer.h) stores another. With --jobs there are
 * several writers, each with batches of its own (lanes.h).
 * A batch is handed over when the writer is free and there is nothing more to
 * read: so what arrives while one batch is being committed is the next one,
 * which is small when there is little and large when there is much. A full one
 * makes the reading wait.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "batch.h"
#include "check.h"
#include "checkpoint.h"
#include "lanes.h"
#include "observe/metrics.h"
#include "observe/notify.h"
#include "options.h"
#include "record/input.h"
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* Once stopping, in microseconds: for a database that is away; more for the writer to come back
 * from an attempt; more for a commit under way that gets no answer. */
#define STOP_PATIENCE INT64_C(5000000)
#define STOP_GRACE    INT64_C(1000000)
#define STOP_HANG     INT64_C(60000000)
enum { TICK = 200 }; /* milliseconds between looks while waiting for the writer */

static struct options options;

struct copier {
	struct input in;
	struct reject reject;
	uint64_t rejects_synced;
	struct lanes lanes;
	int64_t give_up_at; /* INT64_MAX: not stopping */

	struct checkpoint checkpoint;
	struct metrics *metrics;
	struct buf metrics_labels;
	struct report report;

	struct reading reading;
	struct buf scratch;
};

static void open_all(struct copier *c)
{
	reject_open(&c->reject, options.common.reject);
	checkpoint_open(&c->checkpoint, options.checkpoint);
	input_init(&c->in, INPUT_READINGS, options.common.max_line, &c->reject);
	metrics_label(&c->metrics_labels, "source", slice_of(options.writer.source));
	c->metrics = metrics_open(options.common.metrics, buf_string(&c->metrics_labels));
	report_metrics(&c->report, c->metrics);
	c->give_up_at = INT64_MAX;
	lanes_open(&c->lanes, &options.writer, options.jobs);
	c->in.lines.wake_fd = c->lanes.fd;
}

/* Says whether the database works, where that has changed, and that work goes on. */
static void tell_manager(struct copier *c, bool up)
{
	if ((c->report.up != 0) != up)
		notify_status(up ? "database: connected" : "database: away");
	if (up)
		notify_ready();
	notify_alive();
}

/* Brings the report up to date and lets it out. */
static void observe(struct copier *c)
{
	bool up = lanes_all_up(&c->lanes);

	tell_manager(c, up);
	c->report.received = c->in.records;
	c->report.rejected = c->reject.count;
	c->report.retries = lanes_retries(&c->lanes);
	c->report.up = up;
	metrics_tick(c->metrics);
	checkpoint_tick(&c->checkpoint);
}

/* ---- the end ---- */

/* Dead letters are on disk before the watermark passes the messages they came from. */
static void sync_rejects(struct copier *c)
{
	if (c->reject.count == c->rejects_synced)
		return;
	out_flush(&c->reject.out);
	/* A pipe or a terminal takes no sync. */
	if (fdatasync(c->reject.out.fd) < 0 && errno != EINVAL && errno != EROFS)
		msg_die(EX_IOERR, "%s: %s", c->reject.out.name, strerror(errno));
	c->rejects_synced = c->reject.count;
}

static void close_all(struct copier *c)
{
	observe(c);
	sync_rejects(c);
	reject_close(&c->reject);
	checkpoint_close(&c->checkpoint);
	metrics_close(c->metrics);
	report_summary(&c->report);
}

static _Noreturn void give_up(struct copier *c, int status, const char *why)
{
	close_all(c);
	msg_die(status, "%s (readings not stored: %" PRIu64 ")", why, report_pending(&c->report));
}

/* ---- the writers ---- */

static void write_dead_letters(struct copier *c, const struct batch *b)
{
	for (size_t i = 0; i < b->rejection_count; i++) {
		const struct rejection *r = &b->rejections[i];
		const struct batch_reading *reading = &b->readings[r->reading];

		reject_line(&c->reject,
		            (struct slice){b->lines.ptr + reading->line_at, reading->line_len},
		            r->code, "%s", b->details.ptr + r->detail_at);
	}
}

/* Takes the batch that a lane's writer is done with: counts it, writes its dead letters. */
static void collect_lane(struct copier *c, struct lane *lane)
{
	struct batch *b = writer_take(lane->writer);
	const char *why;
	int status = writer_failure(lane->writer, &why);

	if (status != EX_OK)
		give_up(c, status, why);
	if (!b)
		return;
	report_batch(&c->report, b);
	write_dead_letters(c, b);
	if (b->watermark_stored)
		checkpoint_advance(&c->checkpoint, b->watermark);
	lanes_settle(&c->lanes, lane, b);
}

static void collect(struct copier *c)
{
	for (size_t i = 0; i < c->lanes.count; i++)
		collect_lane(c, &c->lanes.all[i]);
}

/* Once stopping: lets the writers know, and does not wait without end for one that hangs. */
static void mind_stop(struct copier *c)
{
	int64_t now;

	if (!stop_requested())
		return;
	now = clock_monotonic();
	if (c->give_up_at == INT64_MAX) {
		notify_stopping();
		c->give_up_at = now + STOP_PATIENCE;
		for (size_t i = 0; i < c->lanes.count; i++)
			writer_give_up_at(c->lanes.all[i].writer, c->give_up_at);
	}
	if (now > c->give_up_at + (lanes_any_up(&c->lanes) ? STOP_HANG : STOP_GRACE))
		give_up(c, EX_TEMPFAIL, "database: no answer");
}

/* Until any of them has something to be taken, or there is something else to be looked after. */
static void wait_for_writers(struct copier *c)
{
	struct pollfd pfd = {.fd = c->lanes.fd, .events = POLLIN};

	if (poll(&pfd, 1, TICK) < 0 && errno != EINTR)
		msg_die(EX_OSERR, "poll: %s", strerror(errno));
	collect(c);
	mind_stop(c);
	observe(c);
}

static void wait_for_lane(struct copier *c, struct lane *lane)
{
	while (writer_busy(lane->writer))
		wait_for_writers(c);
}

/* Gives the open batch to the writer, which is free, and opens the other one. */
static void hand_over(struct copier *c, struct lane *lane)
{
	sync_rejects(c);
	lane_give(lane);
	if (series_full(&lane->series)) {
		wait_for_lane(c, lane);
		series_clear(&lane->series);
	}
}

/* Hands over what has waited long enough for company. */
static void hand_over_due(struct copier *c, int64_t delay)
{
	for (size_t i = 0; i < c->lanes.count; i++)
		if (lane_due(&c->lanes.all[i], delay) <= clock_monotonic())
			hand_over(c, &c->lanes.all[i]);
}

/* ---- records ---- */

static void take_reading(struct copier *c)
{
	struct reading *r = &c->reading;
	struct slice line = c->in.line;
	struct record_error error;
	const char *code, *detail;
	int32_t schema;

	if (reading_parse(line, &c->scratch, r, &error) < 0) {
		input_reject_malformed(&c->in, &error);
		return;
	}
	code = check_reading(r, &schema, &detail);
	if (code) {
		reject_line(&c->reject, line, code, "line %" PRIu64 ": %s", c->in.lines.number,
		            detail);
	} else {
		struct lane *lane = lanes_choose(&c->lanes, r);

		if (!batch_fits(lane->open, options.max_batch, r->count, line.len)) {
			wait_for_lane(c, lane);
			hand_over(c, lane);
		}
		lanes_add(&c->lanes, lane, r, schema, line);
	}
	if (!r->more && !check_seq(r->seq, &detail))
		lanes_complete(&c->lanes, r->seq);
}

static void take_skip(struct copier *c)
{
	struct skip skip;
	struct record_error error;
	const char *code, *detail;

	if (skip_parse(c->in.line, &c->scratch, &skip, &error) < 0) {
		input_reject_malformed(&c->in, &error);
		return;
	}
	code = check_seq(skip.seq, &detail);
	if (code) {
		reject_line(&c->reject, c->in.line, code, "line %" PRIu64 ": %s",
		            c->in.lines.number, detail);
		return;
	}
	c->report.skipped++;
	lanes_complete(&c->lanes, skip.seq);
}

/* ---- the loop ---- */

static int64_t earliest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void copy(struct copier *c)
{
	for (;;) {
		c->in.lines.deadline = earliest(
		    lanes_due(&c->lanes, options.max_delay),
		    earliest(earliest(metrics_due(c->metrics), notify_due()),
		             checkpoint_due(&c->checkpoint)));
		switch (input_next(&c->in)) {
		case INPUT_RECORD:
			if (c->in.kind == RECORD_READING)
				take_reading(c);
			else
				take_skip(c);
			break;
		case INPUT_WAKE:
			collect(c);
			hand_over_due(c, options.max_delay);
			break;
		case INPUT_RELOAD:
			break;
		case INPUT_END:
			notify_stopping();
			return;
		}
		mind_stop(c);
		observe(c);
	}
}

/* Commits what is left. */
static void finish(struct copier *c)
{
	while (lanes_busy(&c->lanes) || !lanes_empty(&c->lanes)) {
		hand_over_due(c, 0);
		wait_for_writers(c);
	}
	for (size_t i = 0; i < c->lanes.count; i++)
		writer_finish(c->lanes.all[i].writer);
	while (lanes_busy(&c->lanes))
		wait_for_writers(c);
}

static void free_all(struct copier *c)
{
	lanes_close(&c->lanes);
	input_free(&c->in);
	buf_free(&c->metrics_labels);
	buf_free(&c->scratch);
}

int main(int argc, char *argv[])
{
	static struct copier c; /* a reading holds 1000 metrics: too large for the stack */
	int status;

	msg_init("tsdb-copy");
	options_parse(&options, argc, argv);
	stop_init();
	notify_init();
	open_all(&c);
	copy(&c);
	finish(&c);
	status = c.in.status;
	close_all(&c);
	free_all(&c);
	return status;
}
