/* A whole reading against its schema; see check.h. */
#include "check.h"

#include "base/clock.h"
#include "text/number.h"

static bool fail(struct check *c, enum failure_code code)
{
	failure_begin(&c->failure, code);
	return false;
}

static bool fail_time(struct check *c, enum failure_code code, const struct reading *r,
                      const char *keyword, int64_t limit)
{
	struct buf *detail = &c->failure.detail;
	int64_t apart = code == FAILURE_TOO_OLD ? r->received - r->time : r->time - r->received;

	fail(c, code);
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
	if (r->received - r->time > s->max_age)
		return fail_time(c, FAILURE_TOO_OLD, r, "x-max-age", s->max_age);
	if (r->time - r->received > s->max_future)
		return fail_time(c, FAILURE_TOO_FUTURE, r, "x-max-future", s->max_future);
	return true;
}

/* The property of a name. Metrics mostly come in the order of the reading before: *guess is the
 * one that followed the last time, and is set to what is found. */
static struct property *find(const struct schema *s, struct property **guess, struct slice name)
{
	struct property *p = *guess;

	if (!p || !slice_equal(p->name, name))
		p = *guess = schema_find(s, name);
	return p;
}

static bool metrics_hold(struct check *c, struct schema *s, const struct reading *r)
{
	struct property **guess = &s->first;

	for (size_t i = 0; i < r->count; i++) {
		const struct metric *m = &r->metrics[i];
		struct property *p = find(s, guess, m->name);

		if (p) {
			p->seen_in = s->readings;
			guess = &p->followed;
		}
		if (p && p->declared) {
			if (!check_value(c, &p->value, m))
				return false;
		} else if (s->additional.never) {
			failure_begin_value(&c->failure, FAILURE_ADDITIONAL_PROPERTIES, m->name,
			                    m->text);
			buf_append_string(&c->failure.detail, " is no metric of this schema");
			return false;
		} else if (!check_value(c, &s->additional, m)) {
			return false;
		}
	}
	return true;
}

static bool required_hold(struct check *c, const struct schema *s)
{
	for (size_t i = 0; i < s->required_count; i++) {
		if (s->required[i]->seen_in == s->readings)
			continue;
		fail(c, FAILURE_REQUIRED);
		buf_append_slice(&c->failure.detail, s->required[i]->name);
		buf_append_string(&c->failure.detail, " is missing");
		return false;
	}
	return true;
}

static bool dependencies_hold(struct check *c, const struct schema *s)
{
	for (size_t i = 0; i < s->dependency_count; i++) {
		const struct dependency *d = &s->dependencies[i];

		if (d->on->seen_in != s->readings || d->needs->seen_in == s->readings)
			continue;
		fail(c, FAILURE_DEPENDENT_REQUIRED);
		buf_append_slice(&c->failure.detail, d->needs->name);
		buf_append_string(&c->failure.detail, " is missing, which there must be with ");
		buf_append_slice(&c->failure.detail, d->on->name);
		return false;
	}
	return true;
}

static bool count_holds(struct check *c, const struct schema *s, size_t count)
{
	if (count < s->min_properties) {
		fail(c, FAILURE_MIN_PROPERTIES);
		buf_printf(&c->failure.detail, "%zu metrics are fewer than minProperties ", count);
		buf_append_u64(&c->failure.detail, s->min_properties);
		return false;
	}
	if (count > s->max_properties) {
		fail(c, FAILURE_MAX_PROPERTIES);
		buf_printf(&c->failure.detail, "%zu metrics are more than maxProperties ", count);
		buf_append_u64(&c->failure.detail, s->max_properties);
		return false;
	}
	return true;
}

bool check_reading(struct check *c, struct schema *s, const struct reading *r)
{
	if (s->never) {
		fail(c, FAILURE_FALSE_SCHEMA);
		buf_append_string(&c->failure.detail, "refused by the schema false");
		return false;
	}
	s->readings++;
	return time_holds(c, s, r) && metrics_hold(c, s, r) && required_hold(c, s) &&
	       dependencies_hold(c, s) && count_holds(c, s, r->count);
}

void check_free(struct check *c)
{
	buf_free(&c->failure.detail);
	buf_free(&c->unescaped);
}
