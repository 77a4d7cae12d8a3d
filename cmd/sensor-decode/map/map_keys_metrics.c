#include "map/map_keys.h"
#include "map/map_pointer.h"

/* ---- quality ---- */

static int read_quality_pointer(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = into;

	return map_keys_pointer(r, token, scope, &scope->quality.pointer);
}

static int read_quality_words(struct map_reader *r, enum json_token token, void *into)
{
	struct map_span *words = &((struct map_scope *)into)->quality.words;
	const struct map_word *word;

	if (map_keys_words(r, token, words) < 0)
		return -1;
	word = map_words(r->map, *words);
	for (uint32_t i = 0; i < words->count; i++)
		if (word[i].value.token != JSON_NUMBER || !map_is_quality(word[i].value.text))
			return map_reader_fail(r, "'%.*s' must stand for 1, 2, 3, 4 or 9",
			                       SLICE_ARG(word[i].word));
	return 0;
}

int map_keys_quality(struct map_reader *r, enum json_token token, void *into)
{
	static const struct map_key keys[] = {
	    {"pointer", read_quality_pointer},
	    {"words", read_quality_words},
	    {0},
	};
	struct map_scope *scope = ((struct map_part *)into)->scope;
	unsigned given;

	if (map_reader_object(r, token, keys, scope, &given) < 0)
		return -1;
	return scope->quality.pointer.given ? 0 : map_reader_fail(r, "'pointer' is missing");
}

/* ---- metrics ---- */

struct reading_metric {
	struct map_part *in;
	struct map_metric metric;
};

static int read_name(struct map_reader *r, enum json_token token, void *into)
{
	struct map_metric *metric = &((struct reading_metric *)into)->metric;
	const char *fault;

	if (map_reader_string(r, token, &metric->name) < 0)
		return -1;
	fault = record_name_fault(metric->name, true);
	return fault ? map_reader_fail(r, "the name %s", fault) : 0;
}

static int add_pointer(struct map_reader *r, enum json_token token, void *into)
{
	struct reading_metric *m = into;
	struct map_pointer p;

	if (m->metric.pointers.count == MAP_ALTERNATIVES_MAX)
		return map_reader_fail(r, "more than %d pointers", MAP_ALTERNATIVES_MAX);
	if (map_keys_pointer(r, token, m->in->scope, &p) < 0)
		return -1;
	buf_append(&r->map->pointers, &p, sizeof(p));
	m->metric.pointers.count++;
	return 0;
}

/* One, or an array of them. */
static int read_pointers(struct map_reader *r, enum json_token token, void *into)
{
	struct reading_metric *m = into;

	m->metric.pointers.first = (uint32_t)(r->map->pointers.len / sizeof(struct map_pointer));
	if (token != JSON_ARRAY)
		return add_pointer(r, token, m);
	if (map_reader_each(r, token, JSON_ARRAY, add_pointer, m) < 0)
		return -1;
	return m->metric.pointers.count ? 0 : map_reader_fail(r, "there is no pointer in it");
}

static int read_unit(struct map_reader *r, enum json_token token, void *into)
{
	struct map_metric *metric = &((struct reading_metric *)into)->metric;

	if (map_reader_string(r, token, &metric->unit) < 0)
		return -1;
	if (record_name_fault(metric->unit, false) || metric->unit.len > RECORD_UNIT_MAX)
		return map_reader_fail(r, "must have 1 to %d bytes, and no control character",
		                       RECORD_UNIT_MAX);
	return 0;
}

static int read_metric_words(struct map_reader *r, enum json_token token, void *into)
{
	return map_keys_words(r, token, &((struct reading_metric *)into)->metric.words);
}

static int read_required(struct map_reader *r, enum json_token token, void *into)
{
	return map_reader_bool(r, token, &((struct reading_metric *)into)->metric.required);
}

static int read_metric(struct map_reader *r, enum json_token token, void *into)
{
	static const struct map_key keys[] = {
	    {"name", read_name},          {"pointer", read_pointers},  {"unit", read_unit},
	    {"words", read_metric_words}, {"required", read_required}, {0},
	};
	struct map_part *in = into;
	struct map_span *all = &in->scope->metrics;
	const struct map_metric *others = map_metrics(r->map, *all);
	struct reading_metric m = {.in = in};
	unsigned given;

	if (map_reader_object(r, token, keys, &m, &given) < 0)
		return -1;
	if (!m.metric.pointers.count)
		return map_reader_fail(r, "'pointer' is missing");
	for (uint32_t i = 0; i < all->count; i++)
		if (slice_equal(others[i].name, m.metric.name))
			return map_reader_fail(r, "another metric has the same name");
	if (all->count == MAP_METRICS_MAX)
		return map_reader_fail(r, "more than %d metrics", MAP_METRICS_MAX);
	buf_append(&r->map->metrics, &m.metric, sizeof(m.metric));
	all->count++;
	return 0;
}

int map_keys_metrics(struct map_reader *r, enum json_token token, void *into)
{
	struct map_part *in = into;

	in->scope->metrics.first = (uint32_t)(r->map->metrics.len / sizeof(struct map_metric));
	return map_reader_each(r, token, JSON_ARRAY, read_metric, in);
}

int map_keys_members(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = ((struct map_part *)into)->scope;

	if (map_keys_pointer(r, token, scope, &scope->members) < 0)
		return -1;
	map_node(r->map, scope->members.node)->members = true;
	return 0;
}
