#include "keywords.h"

#include <math.h>

static const struct keyword *const tables[] = {type_keywords,   scalar_keywords,
                                               object_keywords, reading_keywords,
                                               stream_keywords, annotation_keywords};

static const struct keyword *find(struct slice name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct keyword *k = tables[i]; k->name; k++)
			if (slice_is(name, k->name))
				return k;
	return NULL;
}

static void read_member(struct compiler *c, struct value_schema *v, unsigned where,
                        const struct json_value *member)
{
	const struct keyword *keyword = find(member->name);

	if (!keyword)
		faults_add(c->faults, "unknown keyword");
	else if (c->use == SCHEMA_OF_VALUES || keyword->where & where)
		keyword->read(c, v, member);
	else if (where == AT_READING)
		faults_add(c->faults,
		           "has no effect on a reading as a whole: it belongs below properties");
	else
		faults_add(c->faults, "has no effect on a value: readings are flat, nested metrics "
		                      "have dotted names (\"a.b\")");
}

static void set_safe_range(struct value_schema *v)
{
	if (v->has & (HAS_CONST | HAS_ENUM | HAS_MULTIPLE_OF) ||
	    (v->has & HAS_TYPE && !(v->type & TYPE_NUMBER)))
		return;
	v->safe_low = -INFINITY;
	v->safe_high = INFINITY;
	if (v->has & HAS_MINIMUM)
		v->safe_low = fmax(v->safe_low, v->minimum.value);
	if (v->has & HAS_EXCLUSIVE_MINIMUM)
		v->safe_low = fmax(v->safe_low, v->exclusive_minimum.value);
	if (v->has & HAS_MAXIMUM)
		v->safe_high = fmin(v->safe_high, v->maximum.value);
	if (v->has & HAS_EXCLUSIVE_MAXIMUM)
		v->safe_high = fmin(v->safe_high, v->exclusive_maximum.value);
}

void keywords_read(struct compiler *c, struct value_schema *v, unsigned where,
                   const struct json_value *node)
{
	v->place = pool_copy(&c->schema->pool, buf_slice(&c->faults->pointer));
	if (node->kind == JSON_TRUE || node->kind == JSON_FALSE) {
		v->never = node->kind == JSON_FALSE;
		return;
	}
	if (node->kind != JSON_OBJECT) {
		faults_add(c->faults, "must be a schema: an object, true or false");
		return;
	}
	for (const struct json_value *member = node->first; member; member = member->next) {
		size_t mark = faults_enter(c->faults, member->name);

		read_member(c, v, where, member);
		faults_leave(c->faults, mark);
	}
	set_safe_range(v);
}

int keyword_count(const struct json_value *value, uint64_t *count, struct faults *faults)
{
	/* 2^53: up to it every integer is a double. */
	const struct exact most = {9007199254740992, SLICE("9007199254740992")};

	if (value->kind != JSON_NUMBER || value->number < 0 ||
	    exact_compare(json_value_exact(value), most) > 0 ||
	    !exact_is_integer(json_value_exact(value))) {
		faults_add(faults, "must be an integer from 0 to 2^53");
		return -1;
	}
	*count = (uint64_t)value->number;
	return 0;
}

int keyword_number(const struct json_value *value, struct exact *number, struct faults *faults)
{
	if (value->kind != JSON_NUMBER) {
		faults_add(faults, "must be a number");
		return -1;
	}
	*number = json_value_exact(value);
	return 0;
}

int keyword_string(const struct json_value *value, struct slice *string, struct faults *faults)
{
	if (value->kind != JSON_STRING) {
		faults_add(faults, "must be a string");
		return -1;
	}
	*string = value->string;
	return 0;
}

int keyword_container(const struct json_value *value, enum json_token kind, struct faults *faults)
{
	if (value->kind == kind)
		return 0;
	faults_add(faults, kind == JSON_OBJECT ? "must be an object" : "must be an array");
	return -1;
}

struct slice keyword_text(struct compiler *c, const struct json_value *value)
{
	struct buf compact = {0};
	struct slice text;

	json_append_compact(&compact, value->text);
	text = pool_copy(&c->schema->pool, buf_slice(&compact));
	buf_free(&compact);
	return text;
}
