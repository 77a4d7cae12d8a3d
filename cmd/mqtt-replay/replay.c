#include "replay.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { TICK_RECORDS = 256 }; /* between looks at the clock, while there is no waiting */

/* ---- what is done now and then ---- */

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void tick(struct replay *r)
{
	metrics_tick(r->metrics);
	if (clock_monotonic() >= progress_due(&r->progress)) {
		uint64_t done, total;

		source_progress(r->source, &done, &total);
		progress_show(&r->progress, done, r->options->follow ? 0 : total,
		              r->source->records);
	}
	r->source->wake_at = earlier(metrics_due(r->metrics), progress_due(&r->progress));
}

static int milliseconds_until(int64_t moment, int64_t now)
{
	int64_t left = moment - now;

	if (moment == INT64_MAX)
		return -1;
	return left > INT32_MAX ? INT32_MAX : (int)((left + 999) / 1000);
}

/* Until the moment, or `fd` is readable, or asked to stop. What is there has been written out; a
 * reader that is gone ends the process. */
static void wait_until(struct replay *r, int64_t moment, int fd)
{
	struct pollfd fds[] = {
	    {.fd = stop_fd(), .events = POLLIN},
	    {.fd = fd, .events = POLLIN},
	    {.fd = r->out.fd}, /* for its errors */
	};

	out_flush(&r->out);
	for (;;) {
		int64_t now, next;

		tick(r);
		now = clock_monotonic();
		if (stop_requested() || now >= moment)
			return;
		next = earlier(moment, r->source->wake_at);
		if (poll(fds, 3, milliseconds_until(next, now)) < 0 && errno != EINTR)
			msg_die(EX_OSERR, "poll: %s", strerror(errno));
		if (fds[2].revents & (POLLERR | POLLHUP))
			out_die_broken(&r->out);
		if (fds[1].revents)
			return;
	}
}

/* ---- the messages ---- */

/* Passes the record on when it is due; at once when asked to stop, as it has been read. */
static void pass_on(struct replay *r)
{
	const struct source *s = r->source;
	bool paced = r->pace.rate > 0 || r->pace.speed > 0;

	if (paced) {
		int64_t now = clock_monotonic();
		int64_t due = pace_due(&r->pace, s->message->received, now);

		if (due > now && !stop_requested())
			wait_until(r, due, -1);
	}
	buf_append_slice(&r->out.buf, s->line);
	buf_putc(&r->out.buf, '\n');
	out_line(&r->out);
	r->replayed++;
	r->last_seq = (double)s->message->seq;
	r->last_received = (double)s->message->received / (double)CLOCK_SECOND;
}

static void take(struct replay *r)
{
	if (wanted_takes(&r->options->wanted, r->source->message))
		pass_on(r);
	else
		r->filtered++;
	if (r->source->records % TICK_RECORDS == 0)
		tick(r);
}

void replay_run(struct replay *r)
{
	for (;;) {
		switch (source_next(r->source)) {
		case SOURCE_RECORD:
			take(r);
			break;
		case SOURCE_WAITING:
			wait_until(r, INT64_MAX, r->source->fd);
			break;
		case SOURCE_WAKE:
			tick(r);
			break;
		case SOURCE_END:
			return;
		}
	}
}

/* ---- begin and end ---- */

static void open_metrics(struct replay *r)
{
	struct metrics *m = metrics_open(r->options->common.metrics, "");
	const struct source *s = r->source;

	metrics_counter(m, "replay_records_total", "", "Records read.", &s->records);
	metrics_counter(m, "replay_replayed_total", "", "Messages written out.", &r->replayed);
	metrics_work(m);
	metrics_counter(m, "replay_filtered_total", "", "Messages that were not wanted.",
	                &r->filtered);
	metrics_counter(m, "replay_rejected_total", "", "Records that became dead letters.",
	                &s->rejected);
	metrics_gauge(m, "replay_last_seq", "", "Number of the message written out last.",
	              &r->last_seq);
	metrics_gauge(m, "replay_last_received_time_seconds", "",
	              "When the message written out last had arrived, since the epoch.",
	              &r->last_received);
	r->metrics = m;
}

void replay_open(struct replay *r, const struct options *o)
{
	uint64_t done, total;

	*r = (struct replay){.options = o, .pace = o->pace};
	reject_open(&r->reject, o->common.reject);
	out_init(&r->out, STDOUT_FILENO, "stdout");
	r->out.first = &r->reject.out;
	r->source = (o->spool ? spool_source_open : file_source_open)(o, &r->reject, &r->out);
	source_progress(r->source, &done, &total);
	progress_open(&r->progress, o->progress, total > 0 && !o->follow);
	open_metrics(r);
	tick(r);
}

int replay_finish(struct replay *r)
{
	int status = r->source->status;

	progress_close(&r->progress);
	reject_close(&r->reject);
	out_close(&r->out);
	metrics_close(r->metrics);
	msg_info("records %" PRIu64 ", replayed %" PRIu64 ", filtered %" PRIu64
	         ", rejected %" PRIu64,
	         r->source->records, r->replayed, r->filtered, r->source->rejected);
	source_close(r->source);
	return status;
}
