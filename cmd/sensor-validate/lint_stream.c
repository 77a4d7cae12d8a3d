#include "lint_stream.h"

#include <math.h>

static void warn(struct faults *faults, struct slice place, const char *keyword, const char *what)
{
	buf_clear(&faults->pointer);
	buf_append_slice(&faults->pointer, place);
	faults_enter(faults, slice_of(keyword));
	faults_warn(faults, "%s", what);
}

#define NEVER_SUSPECT "nothing is suspect: it fails before"

static bool never_suspect(struct qartod_limits limits)
{
	return isfinite(limits.suspect) && limits.suspect >= limits.fail;
}

static bool lasts_never_suspect(struct qartod_spans spans)
{
	return spans.suspect != INT64_MAX && spans.suspect >= spans.fail;
}

static bool range_never_suspect(const struct qartod_rules *rules)
{
	return isfinite(rules->suspect_range.low) &&
	       rules->suspect_range.low <= rules->fail_range.low &&
	       rules->suspect_range.high >= rules->fail_range.high;
}

void lint_stream(const struct value_schema *v, struct faults *faults)
{
	const struct qartod_rules *rules = v->stream;

	if (range_never_suspect(rules))
		warn(faults, v->place, "x-gross-range", NEVER_SUSPECT);
	if (never_suspect(rules->spike))
		warn(faults, v->place, "x-spike", NEVER_SUSPECT);
	if (never_suspect(rules->rate))
		warn(faults, v->place, "x-rate-of-change", NEVER_SUSPECT);
	if (lasts_never_suspect(rules->flat))
		warn(faults, v->place, "x-flat-line", NEVER_SUSPECT);
}

void lint_order(const struct schema *s, struct faults *faults)
{
	if (lasts_never_suspect(s->age))
		warn(faults, s->root.place, "x-max-age", NEVER_SUSPECT);
	if (lasts_never_suspect(s->future))
		warn(faults, s->root.place, "x-max-future", NEVER_SUSPECT);
	if (s->order.out_of_order == QUALITY_FAIL && s->future.fail == INT64_MAX)
		warn(faults, s->root.place, "x-out-of-order",
		     "without x-max-future, one time that is far ahead makes a sensor's readings "
		     "be rejected until then");
}
