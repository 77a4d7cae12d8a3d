/* A whole reading against its schema; see check.h. */
#include "check_value.h"

#include "base/clock.h"
#include "text/json.h"
#include "text/number.h"

static bool fail_time(struct check *c, enum failure_code code, const struct reading *r,
                      const char *keyword, int64_t limit)
{
	struct buf *detail = &c->failure.detail;
	int64_t apart = code == FAILURE_TOO_OLD ? r->received - r->time : r->time - r->received;

	failure_begin(&c->failure, code, SLICE(""));
	buf_append_string(detail, "time ");
	clock_append(detail, r->time);
	buf_append_string(detail, " is ");
	number_append(detail, (double)apart / 1e6);
	buf_printf(detail, " s %s its arrival, over %s ",
	           code == FAILURE_TOO_OLD ? "before" : "after", keyword);
	number_append(detail, (double)limit / 1e6);
	return false;
}

/* The time against that of arrival: not against the clock, so that a replay counts the same. */
static bool time_holds(struct check *c, const struct schema *s, const struct reading *r)
{
	if (r->received - r->time > s->age.fail)
		return fail_time(c, FAILURE_TOO_OLD, r, "x-max-age", s->age.fail);
	if (r->time - r->received > s->future.fail)
		return fail_time(c, FAILURE_TOO_FUTURE, r, "x-max-future", s->future.fail);
	return true;
}

static bool unit_holds(struct check *c, const struct value_schema *v, const struct metric *m)
{
	struct buf *detail = &c->failure.detail;

	if (m->unit.len == 0 || !(v->has & HAS_UNIT) || slice_equal(m->unit, v->unit))
		return true;
	failure_begin_value(&c->failure, FAILURE_UNIT, v->place, m->name, m->text);
	buf_append_string(detail, " has the unit ");
	buf_append_slice(detail, m->unit);
	buf_append_string(detail, ", not x-unit ");
	buf_append_slice(detail, v->unit);
	return false;
}

/* The bytes a string value stands for. */
static struct slice string_of(struct check *c, struct slice text)
{
	struct slice raw = {text.ptr + 1, text.len - 2};

	if (raw.len == 0 || !memchr(raw.ptr, '\\', raw.len))
		return raw;
	buf_clear(&c->unescaped);
	json_unescape(raw, &c->unescaped);
	return buf_slice(&c->unescaped);
}

static bool metric_holds(struct check *c, const struct value_schema *v, const struct metric *m,
                         struct json_value *x)
{
	static const enum json_token kinds[] = {[VALUE_NUMBER] = JSON_NUMBER,
	                                        [VALUE_TRUE] = JSON_TRUE,
	                                        [VALUE_FALSE] = JSON_FALSE,
	                                        [VALUE_STRING] = JSON_STRING};

	/* Of a value in another unit the limits say nothing: the unit comes first. */
	if (!unit_holds(c, v, m))
		return false;
	x->kind = kinds[m->kind];
	x->number = m->number;
	if (m->kind == VALUE_STRING)
		x->string = string_of(c, m->text);
	return check_value(c, v, x);
}

static bool metrics_hold(struct check *c, const struct value_schema *root, const struct reading *r)
{
	struct json_value x = {0};
	struct object_walk walk;

	object_begin(&walk, root);
	for (size_t i = 0; i < r->count; i++) {
		const struct metric *m = &r->metrics[i];
		const struct value_schema *v;

		x.name = m->name;
		x.text = m->text;
		v = object_member(c, &walk, &x);
		if (!v || !metric_holds(c, v, m, &x))
			return false;
	}
	return object_end(c, root, r->count);
}

bool check_reading(struct check *c, struct schema *s, const struct reading *r)
{
	if (s->root.never) {
		failure_begin(&c->failure, FAILURE_FALSE_SCHEMA, s->root.place);
		buf_append_string(&c->failure.detail, "refused by the schema false");
		return false;
	}
	return time_holds(c, s, r) && (!s->root.object || metrics_hold(c, &s->root, r));
}

void check_free(struct check *c)
{
	buf_free(&c->failure.detail);
	buf_free(&c->at);
	buf_free(&c->unescaped);
}
