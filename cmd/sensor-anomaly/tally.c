#include "tally.h"

#include <stdio.h>

bool tally_take(struct tally *t, const struct detector *d, const struct verdict *v)
{
	t->values++;
	if (d->count <= DETECTOR_WARM_UP) {
		t->learning++;
		return false;
	}
	t->scored++;
	if (v->score < t->threshold)
		return false;
	t->events++;
	t->kinds[v->kind]++;
	return true;
}

void tally_register(const struct tally *t, struct metrics *m)
{
	static char labels[KIND_COUNT][32];

	metrics_counter(m, "anomaly_values_total", "", "Numbers of metrics that are scored.",
	                &t->values);
	metrics_counter(m, "anomaly_scored_total", "", "Of these, values with a score.",
	                &t->scored);
	metrics_counter(m, "anomaly_learning_total", "",
	                "Of these, the first values of their series, with the score 0.",
	                &t->learning);
	metrics_counter(m, "anomaly_unscored_total", "",
	                "Of these, values not scored: repeated, late or early.", &t->unscored);
	for (int i = 0; i < KIND_COUNT; i++) {
		snprintf(labels[i], sizeof(labels[i]), "kind=\"%s\"",
		         detector_kind_name((enum detector_kind)i));
		metrics_counter(m, "anomaly_events_total", labels[i],
		                "Values with a score from the threshold on, by kind.",
		                &t->kinds[i]);
	}
}

void score_append(struct buf *b, double score)
{
	unsigned millionths = (unsigned)(score * 1e6); /* never rounded up to 1 */
	char text[] = {'0', '.', '0', '0', '0', '0', '0', '0'};

	for (int i = 7; i > 1; i--, millionths /= 10)
		text[i] = (char)('0' + millionths % 10);
	buf_append(b, text, sizeof(text));
}
