/* The keywords for one value; see check.h. A keyword says nothing about values of another type than
 * it is for. */
#include "check.h"

#include "text/json.h"
#include "text/utf8.h"

static struct exact exact_of(const struct metric *m)
{
	return (struct exact){m->number, m->text};
}

/* A failure whose detail reads `NAME VALUE <how> <limit>`. */
static bool fail(struct check *c, enum failure_code code, const struct metric *m, const char *how,
                 const char *limit)
{
	failure_begin_value(&c->failure, code, m->name, m->text);
	buf_putc(&c->failure.detail, ' ');
	buf_append_string(&c->failure.detail, how);
	buf_append_string(&c->failure.detail, limit);
	return false;
}

static bool fail_limit(struct check *c, enum failure_code code, const struct metric *m,
                       const char *how, const struct limit *limit)
{
	fail(c, code, m, how, "");
	buf_append(&c->failure.detail, limit->text, limit->len);
	return false;
}

static bool type_holds(unsigned type, const struct metric *m)
{
	switch (m->kind) {
	case VALUE_NUMBER:
		return type & TYPE_NUMBER || (type & TYPE_INTEGER && exact_is_integer(exact_of(m)));
	case VALUE_STRING:
		return type & TYPE_STRING;
	case VALUE_TRUE:
	case VALUE_FALSE:
		break;
	}
	return type & TYPE_BOOLEAN;
}

static bool one_of(const struct literals *l, const struct metric *m, struct slice string)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct literal *item = &l->items[i];

		if (item->kind != m->kind)
			continue;
		if (m->kind == VALUE_NUMBER &&
		    exact_compare(exact_of(m), limit_exact(&item->number)) != 0)
			continue;
		if (m->kind == VALUE_STRING && !slice_equal(string, item->string))
			continue;
		return true;
	}
	return false;
}

static bool number_holds(struct check *c, const struct value_schema *v, const struct metric *m)
{
	struct exact x = exact_of(m);

	if (v->has & HAS_MINIMUM && exact_compare(x, limit_exact(&v->minimum)) < 0)
		return fail_limit(c, FAILURE_MINIMUM, m, "is under minimum ", &v->minimum);
	if (v->has & HAS_MAXIMUM && exact_compare(x, limit_exact(&v->maximum)) > 0)
		return fail_limit(c, FAILURE_MAXIMUM, m, "is over maximum ", &v->maximum);
	if (v->has & HAS_EXCLUSIVE_MINIMUM &&
	    exact_compare(x, limit_exact(&v->exclusive_minimum)) <= 0)
		return fail_limit(c, FAILURE_EXCLUSIVE_MINIMUM, m, "is not over exclusiveMinimum ",
		                  &v->exclusive_minimum);
	if (v->has & HAS_EXCLUSIVE_MAXIMUM &&
	    exact_compare(x, limit_exact(&v->exclusive_maximum)) >= 0)
		return fail_limit(c, FAILURE_EXCLUSIVE_MAXIMUM, m, "is not under exclusiveMaximum ",
		                  &v->exclusive_maximum);
	if (v->has & HAS_MULTIPLE_OF && !exact_is_multiple(x, &v->divisor))
		return fail_limit(c, FAILURE_MULTIPLE_OF, m, "is no multiple of ", &v->multiple_of);
	return true;
}

static bool length_holds(struct check *c, const struct value_schema *v, const struct metric *m,
                         size_t length)
{
	struct buf *detail = &c->failure.detail;

	if (v->has & HAS_MIN_LENGTH && length < v->min_length) {
		fail(c, FAILURE_MIN_LENGTH, m, "is shorter than minLength ", "");
		buf_append_u64(detail, v->min_length);
	} else if (v->has & HAS_MAX_LENGTH && length > v->max_length) {
		fail(c, FAILURE_MAX_LENGTH, m, "is longer than maxLength ", "");
		buf_append_u64(detail, v->max_length);
	} else {
		return true;
	}
	buf_printf(detail, ": it has %zu characters", length);
	return false;
}

static bool string_holds(struct check *c, const struct value_schema *v, const struct metric *m,
                         struct slice string)
{
	if (v->has & (HAS_MIN_LENGTH | HAS_MAX_LENGTH) &&
	    !length_holds(c, v, m, utf8_length(string)))
		return false;
	if (!(v->has & HAS_PATTERN))
		return true;
	switch (pattern_search(v->pattern, string)) {
	case PATTERN_FOUND:
		return true;
	case PATTERN_NOT_FOUND:
		return fail(c, FAILURE_PATTERN, m, "does not match pattern ", v->pattern_text);
	case PATTERN_LIMIT:
		break;
	}
	return fail(c, FAILURE_PATTERN_LIMIT, m, "is too long or takes too long for pattern ",
	            v->pattern_text);
}

/* The bytes a string value stands for. */
static struct slice string_of(struct check *c, const struct metric *m)
{
	struct slice raw = {m->text.ptr + 1, m->text.len - 2};

	if (raw.len == 0 || !memchr(raw.ptr, '\\', raw.len))
		return raw;
	buf_clear(&c->unescaped);
	json_unescape(raw, &c->unescaped);
	return buf_slice(&c->unescaped);
}

bool check_value(struct check *c, const struct value_schema *v, const struct metric *m)
{
	struct slice string = {0};

	if (v->never)
		return fail(c, FAILURE_FALSE_SCHEMA, m, "is refused by the schema false", "");
	if (v->has & HAS_TYPE && !type_holds(v->type, m))
		return fail(c, FAILURE_TYPE, m, "is not of type ", v->type_text);
	if (m->kind == VALUE_STRING && v->has & ~HAS_TYPE)
		string = string_of(c, m);
	if (v->has & HAS_CONST && !one_of(&v->constant, m, string))
		return fail(c, FAILURE_CONST, m, "is not ", v->constant.text);
	if (v->has & HAS_ENUM && !one_of(&v->enumeration, m, string))
		return fail(c, FAILURE_ENUM, m, "is none of ", v->enumeration.text);
	if (m->kind == VALUE_NUMBER)
		return number_holds(c, v, m);
	if (m->kind == VALUE_STRING)
		return string_holds(c, v, m, string);
	return true;
}
