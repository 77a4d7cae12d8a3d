#include "stream.h"

#include "check_value.h"
#include "stream_failure.h"

void stream_init(struct stream *s, uint32_t max_series)
{
	*s = (struct stream){0};
	series_init(&s->series, max_series, sizeof(struct history));
}

void stream_free(struct stream *s)
{
	series_free(&s->series);
	buf_free(&s->name);
}

/* ---- time ---- */

static enum quality worse(enum quality a, enum quality b)
{
	return a > b ? a : b;
}

/* What the sensor's newest time says of this one. */
static enum quality judge_order(struct stream *s, const struct order_rules *order,
                                const struct reading *r, int64_t newest, struct check *check)
{
	bool duplicate = r->time == newest;
	enum quality flag = duplicate ? order->duplicate : order->out_of_order;

	if (r->time > newest)
		return QUALITY_GOOD;
	*(duplicate ? &s->duplicates : &s->out_of_order) += 1;
	if (flag == QUALITY_FAIL)
		stream_fail_order(&check->failure, r, newest);
	return flag;
}

static enum quality judge_age(struct stream *s, const struct schema *schema,
                              const struct reading *r)
{
	bool late = r->received - r->time > schema->age.suspect;
	bool early = r->time - r->received > schema->future.suspect;

	s->late += late;
	s->early += early;
	return late || early ? QUALITY_SUSPECT : QUALITY_GOOD;
}

/* ---- metrics ---- */

/* Names have no TAB: those of a sensor and of its metrics differ from all others. */
static struct siphash name_metric(struct stream *s, size_t sensor_len, struct slice metric)
{
	s->name.len = sensor_len;
	buf_putc(&s->name, '\t');
	buf_append_slice(&s->name, metric);
	return series_name(&s->series, buf_slice(&s->name));
}

/* Checks that are not made have the flag 0, which nobody reads. */
static void count_flags(struct stream *s, const struct qartod_verdict *verdict)
{
	for (unsigned check = 0; check < QARTOD_CHECKS; check++)
		s->flags[check][verdict->flags[check]]++;
}

static enum quality judge_metric(struct stream *s, const struct value_schema *v, int64_t gap,
                                 const struct reading *r, size_t i, struct check *check)
{
	static const struct history none = {.time = HISTORY_NEVER};
	struct judged *judged = &s->judged[i];
	const struct metric *m = &r->metrics[i];
	struct qartod_verdict verdict;

	judged->series = series_find(&s->series, judged->name);
	qartod_judge(judged->rules, judged->series ? remembered(judged->series) : &none, gap,
	             r->time, m->number, &verdict);
	count_flags(s, &verdict);
	if (verdict.worst == QUALITY_FAIL) {
		stream_fail_value(&check->failure, v, m, &verdict);
		if (judged->series)
			history_fail(remembered(judged->series), verdict.check);
	}
	return verdict.worst;
}

static bool to_be_judged(const struct value_schema *v, const struct metric *m)
{
	return v && v->stream && m->kind == VALUE_NUMBER && m->quality != QUALITY_FAIL &&
	       m->quality != QUALITY_MISSING;
}

/* False when one of them fails. What is found suspect is noted in `changed`, too. */
static bool judge_metrics(struct stream *s, struct schema *schema, struct reading *r,
                          enum quality at_least, bool *changed, struct check *check)
{
	size_t sensor_len = s->name.len;
	struct json_value member = {0};
	struct object_walk walk;

	object_begin(&walk, &schema->root);
	for (size_t i = 0; i < r->count; i++) {
		struct metric *m = &r->metrics[i];
		const struct value_schema *v;
		enum quality flag = at_least;

		member.name = m->name;
		v = object_member(check, &walk, &member);
		s->judged[i].rules = NULL;
		if (to_be_judged(v, m)) {
			s->judged[i].rules = v->stream;
			s->judged[i].name = name_metric(s, sensor_len, m->name);
			flag = worse(flag, judge_metric(s, v, schema->order.gap, r, i, check));
		}
		if (flag == QUALITY_FAIL)
			return false;
		if (flag > m->quality) {
			m->quality = flag;
			*changed = true;
		}
	}
	return true;
}

/* ---- the reading ---- */

static void remember_time(struct stream *s, const struct order_rules *order, struct siphash name,
                          struct series *sensor, int64_t time)
{
	if (!sensor)
		sensor = remembered_add(&s->series, name);
	else if (time - remembered(sensor)->time > order->gap)
		s->gaps++;
	if (time > remembered(sensor)->time)
		remembered(sensor)->time = time;
}

static void remember_metrics(struct stream *s, const struct order_rules *order,
                             const struct reading *r)
{
	for (size_t i = 0; i < r->count; i++) {
		struct judged *judged = &s->judged[i];

		if (!judged->rules)
			continue;
		if (!judged->series)
			judged->series = remembered_add(&s->series, judged->name);
		history_add(remembered(judged->series), judged->rules, order->gap, r->time,
		            r->metrics[i].number);
	}
}

enum stream_verdict stream_take(struct stream *s, struct schema *schema, struct reading *r,
                                struct check *check)
{
	const struct order_rules *order = &schema->order;
	enum quality flag = judge_age(s, schema, r);
	struct series *sensor = NULL;
	struct siphash name = {0, 0};
	bool changed = false;

	buf_clear(&s->name);
	buf_append_slice(&s->name, r->type);
	buf_putc(&s->name, '\t');
	buf_append_slice(&s->name, r->sensor);
	if (order->made) {
		name = series_name(&s->series, buf_slice(&s->name));
		sensor = series_find(&s->series, name);
	}
	if (sensor)
		flag = worse(flag, judge_order(s, order, r, remembered(sensor)->time, check));
	if (flag == QUALITY_FAIL || !judge_metrics(s, schema, r, flag, &changed, check))
		return STREAM_FAIL;
	if (order->made)
		remember_time(s, order, name, sensor, r->time);
	remember_metrics(s, order, r);
	return changed ? STREAM_SUSPECT : STREAM_GOOD;
}
