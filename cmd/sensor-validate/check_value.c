/* The keywords for values; see check.h. A keyword says nothing about values of another type than it
 * is for. */
#include "check_value.h"

#include "faults.h"

#include "text/utf8.h"

/* A failure whose detail reads `NAME VALUE <how> <limit>`. */
static bool fail(struct check *c, enum failure_code code, const struct value_schema *v,
                 const struct json_value *x, const char *how, struct slice limit)
{
	failure_begin_value(&c->failure, code, v->place, x->name, x->text);
	buf_putc(&c->failure.detail, ' ');
	buf_append_string(&c->failure.detail, how);
	failure_append_cut(&c->failure, limit, FAILURE_LIMIT_MAX);
	return false;
}

static bool type_holds(unsigned type, const struct json_value *x)
{
	switch (x->kind) {
	case JSON_NUMBER:
		return type & TYPE_NUMBER ||
		       (type & TYPE_INTEGER && exact_is_integer(json_value_exact(x)));
	case JSON_STRING:
		return type & TYPE_STRING;
	case JSON_OBJECT:
		return type & TYPE_OBJECT;
	case JSON_ARRAY:
		return type & TYPE_ARRAY;
	case JSON_NULL:
		return type & TYPE_NULL;
	default:
		return type & TYPE_BOOLEAN;
	}
}

static bool one_of(const struct json_value *enumeration, const struct json_value *x)
{
	for (const struct json_value *item = enumeration->first; item; item = item->next)
		if (json_value_equal(item, x))
			return true;
	return false;
}

/* As exact_compare(), which for most needs no texts. */
static inline int compare(const struct json_value *x, const struct exact *limit)
{
	if (x->number != limit->value)
		return x->number < limit->value ? -1 : 1;
	return exact_compare_texts(x->text, limit->text);
}

static bool number_holds(struct check *c, const struct value_schema *v, const struct json_value *x)
{
	if (v->has & HAS_MINIMUM && compare(x, &v->minimum) < 0)
		return fail(c, FAILURE_MINIMUM, v, x, "is under minimum ", v->minimum.text);
	if (v->has & HAS_MAXIMUM && compare(x, &v->maximum) > 0)
		return fail(c, FAILURE_MAXIMUM, v, x, "is over maximum ", v->maximum.text);
	if (v->has & HAS_EXCLUSIVE_MINIMUM && compare(x, &v->exclusive_minimum) <= 0)
		return fail(c, FAILURE_EXCLUSIVE_MINIMUM, v, x, "is not over exclusiveMinimum ",
		            v->exclusive_minimum.text);
	if (v->has & HAS_EXCLUSIVE_MAXIMUM && compare(x, &v->exclusive_maximum) >= 0)
		return fail(c, FAILURE_EXCLUSIVE_MAXIMUM, v, x, "is not under exclusiveMaximum ",
		            v->exclusive_maximum.text);
	if (v->has & HAS_MULTIPLE_OF && !exact_is_multiple(json_value_exact(x), &v->divisor))
		return fail(c, FAILURE_MULTIPLE_OF, v, x, "is no multiple of ",
		            v->multiple_of.text);
	return true;
}

static bool length_holds(struct check *c, const struct value_schema *v, const struct json_value *x,
                         size_t length)
{
	struct buf *detail = &c->failure.detail;

	if (v->has & HAS_MIN_LENGTH && length < v->min_length) {
		fail(c, FAILURE_MIN_LENGTH, v, x, "is shorter than minLength ", SLICE(""));
		buf_append_u64(detail, v->min_length);
	} else if (v->has & HAS_MAX_LENGTH && length > v->max_length) {
		fail(c, FAILURE_MAX_LENGTH, v, x, "is longer than maxLength ", SLICE(""));
		buf_append_u64(detail, v->max_length);
	} else {
		return true;
	}
	buf_printf(detail, ": it has %zu characters", length);
	return false;
}

static bool string_holds(struct check *c, const struct value_schema *v, const struct json_value *x)
{
	if (v->has & (HAS_MIN_LENGTH | HAS_MAX_LENGTH) &&
	    !length_holds(c, v, x, utf8_length(x->string)))
		return false;
	if (!(v->has & HAS_PATTERN))
		return true;
	switch (pattern_search(v->pattern, x->string)) {
	case PATTERN_FOUND:
		return true;
	case PATTERN_NOT_FOUND:
		return fail(c, FAILURE_PATTERN, v, x, "does not match pattern ", v->pattern_text);
	case PATTERN_LIMIT:
		break;
	}
	return fail(c, FAILURE_PATTERN_LIMIT, v, x, "is too long or takes too long for pattern ",
	            v->pattern_text);
}

/* c->at is left at the member that fails. */
static bool members_hold(struct check *c, const struct value_schema *v, const struct json_value *x)
{
	struct object_walk walk;

	object_begin(&walk, v);
	for (const struct json_value *member = x->first; member; member = member->next) {
		size_t mark = c->at.len;
		const struct value_schema *of_member;

		pointer_append(&c->at, member->name);
		of_member = object_member(c, &walk, member);
		if (!of_member || !check_value(c, of_member, member))
			return false;
		c->at.len = mark;
	}
	return object_end(c, v, x->count);
}

bool check_value(struct check *c, const struct value_schema *v, const struct json_value *x)
{
	if (x->kind == JSON_NUMBER && x->number > v->safe_low && x->number < v->safe_high)
		return true;
	if (v->never)
		return fail(c, FAILURE_FALSE_SCHEMA, v, x, "is refused by the schema false",
		            SLICE(""));
	if (v->has & HAS_TYPE && !type_holds(v->type, x))
		return fail(c, FAILURE_TYPE, v, x, "is not of type ", v->type_text);
	if (v->has & HAS_CONST && !json_value_equal(v->constant, x))
		return fail(c, FAILURE_CONST, v, x, "is not ", v->constant_text);
	if (v->has & HAS_ENUM && !one_of(v->enumeration, x))
		return fail(c, FAILURE_ENUM, v, x, "is none of ", v->enumeration_text);
	if (x->kind == JSON_NUMBER)
		return number_holds(c, v, x);
	if (x->kind == JSON_STRING)
		return string_holds(c, v, x);
	if (x->kind == JSON_OBJECT && v->object)
		return members_hold(c, v, x);
	return true;
}

bool check_document(struct check *c, struct schema *s, const struct json_value *value)
{
	buf_clear(&c->at);
	return check_value(c, &s->root, value);
}
