/* The keywords for a reading as a whole that are this project's own. */
#include "keywords.h"
#include "limits.h"

#include "record/record.h"

/* Seconds over which a reading fails, or an object with such a limit and one for suspect. */
static void read_spans(struct compiler *c, const struct json_value *value,
                       struct qartod_spans *spans)
{
	const struct limit limits[] = {
	    {"suspect", limit_span, &spans->suspect},
	    {"fail", limit_span, &spans->fail},
	    {NULL, NULL, NULL},
	};

	if (value->kind != JSON_OBJECT) {
		limit_span(value, &spans->fail, c->faults);
		return;
	}
	limits_read(value, limits, c->faults);
	c->schema->has_stream |= spans->suspect != INT64_MAX;
}

static void read_max_age(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	(void)v;
	read_spans(c, value, &c->schema->age);
}

static void read_max_future(struct compiler *c, struct value_schema *v,
                            const struct json_value *value)
{
	(void)v;
	read_spans(c, value, &c->schema->future);
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
