#include "map/map_take.h"

#include "decode_text.h"
#include "map/map_take_time.h"
#include "json/json_members.h"

/* ---- values ---- */

static int fail_shape(struct mapper *m, struct slice pointer, const struct json_value *v,
                      const char *wanted)
{
	return fault_set(m->p->fault, FAULT_UNSUPPORTED_SHAPE, "'%.*s' is %s, not %s",
	                 SLICE_ARG(pointer), json_value_shape(v->token), wanted);
}

/* What a string stands for by the rule, to *v. */
static int apply_words(struct mapper *m, struct map_span words, struct slice pointer,
                       struct json_value *v)
{
	const struct map_word *word = map_words(m->map, words);
	struct slice text;

	if (words.count == 0 || v->token != JSON_STRING)
		return 0;
	text = json_value_string(v, m->p->scratch);
	for (uint32_t i = 0; i < words.count; i++) {
		if (slice_equal(word[i].word, text)) {
			*v = word[i].value;
			return 0;
		}
	}
	return fault_set(m->p->fault, FAULT_UNKNOWN_WORD,
	                 "'%.*s' is '%.*s', which is none of its words", SLICE_ARG(pointer),
	                 (int)(text.len < 64 ? text.len : 64), text.ptr);
}

/* ---- names ---- */

/* The text of a name: empty when the map does not tell it, or nothing is there. A slice of the
 * payload or of `scratch`. */
static int take_source(struct mapper *m, const struct map_found *found,
                       const struct map_source *source, struct buf *scratch, struct slice *name)
{
	const struct json_value *v;

	*name = source->constant;
	if (!source->pointer.given)
		return 0;
	v = map_found_at(found, &source->pointer);
	if (map_is_missing(v))
		return 0;
	if (v->token != JSON_STRING && v->token != JSON_NUMBER)
		return fail_shape(m, source->pointer.text, v, "a string or a number");
	*name = v->token == JSON_STRING ? json_value_string(v, scratch) : v->text;
	if (v->escaped && name->len && memchr(name->ptr, '\0', name->len))
		return fault_set(m->p->fault, FAULT_NUL, "'%.*s' is a string with a NUL in it",
		                 SLICE_ARG(source->pointer.text));
	return 0;
}

/* ---- metrics ---- */

static int take_quality(struct mapper *m, const struct map_found *found, enum quality *quality)
{
	const struct map_quality *q = &found->scope->quality;
	struct json_value v;

	*quality = QUALITY_GOOD;
	if (!q->pointer.given)
		return 0;
	v = *map_found_at(found, &q->pointer);
	if (map_is_missing(&v))
		return 0;
	if (apply_words(m, q->words, q->pointer.text, &v) < 0)
		return -1;
	if (v.token != JSON_NUMBER || !map_is_quality(v.text))
		return fault_set(m->p->fault, FAULT_UNKNOWN_WORD,
		                 "'%.*s' is no quality flag: 1, 2, 3, 4 or 9",
		                 SLICE_ARG(q->pointer.text));
	*quality = (enum quality)(*v.text.ptr - '0');
	return 0;
}

/* The one of a metric's pointers that has a value, to *v and *pointer; else *v is missing. */
static int choose_value(struct mapper *m, const struct map_found *found,
                        const struct map_metric *metric, struct json_value *v,
                        struct slice *pointer)
{
	const struct map_pointer *p = map_pointers(m->map, metric->pointers);

	*pointer = p[0].text;
	v->token = JSON_END;
	for (uint32_t i = 0; i < metric->pointers.count; i++) {
		const struct json_value *other = map_found_at(found, &p[i]);

		if (map_is_missing(other))
			continue;
		if (!map_is_missing(v))
			return fault_set(m->p->fault, FAULT_DUPLICATE_NAME,
			                 "there are values at both '%.*s' and '%.*s'",
			                 SLICE_ARG(*pointer), SLICE_ARG(p[i].text));
		*v = *other;
		*pointer = p[i].text;
	}
	return 0;
}

/* A word of plain text that says there is no number, and that the rule gives no meaning. */
static bool is_no_number(const struct mapper *m, const struct map_metric *metric,
                         const struct json_value *v)
{
	return m->p->type.format == FORMAT_TEXT && v->token == JSON_STRING &&
	       metric->words.count == 0 && decode_text_is_no_number(v->text);
}

static int take_metric(struct mapper *m, const struct map_found *found,
                       const struct map_metric *metric, enum quality quality)
{
	struct slice name = metric->name.len ? metric->name : m->p->metric, pointer, text;
	struct readings *r = m->p->readings;
	struct fault *fault = m->p->fault;
	struct json_value v;

	if (choose_value(m, found, metric, &v, &pointer) < 0)
		return -1;
	if (!map_is_missing(&v) && apply_words(m, metric->words, pointer, &v) < 0)
		return -1;
	if (map_is_missing(&v) && metric->required)
		return map_fail_missing(m, "metric", pointer);
	if (map_is_missing(&v))
		return 0;
	if (v.token == JSON_OBJECT || v.token == JSON_ARRAY)
		return fail_shape(m, pointer, &v, "one value");
	if (is_no_number(m, metric, &v))
		return fault_set(fault, FAULT_NUMBER_RANGE, "'%.*s' is not a finite number",
		                 SLICE_ARG(v.text));
	if (readings_name(r, name, fault) < 0 ||
	    json_value_metric(&v, name, m->p->scratch, &text, fault) < 0)
		return -1;
	return readings_add_metric(r, name, text, quality, metric->unit, fault);
}

/* The members of an object, without those that pointers have taken. */
static int take_members(struct mapper *m, const struct map_found *found)
{
	const struct map_scope *scope = found->scope;
	const struct json_value *v;
	struct json_members w;
	struct json json;

	if (!scope->members.given)
		return 0;
	v = map_found_at(found, &scope->members);
	if (map_is_missing(v))
		return 0;
	if (v->token != JSON_OBJECT)
		return fail_shape(m, scope->members.text, v, "an object");
	json_init(&json, v->text, json_members_depth(&m->p->options->json));
	json_members_init(&w, m->p, &json);
	w.except = map_except(m->map, scope->except);
	w.except_count = scope->except.count;
	json_next(&json); /* its brace */
	return json_members_take(&w);
}

static int take_reading(struct mapper *m, const struct map_found *found)
{
	const struct map_metric *metrics = map_metrics(m->map, found->scope->metrics);
	struct readings *r = m->p->readings;
	enum quality quality;
	int64_t time = 0;
	bool timed;

	if (readings_begin(r, m->p->fault) < 0 || take_quality(m, found, &quality) < 0 ||
	    map_take_time(m, found, &timed, &time) < 0)
		return -1;
	if (timed)
		readings_set_time(r, time);
	for (uint32_t i = 0; i < found->scope->metrics.count; i++)
		if (take_metric(m, found, &metrics[i], quality) < 0)
			return -1;
	return take_members(m, found);
}

/* Ends the reading just taken, or leaves it out where the rule lets it be empty. */
static int end_reading(struct mapper *m)
{
	struct readings *r = m->p->readings;

	if (r->metric_count > 0 || !m->rule->may_be_empty)
		return readings_end(r, m->p->fault);
	r->count--;
	return 0;
}

/* ---- elements, and the whole ---- */

int map_take_element(struct mapper *m)
{
	const struct map_found *found = &m->element;
	struct slice type, sensor;

	if (take_reading(m, found) < 0 ||
	    take_source(m, found, &found->scope->type, &m->kept[0], &type) < 0 ||
	    take_source(m, found, &found->scope->sensor, &m->kept[1], &sensor) < 0 ||
	    readings_identify(m->p->readings, type, sensor, m->p->fault) < 0)
		return -1;
	return end_reading(m);
}

/* A time of the whole is that of elements which are of a sensor of their own and have none. */
static int fill_times(struct mapper *m)
{
	struct readings *r = m->p->readings;
	int64_t time = 0;
	bool timed;

	if (map_take_time(m, &m->whole, &timed, &time) < 0)
		return -1;
	for (size_t i = 0; timed && i < r->count; i++) {
		if (r->each[i].timed || !r->each[i].sensor_len)
			continue;
		r->each[i].timed = true;
		r->each[i].time = time;
	}
	return 0;
}

static int fill_identity(struct mapper *m)
{
	const struct map_scope *scope = &m->rule->whole;
	struct readings *r = m->p->readings;
	struct slice *const names[3] = {&r->type, &r->sensor, &r->schema};
	const struct map_source *const sources[3] = {&scope->type, &scope->sensor, &scope->schema};

	for (int i = 0; i < 3; i++) {
		if (take_source(m, &m->whole, sources[i], &m->kept[i], names[i]) < 0)
			return -1;
		if (names[i]->len == 0)
			names[i]->ptr = NULL;
	}
	return 0;
}

int map_take_whole(struct mapper *m)
{
	const struct map_rule *rule = m->rule;

	if (fill_identity(m) < 0)
		return -1;
	if (!rule->has_each && (take_reading(m, &m->whole) < 0 || end_reading(m) < 0))
		return -1;
	if (m->p->readings->count == 0)
		return fault_set(m->p->fault, rule->may_be_empty ? FAULT_NO_DATA : FAULT_NO_METRICS,
		                 "there is no value at the rule's pointers");
	return rule->has_each ? fill_times(m) : 0;
}
