/* The counters of stream.h. */
#include "stream.h"

#include <stdio.h>

/* Of those a check may give, as metrics name them. */
static const struct {
	enum quality flag;
	const char *name;
} flags[] = {
    {QUALITY_GOOD, "good"},
    {QUALITY_NOT_EVALUATED, "not-evaluated"},
    {QUALITY_SUSPECT, "suspect"},
    {QUALITY_FAIL, "fail"},
};

enum { FLAGS = sizeof(flags) / sizeof(flags[0]) };

static void register_flags(const struct stream *s, struct metrics *m)
{
	static char labels[QARTOD_CHECKS * FLAGS][64];
	char *label = labels[0];

	for (enum qartod_check check = 0; check < QARTOD_CHECKS; check++) {
		for (size_t i = 0; i < FLAGS; i++, label += sizeof(labels[0])) {
			snprintf(label, sizeof(labels[0]), "check=\"%s\",flag=\"%s\"",
			         qartod_name(check), flags[i].name);
			metrics_counter(m, "validate_flags_total", label,
			                "Values, by stream check and its flag.",
			                &s->flags[check][flags[i].flag]);
		}
	}
}

void stream_register(const struct stream *s, struct metrics *m)
{
	register_flags(s, m);
	metrics_counter(m, "validate_late_total", "", "Readings suspect for x-max-age.", &s->late);
	metrics_counter(m, "validate_early_total", "", "Readings suspect for x-max-future.",
	                &s->early);
	metrics_counter(m, "validate_duplicates_total", "",
	                "Readings with the time of their sensor's newest.", &s->duplicates);
	metrics_counter(m, "validate_out_of_order_total", "",
	                "Readings with a time before that of their sensor's newest.",
	                &s->out_of_order);
	metrics_counter(m, "validate_gaps_total", "", "Gaps over x-time-gap.", &s->gaps);
	metrics_gauge(m, "validate_series", "", "Series in the state.", &s->series.count);
	metrics_counter(m, "validate_evicted_total", "",
	                "Series that made room for others (--max-series).", &s->series.evicted);
}
