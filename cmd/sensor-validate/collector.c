#include "collector.h"

#include "base/msg.h"

#include <inttypes.h>

void collector_open(struct collector *c, size_t max_line, const char *reject)
{
	reject_open(&c->reject, reject);
	input_init(&c->in, INPUT_READINGS, max_line, &c->reject);
}

static void take(struct collector *c)
{
	uint64_t over_limits = c->inference.over_limits;
	struct record_error error;

	if (c->in.kind == RECORD_SKIP) {
		c->skips++;
		return;
	}
	if (reading_parse(c->in.line, &c->scratch, &c->reading, &error) < 0) {
		input_reject_malformed(&c->in, &error);
		return;
	}
	inference_take(&c->inference, &c->reading);
	if (c->inference.over_limits == over_limits)
		c->used++;
	else if (over_limits == 0)
		msg_warn("more types, versions or metrics than are kept: readings of others are "
		         "not looked at");
}

void collector_run(struct collector *c, struct metrics *m)
{
	enum input_status status;

	for (;;) {
		c->in.lines.deadline = metrics_due(m);
		status = input_next(&c->in);
		if (status == INPUT_END)
			return;
		if (status == INPUT_RECORD)
			take(c);
		metrics_tick(m);
	}
}

void collector_register(const struct collector *c, struct metrics *m)
{
	metrics_counter(m, "validate_records_total", "", "Records read.", &c->in.records);
	metrics_counter(m, "validate_inferred_total", "", "Readings that were looked at.",
	                &c->used);
	metrics_work(m);
	metrics_counter(m, "validate_over_limits_total", "",
	                "Readings not looked at, of too many types or metrics.",
	                &c->inference.over_limits);
	metrics_counter(m, "validate_skips_total", "", "Skip records read.", &c->skips);
	metrics_counter(m, "validate_rejected_total", "", "Records that became dead letters.",
	                &c->reject.count);
}

void collector_report(const struct collector *c)
{
	msg_info("records %" PRIu64 ", used %" PRIu64 ", over limits %" PRIu64 ", skips %" PRIu64
	         ", rejected %" PRIu64,
	         c->in.records, c->used, c->inference.over_limits, c->skips, c->reject.count);
}

void collector_close(struct collector *c)
{
	reject_close(&c->reject);
	input_free(&c->in);
	inference_free(&c->inference);
	buf_free(&c->scratch);
}
