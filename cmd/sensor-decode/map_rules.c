#include "map_rules.h"

#include "base/clock.h"
#include "json_value.h"
#include "map_pointer.h"

/* ---- names and pointers ---- */

/* What is being read: a scope of a rule. */
struct reading_scope {
	struct map_rule *rule;
	struct map_scope *scope;
};

static int read_pointer(struct map_reader *r, enum json_token token, struct map_scope *scope,
                        struct map_pointer *p)
{
	struct slice text;
	const char *fault;

	if (map_reader_string(r, token, &text) < 0)
		return -1;
	fault = map_pointer_want(r->map, scope, text, p);
	return fault ? map_reader_fail(r, "'%.*s' %s", SLICE_ARG(text), fault) : 0;
}

/* "=constant", or a pointer. */
static int read_source(struct map_reader *r, enum json_token token, struct map_scope *scope,
                       struct map_source *source)
{
	struct slice text;
	const char *fault;

	if (token != JSON_STRING || r->json.text.len == 0 || *r->json.text.ptr != '=')
		return read_pointer(r, token, scope, &source->pointer);
	if (map_reader_string(r, token, &text) < 0)
		return -1;
	source->constant = (struct slice){text.ptr + 1, text.len - 1};
	fault = record_name_fault(source->constant, false);
	return fault ? map_reader_fail(r, "the constant %s", fault) : 0;
}

static int read_type(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = ((struct reading_scope *)into)->scope;

	return read_source(r, token, scope, &scope->type);
}

static int read_sensor(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = ((struct reading_scope *)into)->scope;

	return read_source(r, token, scope, &scope->sensor);
}

static int read_schema(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = ((struct reading_scope *)into)->scope;

	return read_source(r, token, scope, &scope->schema);
}

static int read_description(struct map_reader *r, enum json_token token, void *into)
{
	struct slice ignored;

	(void)into;
	return map_reader_string(r, token, &ignored);
}

/* ---- words ---- */

/* It may stand in a record. */
static int check_word(const struct map_word *word, struct fault *fault)
{
	struct buf scratch = {0};
	int checked = json_value_check(&word->value, word->word, &scratch, fault);

	buf_free(&scratch);
	return checked;
}

static int read_word(struct map_reader *r, enum json_token token, void *into)
{
	struct map_span *words = into;
	struct map_word word = {r->name, json_value_of(&r->json, token)};
	const struct map_word *others = map_words(r->map, *words);
	struct fault fault;

	if (token == JSON_OBJECT || token == JSON_ARRAY)
		return map_reader_fail(r, "must be a number, a string, true, false or null");
	if (check_word(&word, &fault) < 0)
		return map_reader_fail(r, "%s", fault.detail);
	for (uint32_t i = 0; i < words->count; i++)
		if (slice_equal(others[i].word, word.word))
			return map_reader_fail(r, "this word is given twice");
	if (words->count == MAP_WORDS_MAX)
		return map_reader_fail(r, "more than %d words", MAP_WORDS_MAX);
	buf_append(&r->map->words, &word, sizeof(word));
	words->count++;
	return 0;
}

static int read_words(struct map_reader *r, enum json_token token, struct map_span *words)
{
	words->first = (uint32_t)(r->map->words.len / sizeof(struct map_word));
	if (map_reader_each(r, token, JSON_OBJECT, read_word, words) < 0)
		return -1;
	return words->count ? 0 : map_reader_fail(r, "there is no word in it");
}

/* ---- time ---- */

static int read_time_pointer(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = into;

	return read_pointer(r, token, scope, &scope->time.pointer);
}

static int read_nanos(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = into;

	return read_pointer(r, token, scope, &scope->time.nanos);
}

static int read_time_unit(struct map_reader *r, enum json_token token, void *into)
{
	struct map_time *time = &((struct map_scope *)into)->time;
	struct slice text;

	if (map_reader_string(r, token, &text) < 0)
		return -1;
	for (int i = 0; time_unit_names[i]; i++) {
		if (slice_is(text, time_unit_names[i])) {
			time->unit = (enum time_unit)i;
			time->has_unit = true;
			return 0;
		}
	}
	return map_reader_fail(r, "must be s, ms, us or ns");
}

static int read_offset(struct map_reader *r, enum json_token token, void *into)
{
	struct map_time *time = &((struct map_scope *)into)->time;
	char text[64] = "2000-01-01T00:00:00";
	size_t len = strlen(text);
	int64_t us;

	if (map_reader_string(r, token, &time->offset) < 0)
		return -1;
	if (time->offset.len > 0 && time->offset.len < sizeof(text) - len &&
	    memchr("Zz+-", *time->offset.ptr, 4)) {
		memcpy(text + len, time->offset.ptr, time->offset.len);
		if (clock_parse((struct slice){text, len + time->offset.len}, &us) == 0)
			return 0;
	}
	return map_reader_fail(r, "must be an offset from UTC as RFC 3339 has it: Z, +01:00");
}

static int read_time_required(struct map_reader *r, enum json_token token, void *into)
{
	return map_reader_bool(r, token, &((struct map_scope *)into)->time.required);
}

static int read_time(struct map_reader *r, enum json_token token, void *into)
{
	static const struct map_key keys[] = {
	    {"pointer", read_time_pointer},   {"unit", read_time_unit}, {"nanos", read_nanos},
	    {"required", read_time_required}, {"offset", read_offset},  {0},
	};
	struct map_scope *scope = ((struct reading_scope *)into)->scope;
	unsigned given;

	if (map_reader_object(r, token, keys, scope, &given) < 0)
		return -1;
	return scope->time.pointer.given ? 0 : map_reader_fail(r, "'pointer' is missing");
}

/* ---- quality ---- */

static int read_quality_pointer(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = into;

	return read_pointer(r, token, scope, &scope->quality.pointer);
}

static int read_quality_words(struct map_reader *r, enum json_token token, void *into)
{
	struct map_span *words = &((struct map_scope *)into)->quality.words;
	const struct map_word *word;

	if (read_words(r, token, words) < 0)
		return -1;
	word = map_words(r->map, *words);
	for (uint32_t i = 0; i < words->count; i++)
		if (word[i].value.token != JSON_NUMBER || !map_is_quality(word[i].value.text))
			return map_reader_fail(r, "'%.*s' must stand for 1, 2, 3, 4 or 9",
			                       SLICE_ARG(word[i].word));
	return 0;
}

static int read_quality(struct map_reader *r, enum json_token token, void *into)
{
	static const struct map_key keys[] = {
	    {"pointer", read_quality_pointer},
	    {"words", read_quality_words},
	    {0},
	};
	struct map_scope *scope = ((struct reading_scope *)into)->scope;
	unsigned given;

	if (map_reader_object(r, token, keys, scope, &given) < 0)
		return -1;
	return scope->quality.pointer.given ? 0 : map_reader_fail(r, "'pointer' is missing");
}

/* ---- metrics ---- */

struct reading_metric {
	struct reading_scope *in;
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
	if (read_pointer(r, token, m->in->scope, &p) < 0)
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
	return read_words(r, token, &((struct reading_metric *)into)->metric.words);
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
	struct reading_scope *in = into;
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

static int read_metrics(struct map_reader *r, enum json_token token, void *into)
{
	struct reading_scope *in = into;

	in->scope->metrics.first = (uint32_t)(r->map->metrics.len / sizeof(struct map_metric));
	return map_reader_each(r, token, JSON_ARRAY, read_metric, in);
}

static int read_members(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = ((struct reading_scope *)into)->scope;

	if (read_pointer(r, token, scope, &scope->members) < 0)
		return -1;
	map_node(r->map, scope->members.node)->members = true;
	return 0;
}

/* ---- rules ---- */

static int read_topic(struct map_reader *r, enum json_token token, void *into)
{
	struct map_rule *rule = ((struct reading_scope *)into)->rule;
	struct slice text;
	const char *fault;

	if (map_reader_string(r, token, &text) < 0)
		return -1;
	fault = topic_template_read(text, &rule->topic);
	return fault ? map_reader_fail(r, "%s", fault) : 0;
}

static int read_content_type(struct map_reader *r, enum json_token token, void *into)
{
	struct map_rule *rule = ((struct reading_scope *)into)->rule;
	struct slice text;
	const char *fault;

	if (map_reader_string(r, token, &text) < 0)
		return -1;
	fault = content_type_read(text, &rule->type);
	if (fault)
		return map_reader_fail(r, "%s", fault);
	if (rule->type.format != FORMAT_JSON && rule->type.format != FORMAT_TEXT)
		return map_reader_fail(r, "must be JSON or plain text");
	rule->has_type = true;
	return 0;
}

static int read_may_be_empty(struct map_reader *r, enum json_token token, void *into)
{
	return map_reader_bool(r, token, &((struct reading_scope *)into)->rule->may_be_empty);
}

static int read_array(struct map_reader *r, enum json_token token, void *into)
{
	struct map_rule *rule = ((struct reading_scope *)into)->rule;
	struct slice text;
	const char *fault;
	uint32_t node;

	if (map_reader_string(r, token, &text) < 0)
		return -1;
	node = map_pointer_add(r->map, rule->whole.root, text, &fault);
	if (!node)
		return map_reader_fail(r, "'%.*s' %s", SLICE_ARG(text), fault);
	map_node(r->map, node)->elements = true;
	rule->has_each = true;
	return 0;
}

static int read_each(struct map_reader *r, enum json_token token, void *into)
{
	static const struct map_key keys[] = {
	    {"array", read_array},     {"type", read_type},
	    {"sensor", read_sensor},   {"time", read_time},
	    {"quality", read_quality}, {"metrics", read_metrics},
	    {"members", read_members}, {0},
	};
	struct map_rule *rule = ((struct reading_scope *)into)->rule;
	struct reading_scope in = {rule, &rule->each};
	unsigned given;

	rule->each.root = map_pointer_root(r->map);
	if (map_reader_object(r, token, keys, &in, &given) < 0)
		return -1;
	return rule->has_each ? 0 : map_reader_fail(r, "'array' is missing");
}

/* ---- what belongs together ---- */

static bool takes_values(const struct map_scope *s)
{
	return s->metrics.count || s->members.given;
}

static int check_names(struct map_reader *r, const struct map_rule *rule,
                       const struct map_scope *scope)
{
	const struct map_metric *metric = map_metrics(r->map, scope->metrics);

	for (uint32_t i = 0; i < scope->metrics.count; i++)
		if (!metric[i].name.len && !rule->topic.has_metric)
			return map_reader_fail(
			    r, "a metric has no name, and 'topic' has no {metric} for it");
	return 0;
}

static int check_rule(struct map_reader *r, struct map_rule *rule)
{
	struct map_scope *scope = rule->has_each ? &rule->each : &rule->whole;

	if (!rule->topic.levels.len)
		return map_reader_fail(r, "'topic' is missing");
	if (rule->has_each && (takes_values(&rule->whole) || rule->whole.quality.pointer.given))
		return map_reader_fail(
		    r, "beside 'each' there are no 'metrics', 'members' or 'quality'");
	if (rule->has_each && rule->whole.time.pointer.given && !rule->each.sensor.pointer.given)
		return map_reader_fail(r, "'time' beside 'each' holds only for elements that have "
		                          "a 'sensor' of their own");
	if (!takes_values(scope))
		return map_reader_fail(r, "neither 'metrics' nor 'members' takes a value");
	if (scope->members.given)
		map_pointer_except(r->map, scope);
	return check_names(r, rule, scope);
}

static int read_rule(struct map_reader *r, enum json_token token, void *into)
{
	static const struct map_key keys[] = {
	    {"description", read_description},
	    {"topic", read_topic},
	    {"content-type", read_content_type},
	    {"type", read_type},
	    {"sensor", read_sensor},
	    {"schema", read_schema},
	    {"time", read_time},
	    {"quality", read_quality},
	    {"metrics", read_metrics},
	    {"members", read_members},
	    {"may-be-empty", read_may_be_empty},
	    {"each", read_each},
	    {0},
	};
	struct map *map = into;
	struct map_rule *rule = &map->rules[map->rule_count];
	struct reading_scope in = {rule, &rule->whole};
	unsigned given;

	if (map->rule_count == MAP_RULES_MAX)
		return map_reader_fail(r, "more than %d rules", MAP_RULES_MAX);
	map->rule_count++;
	rule->whole.root = map_pointer_root(map);
	if (map_reader_object(r, token, keys, &in, &given) < 0)
		return -1;
	return check_rule(r, rule);
}

static int read_rules(struct map_reader *r, enum json_token token, void *into)
{
	return map_reader_each(r, token, JSON_ARRAY, read_rule, into);
}

int map_rules_read(struct map_reader *r)
{
	static const struct map_key keys[] = {
	    {"description", read_description},
	    {"rules", read_rules},
	    {0},
	};
	enum json_token token;
	unsigned given;

	json_init(&r->json, r->text, MAP_READER_DEPTH);
	token = json_next(&r->json);
	if (token == JSON_ERROR)
		return map_reader_syntax(r);
	if (map_reader_object(r, token, keys, r->map, &given) < 0)
		return -1;
	if (r->map->rule_count == 0)
		return map_reader_fail(r, "there is no rule");
	return json_next(&r->json) == JSON_END ? 0 : map_reader_syntax(r);
}
