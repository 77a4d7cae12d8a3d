/* The keywords for a reading as a whole that are this project's own. */
#include "keywords.h"

#include "record/record.h"

/* Seconds, fractions allowed, to microseconds. */
static void read_span(const struct json_value *value, int64_t *us, struct faults *faults)
{
	const double most = 1e10; /* 300 years; over it there is no reason for a limit */

	if (value->kind != JSON_NUMBER || value->number < 0 || value->number > most)
		faults_add(faults, "must be a number of seconds from 0 to 1e10");
	else
		*us = (int64_t)(value->number * 1e6 + 0.5);
}

static void read_max_age(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	(void)v;
	read_span(value, &c->schema->max_age, c->faults);
}

static void read_max_future(struct compiler *c, struct value_schema *v,
                            const struct json_value *value)
{
	(void)v;
	read_span(value, &c->schema->max_future, c->faults);
}

/* One item of x-compatible-with. */
static void read_version(struct compiler *c, const struct json_value *item)
{
	struct schema *s = c->schema;
	struct slice version;
	const char *wrong;

	if (keyword_string(item, &version, c->faults) < 0)
		return;
	wrong = record_name_fault(version, false);
	for (size_t i = 0; !wrong && i < s->compatible_count; i++)
		if (slice_equal(s->compatible[i], version))
			wrong = "is given twice";
	if (wrong)
		faults_add(c->faults, "no version: it %s", wrong);
	else
		s->compatible[s->compatible_count++] = version;
}

static void read_compatible(struct compiler *c, struct value_schema *v,
                            const struct json_value *value)
{
	size_t index = 0;

	(void)v;
	if (keyword_container(value, JSON_ARRAY, c->faults) < 0)
		return;
	c->schema->compatible = pool_zeroed(&c->schema->pool, value->count,
	                                    sizeof(*c->schema->compatible));
	c->schema->compatible_count = 0;
	for (const struct json_value *item = value->first; item; item = item->next) {
		size_t mark = faults_enter_index(c->faults, index++);

		read_version(c, item);
		faults_leave(c->faults, mark);
	}
}

const struct keyword reading_keywords[] = {
    {"x-max-age", AT_READING, read_max_age},
    {"x-max-future", AT_READING, read_max_future},
    {"x-compatible-with", AT_READING, read_compatible},
    {NULL, 0, NULL},
};
