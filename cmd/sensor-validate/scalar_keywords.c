/* The keywords for numbers and strings. */
#include "keywords.h"

#include "record/record.h"

static void read_minimum(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	v->has |= HAS_MINIMUM;
	keyword_number(value, &v->minimum, c->faults);
}

static void read_maximum(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	v->has |= HAS_MAXIMUM;
	keyword_number(value, &v->maximum, c->faults);
}

static void read_exclusive_minimum(struct compiler *c, struct value_schema *v,
                                   const struct json_value *value)
{
	v->has |= HAS_EXCLUSIVE_MINIMUM;
	keyword_number(value, &v->exclusive_minimum, c->faults);
}

static void read_exclusive_maximum(struct compiler *c, struct value_schema *v,
                                   const struct json_value *value)
{
	v->has |= HAS_EXCLUSIVE_MAXIMUM;
	keyword_number(value, &v->exclusive_maximum, c->faults);
}

static void read_multiple_of(struct compiler *c, struct value_schema *v,
                             const struct json_value *value)
{
	v->has |= HAS_MULTIPLE_OF;
	if (keyword_number(value, &v->multiple_of, c->faults) == 0 &&
	    divisor_set(&v->divisor, v->multiple_of) < 0)
		faults_add(c->faults,
		           "must be over 0 in the range of a double, and of at most %d digits",
		           DIVISOR_DIGITS_MAX);
}

static void read_min_length(struct compiler *c, struct value_schema *v,
                            const struct json_value *value)
{
	v->has |= HAS_MIN_LENGTH;
	keyword_count(value, &v->min_length, c->faults);
}

static void read_max_length(struct compiler *c, struct value_schema *v,
                            const struct json_value *value)
{
	v->has |= HAS_MAX_LENGTH;
	keyword_count(value, &v->max_length, c->faults);
}

static void read_pattern(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	struct slice regex;
	char why[256];

	if (keyword_string(value, &regex, c->faults) < 0)
		return;
	v->has |= HAS_PATTERN;
	v->pattern_text = value->text;
	v->pattern = pattern_compile(regex, why, sizeof(why));
	if (!v->pattern)
		faults_add(c->faults, "broken pattern: %s", why);
}

static void read_unit(struct compiler *c, struct value_schema *v, const struct json_value *value)
{
	if (keyword_string(value, &v->unit, c->faults) < 0)
		return;
	v->has |= HAS_UNIT;
	if (v->unit.len == 0 || v->unit.len > RECORD_UNIT_MAX)
		faults_add(c->faults, "must have 1 to %d bytes, as the units of readings have",
		           RECORD_UNIT_MAX);
}

const struct keyword scalar_keywords[] = {
    {"minimum", AT_METRIC, read_minimum},
    {"maximum", AT_METRIC, read_maximum},
    {"exclusiveMinimum", AT_METRIC, read_exclusive_minimum},
    {"exclusiveMaximum", AT_METRIC, read_exclusive_maximum},
    {"multipleOf", AT_METRIC, read_multiple_of},
    {"minLength", AT_METRIC, read_min_length},
    {"maxLength", AT_METRIC, read_max_length},
    {"pattern", AT_METRIC, read_pattern},
    {"x-unit", AT_METRIC, read_unit},
    {NULL, 0, NULL},
};
