#include "report.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/msg.h"

#include <inttypes.h>

void report_batch(struct report *r, const struct batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct batch_reading *reading = &b->readings[i];

		r->conflicts += reading->conflict;
		if (reading->outcome == OUTCOME_DUPLICATE)
			r->duplicates++;
		if (reading->outcome != OUTCOME_STORED)
			continue;
		r->stored++;
		histogram_add(&r->latency, b->committed - reading->received, 1);
		histogram_add(&r->device_latency, b->committed - reading->time, 1);
	}
	r->rows += b->rows;
	r->batches[b->path]++;
	histogram_add(&r->batch_times, b->took, 1);
	r->last_commit = (double)b->committed / (double)CLOCK_SECOND;
	if (b->watermark_stored && (double)b->watermark > r->watermark)
		r->watermark = (double)b->watermark;
}

void report_metrics(const struct report *r, struct metrics *m)
{
	static const char *const paths[PATHS] = {"path=\"copy\"", "path=\"insert\"",
	                                         "path=\"fallback\""};
	const char *readings = "copy_records_total", *batches = "copy_batches_total";
	const char *help = "Records by outcome.";

	metrics_counter(m, "copy_received_total", "", "Records received.", &r->received);
	metrics_counter(m, readings, "outcome=\"stored\"", help, &r->stored);
	metrics_counter(m, readings, "outcome=\"duplicate\"", help, &r->duplicates);
	metrics_counter(m, readings, "outcome=\"rejected\"", help, &r->rejected);
	metrics_counter(m, readings, "outcome=\"skipped\"", help, &r->skipped);
	metrics_counter(m, "copy_conflicts_total", "",
	                "Readings with another value than the one stored for their key.",
	                &r->conflicts);
	metrics_counter(m, "copy_rows_total", "", "Rows written.", &r->rows);
	for (int i = 0; i < PATHS; i++) {
		metrics_counter(m, batches, paths[i], "Transactions by way in.", &r->batches[i]);
		metrics_work(m);
	}
	metrics_counter(m, "copy_retries_total", "", "Attempts after a failure of the database.",
	                &r->retries);
	metrics_gauge(m, "copy_database_up", "", "1 while the database works.", &r->up);
	metrics_gauge(m, "copy_watermark", "", "Last complete message committed.", &r->watermark);
	metrics_gauge(m, "copy_last_commit_time_seconds", "",
	              "When the last batch was committed, since the epoch.", &r->last_commit);
	metrics_histogram(m, "copy_batch_seconds",
	                  "From the first statement of a batch to its commit.", &r->batch_times);
	metrics_histogram(m, "copy_latency_seconds", "From arrival to commit.", &r->latency);
	metrics_histogram(m, "copy_device_latency_seconds", "From the reading's time to commit.",
	                  &r->device_latency);
}

uint64_t report_pending(const struct report *r)
{
	return r->received - r->stored - r->duplicates - r->rejected - r->skipped;
}

static double milliseconds(const struct histogram *h, double fraction)
{
	return (double)histogram_quantile(h, fraction) / 1000;
}

static void append_quantiles(struct buf *b, const struct histogram *h)
{
	buf_printf(b, " p50 %.1f ms p99 %.1f ms p99.9 %.1f ms max %.1f ms", milliseconds(h, 0.5),
	           milliseconds(h, 0.99), milliseconds(h, 0.999), milliseconds(h, 1));
}

/* How long it took; where nothing was stored there is nothing to tell. */
static void append_latency(struct buf *b, const struct report *r)
{
	if (r->latency.count == 0)
		return;
	buf_append_string(b, ", latency");
	append_quantiles(b, &r->latency);
	buf_append_string(b, " (device");
	append_quantiles(b, &r->device_latency);
	buf_putc(b, ')');
}

void report_summary(const struct report *r)
{
	struct buf line = {0};

	buf_printf(&line,
	           "received %" PRIu64 ", stored %" PRIu64 ", duplicates %" PRIu64
	           ", rejected %" PRIu64 ", skipped %" PRIu64,
	           r->received, r->stored, r->duplicates, r->rejected, r->skipped);
	if (report_pending(r))
		buf_printf(&line, ", not stored %" PRIu64, report_pending(r));
	buf_printf(&line, ", rows %" PRIu64 ", batches %" PRIu64, r->rows,
	           r->batches[PATH_COPY] + r->batches[PATH_INSERT] + r->batches[PATH_FALLBACK]);
	append_latency(&line, r);
	msg_info("%s", buf_string(&line));
	buf_free(&line);
}
