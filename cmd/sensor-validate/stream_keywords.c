/* The keywords for what a value or a reading is after those before it; see qartod.h. */
#include "keywords.h"
#include "limits.h"

/* The metric's rules, made where there are none. */
static struct qartod_rules *rules_of(struct compiler *c, struct value_schema *v,
                                     enum qartod_check check)
{
	c->schema->has_stream = true;
	if (!v->stream) {
		v->stream = pool_zeroed(&c->schema->pool, 1, sizeof(*v->stream));
		*v->stream = qartod_none;
	}
	v->stream->checks |= 1u << check;
	return v->stream;
}

static void read_gross_range(struct compiler *c, struct value_schema *v,
                             const struct json_value *value)
{
	struct qartod_rules *rules = rules_of(c, v, QARTOD_GROSS_RANGE);
	const struct limit limits[] = {
	    {"suspect", limit_range, &rules->suspect_range},
	    {"fail", limit_range, &rules->fail_range},
	    {NULL, NULL, NULL},
	};

	limits_read(value, limits, c->faults);
}

static void read_numbers(struct compiler *c, const struct json_value *value,
                         struct qartod_limits *into)
{
	const struct limit limits[] = {
	    {"suspect", limit_number, &into->suspect},
	    {"fail", limit_number, &into->fail},
	    {NULL, NULL, NULL},
	};

	limits_read(value, limits, c->faults);
}

static void read_spike(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	read_numbers(c, value, &rules_of(c, v, QARTOD_SPIKE)->spike);
}

static void read_rate(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	read_numbers(c, value, &rules_of(c, v, QARTOD_RATE_OF_CHANGE)->rate);
}

static void read_flat_line(struct compiler *c, struct value_schema *v,
                           const struct json_value *value)
{
	struct qartod_rules *rules = rules_of(c, v, QARTOD_FLAT_LINE);
	const struct limit limits[] = {
	    {"tolerance", limit_number, &rules->tolerance},
	    {"suspect", limit_span, &rules->flat.suspect},
	    {"fail", limit_span, &rules->flat.fail},
	    {NULL, NULL, NULL},
	};

	limits_read(value, limits, c->faults);
}

/* The sensor's own order matters. */
static struct order_rules *order_of(struct compiler *c)
{
	c->schema->has_stream = c->schema->order.made = true;
	return &c->schema->order;
}

static void read_time_gap(struct compiler *c, struct value_schema *v,
                          const struct json_value *value)
{
	(void)v;
	limit_span(value, &order_of(c)->gap, c->faults);
}

static void read_action(struct compiler *c, const struct json_value *value, enum quality *flag)
{
	if (value->kind == JSON_STRING && slice_is(value->string, "pass"))
		*flag = QUALITY_GOOD;
	else if (value->kind == JSON_STRING && slice_is(value->string, "suspect"))
		*flag = QUALITY_SUSPECT;
	else if (value->kind == JSON_STRING && slice_is(value->string, "reject"))
		*flag = QUALITY_FAIL;
	else
		faults_add(c->faults, "must be \"pass\", \"suspect\" or \"reject\"");
}

static void read_duplicates(struct compiler *c, struct value_schema *v,
                            const struct json_value *value)
{
	(void)v;
	read_action(c, value, &order_of(c)->duplicate);
}

static void read_out_of_order(struct compiler *c, struct value_schema *v,
                              const struct json_value *value)
{
	(void)v;
	read_action(c, value, &order_of(c)->out_of_order);
}

const struct keyword stream_keywords[] = {
    {"x-gross-range", AT_METRIC, read_gross_range},
    {"x-spike", AT_METRIC, read_spike},
    {"x-rate-of-change", AT_METRIC, read_rate},
    {"x-flat-line", AT_METRIC, read_flat_line},
    {"x-time-gap", AT_READING, read_time_gap},
    {"x-duplicates", AT_READING, read_duplicates},
    {"x-out-of-order", AT_READING, read_out_of_order},
    {NULL, 0, NULL},
};
