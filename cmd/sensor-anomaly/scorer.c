#include "scorer.h"

#include "event.h"

#define SUFFIX SLICE(".anomaly")

static bool ends_with(struct slice text, struct slice end)
{
	return text.len >= end.len && memcmp(text.ptr + text.len - end.len, end.ptr, end.len) == 0;
}

/* ---- what is scored ---- */

/* A reading that was scored before keeps its scores; events are not scored themselves. */
static bool may_score(const struct reading *r)
{
	if (slice_equal(r->type, EVENT_TYPE))
		return false;
	for (size_t i = 0; i < r->count; i++)
		if (ends_with(r->metrics[i].name, SUFFIX))
			return false;
	return true;
}

static bool to_be_scored(const struct scorer *s, const struct metric *m)
{
	return m->kind == VALUE_NUMBER && m->quality != QUALITY_FAIL &&
	       m->quality != QUALITY_MISSING && m->name.len + EVENT_SUFFIX_MAX <= RECORD_NAME_MAX &&
	       selection_has(s->selection, m->name);
}

/* Names have no TAB: those of a type, a sensor and its metrics differ from all others. */
static struct detector *find_detector(struct scorer *s, size_t sensor_len, struct slice metric)
{
	struct siphash name;
	struct series *series;

	s->name.len = sensor_len;
	buf_append_slice(&s->name, metric);
	name = series_name(&s->series, buf_slice(&s->name));
	series = series_find(&s->series, name);
	return detector_of(series ? series : detector_add(&s->series, name));
}

static void score_metric(struct scorer *s, struct detector *d, const struct metric *m,
                         struct finding *f)
{
	const struct reading *r = &s->reading;

	if ((d->count > 0 && r->time <= d->time) || r->time - r->received > SCORER_AHEAD) {
		s->tally.values++;
		s->tally.unscored++;
		return;
	}
	detector_take(d, r->time, m->number, &f->verdict);
	f->scored = true;
	f->event = tally_take(&s->tally, d, &f->verdict);
}

/* How many metrics were scored. */
static size_t score_reading(struct scorer *s)
{
	const struct reading *r = &s->reading;
	bool may = may_score(r);
	size_t scored = 0, sensor_len;

	buf_clear(&s->name);
	buf_append_slice(&s->name, r->type);
	buf_putc(&s->name, '\t');
	buf_append_slice(&s->name, r->sensor);
	buf_putc(&s->name, '\t');
	sensor_len = s->name.len;
	for (size_t i = 0; i < r->count; i++) {
		const struct metric *m = &r->metrics[i];
		struct finding *f = &s->findings[i];

		f->scored = f->event = false;
		if (!may || r->count + scored == RECORD_METRICS_MAX || !to_be_scored(s, m))
			continue;
		score_metric(s, find_detector(s, sensor_len, m->name), m, f);
		scored += f->scored;
	}
	return scored;
}

/* ---- what goes out ---- */

static void pass_on(struct scorer *s)
{
	buf_append_slice(&s->out.buf, s->in.line);
	buf_putc(&s->out.buf, '\n');
	out_line(&s->out);
}

static void append_score(struct scorer *s, struct slice name, double score)
{
	size_t name_len;

	buf_clear(&s->name);
	buf_append_slice(&s->name, name);
	buf_append_slice(&s->name, SUFFIX);
	name_len = s->name.len;
	score_append(&s->name, score);
	reading_append_metric(&s->out.buf, (struct slice){s->name.ptr, name_len},
	                      (struct slice){s->name.ptr + name_len, s->name.len - name_len},
	                      QUALITY_GOOD, SLICE(""));
}

static void write_annotated(struct scorer *s)
{
	const struct reading *r = &s->reading;
	const struct reading_head head = reading_head_of(r);

	reading_begin(&s->out.buf, &head);
	for (size_t i = 0; i < r->count; i++) {
		const struct metric *m = &r->metrics[i];

		reading_append_metric(&s->out.buf, m->name, m->text, m->quality, m->unit);
		if (s->findings[i].scored)
			append_score(s, m->name, s->findings[i].verdict.score);
	}
	buf_putc(&s->out.buf, '\n');
	out_line(&s->out);
	s->annotated++;
}

/* An event for each finding; the last of them completes the message if the reading did. */
static void write_events(struct scorer *s)
{
	const struct reading *r = &s->reading;
	size_t last = r->count;

	for (size_t i = 0; i < r->count; i++)
		if (s->findings[i].event)
			last = i;
	for (size_t i = 0; i <= last && last < r->count; i++)
		if (s->findings[i].event)
			event_append(&s->out.buf, r, &r->metrics[i], &s->findings[i].verdict,
			             r->more || i < last, &s->name);
	if (last == r->count && !r->more) {
		skip_append(&s->out.buf, &(struct skip){r->seq, r->received, slice_of("no-event")});
		s->quiet++;
	}
	out_line(&s->out);
}

static void take_reading(struct scorer *s)
{
	struct record_error error;
	size_t scored;

	if (reading_parse(s->in.line, &s->scratch, &s->reading, &error) < 0) {
		input_reject_malformed(&s->in, &error);
		return;
	}
	s->readings++;
	scored = score_reading(s);
	if (s->events_only)
		write_events(s);
	else if (scored > 0)
		write_annotated(s);
	else
		pass_on(s);
}

void scorer_take(struct scorer *s)
{
	if (s->in.kind == RECORD_SKIP) {
		s->skips++;
		pass_on(s);
	} else {
		take_reading(s);
	}
}

void scorer_register(const struct scorer *s, struct metrics *m)
{
	metrics_counter(m, "anomaly_records_total", "", "Records read.", &s->in.records);
	metrics_counter(m, "anomaly_readings_total", "", "Readings read.", &s->readings);
	metrics_work(m);
	metrics_counter(m, "anomaly_annotated_total", "",
	                "Of these, readings passed on with scores.", &s->annotated);
	metrics_counter(m, "anomaly_quiet_total", "",
	                "Skip records written for messages without an event at their end.",
	                &s->quiet);
	metrics_counter(m, "anomaly_skips_total", "", "Skip records passed on.", &s->skips);
	metrics_counter(m, "anomaly_rejected_total", "", "Records that became dead letters.",
	                &s->reject.count);
	tally_register(&s->tally, m);
	metrics_gauge(m, "anomaly_series", "", "Series in the state.", &s->series.count);
	metrics_counter(m, "anomaly_evicted_total", "",
	                "Series that made room for others (--max-series).", &s->series.evicted);
}

void scorer_free(struct scorer *s)
{
	series_free(&s->series);
	buf_free(&s->scratch);
	buf_free(&s->name);
}
