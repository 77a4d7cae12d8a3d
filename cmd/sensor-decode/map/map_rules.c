#include "map/map_rules.h"

#include "map/map_keys.h"
#include "map/map_pointer.h"

/* ---- names ---- */

/* "=constant", or a pointer. */
static int read_source(struct map_reader *r, enum json_token token, struct map_scope *scope,
                       struct map_source *source)
{
	struct slice text;
	const char *fault;

	if (token != JSON_STRING || r->json.text.len == 0 || *r->json.text.ptr != '=')
		return map_keys_pointer(r, token, scope, &source->pointer);
	if (map_reader_string(r, token, &text) < 0)
		return -1;
	source->constant = (struct slice){text.ptr + 1, text.len - 1};
	fault = record_name_fault(source->constant, false);
	return fault ? map_reader_fail(r, "the constant %s", fault) : 0;
}

static int read_type(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = ((struct map_part *)into)->scope;

	return read_source(r, token, scope, &scope->type);
}

static int read_sensor(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = ((struct map_part *)into)->scope;

	return read_source(r, token, scope, &scope->sensor);
}

static int read_schema(struct map_reader *r, enum json_token token, void *into)
{
	struct map_scope *scope = ((struct map_part *)into)->scope;

	return read_source(r, token, scope, &scope->schema);
}

static int read_description(struct map_reader *r, enum json_token token, void *into)
{
	struct slice ignored;

	(void)into;
	return map_reader_string(r, token, &ignored);
}

/* ---- rules ---- */

static int read_topic(struct map_reader *r, enum json_token token, void *into)
{
	struct map_rule *rule = ((struct map_part *)into)->rule;
	struct slice text;
	const char *fault;

	if (map_reader_string(r, token, &text) < 0)
		return -1;
	fault = topic_template_read(text, &rule->topic);
	return fault ? map_reader_fail(r, "%s", fault) : 0;
}

static int read_content_type(struct map_reader *r, enum json_token token, void *into)
{
	struct map_rule *rule = ((struct map_part *)into)->rule;
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
	return map_reader_bool(r, token, &((struct map_part *)into)->rule->may_be_empty);
}

static int read_array(struct map_reader *r, enum json_token token, void *into)
{
	struct map_rule *rule = ((struct map_part *)into)->rule;
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
	    {"array", read_array},         {"type", read_type},
	    {"sensor", read_sensor},       {"time", map_keys_time},
	    {"quality", map_keys_quality}, {"metrics", map_keys_metrics},
	    {"members", map_keys_members}, {0},
	};
	struct map_rule *rule = ((struct map_part *)into)->rule;
	struct map_part in = {rule, &rule->each};
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
	    {"time", map_keys_time},
	    {"quality", map_keys_quality},
	    {"metrics", map_keys_metrics},
	    {"members", map_keys_members},
	    {"may-be-empty", read_may_be_empty},
	    {"each", read_each},
	    {0},
	};
	struct map *map = into;
	struct map_rule *rule = &map->rules[map->rule_count];
	struct map_part in = {rule, &rule->whole};
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
