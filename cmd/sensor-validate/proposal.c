#include "proposal.h"

#include "schema.h"

#include "text/json.h"
#include "text/number.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The limit as a decimal of few digits, `value` rounded to the multiple of 10^exponent that is
 * beyond it (direction -1 or 1); where a double cannot tell such decimals apart, the next double
 * beyond. */
static void append_limit(struct buf *out, double value, double seen, int exponent, int direction)
{
	double step = pow(10, exponent);
	double rounded = direction < 0 ? floor(value / step) : ceil(value / step);
	char text[32];

	snprintf(text, sizeof(text), "%.15g", rounded * step);
	rounded = strtod(text, NULL);
	if (isfinite(rounded) && (direction < 0 ? rounded < seen : rounded > seen))
		number_append(out, rounded);
	else
		number_append(out, nextafter(seen, direction * DBL_MAX));
}

static void append_limits(struct buf *out, const struct trait *t)
{
	double range = t->most - t->least, size = fmax(fabs(t->most), fabs(t->least));
	double margin = range > 0 ? range / 4 : size > 0 ? size / 4 : 1;
	double least = t->least - margin, most = t->most + margin;
	int exponent;

	/* At the ends of what a double holds there is nothing beyond. */
	if (!isfinite(least) || !isfinite(most) || margin < DBL_MIN)
		return;
	exponent = (int)floor(log10(margin));
	if (t->types & TYPE_INTEGER && exponent < 0)
		exponent = 0;
	buf_append_string(out, ",\n\t\t\t\"minimum\": ");
	if (t->least >= 0 && least < 0)
		buf_putc(out, '0');
	else
		append_limit(out, least, t->least, exponent, -1);
	buf_append_string(out, ",\n\t\t\t\"maximum\": ");
	if (t->most <= 0 && most > 0)
		buf_putc(out, '0');
	else
		append_limit(out, most, t->most, exponent, 1);
}

static void append_strings(struct buf *out, const struct trait *t)
{
	if (t->types != TYPE_STRING || t->many_words ||
	    t->count < PROPOSAL_REPEATS * (uint64_t)t->word_count) {
		buf_printf(out, ",\n\t\t\t\"maxLength\": %zu", t->longest > 0 ? 2 * t->longest : 1);
		return;
	}
	buf_append_string(out, ",\n\t\t\t\"enum\": [");
	for (size_t i = 0; i < t->word_count; i++) {
		if (i > 0)
			buf_append_string(out, ", ");
		json_append_string(out, t->words[i]);
	}
	buf_putc(out, ']');
}

static void append_types(struct buf *out, unsigned types)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = {{TYPE_NUMBER, "\"number\""},
	             {TYPE_INTEGER, "\"integer\""},
	             {TYPE_STRING, "\"string\""},
	             {TYPE_BOOLEAN, "\"boolean\""}};
	bool several = types & (types - 1);
	const char *before = several ? "[" : "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(types & names[i].bit))
			continue;
		buf_append_string(out, before);
		buf_append_string(out, names[i].name);
		before = ", ";
	}
	if (several)
		buf_putc(out, ']');
}

/* For who looks the proposal through. */
static void append_comment(struct buf *out, const struct trait *t)
{
	buf_printf(out, "\"$comment\": \"seen %" PRIu64 " times", t->count);
	if (t->types & (TYPE_NUMBER | TYPE_INTEGER)) {
		buf_append_string(out, ", ");
		number_append(out, t->least);
		buf_append_string(out, " to ");
		number_append(out, t->most);
	}
	buf_append_string(out, "\"");
}

static void append_property(struct buf *out, const struct trait *t)
{
	buf_append_string(out, "\t\t");
	json_append_string(out, t->name);
	buf_append_string(out, ": {\n\t\t\t");
	append_comment(out, t);
	buf_append_string(out, ",\n\t\t\t\"type\": ");
	append_types(out, t->types);
	if (t->types & (TYPE_NUMBER | TYPE_INTEGER))
		append_limits(out, t);
	if (t->types & TYPE_STRING)
		append_strings(out, t);
	if (t->unit.len > 0 && !t->many_units) {
		buf_append_string(out, ",\n\t\t\t\"x-unit\": ");
		json_append_string(out, t->unit);
	}
	buf_append_string(out, "\n\t\t}");
}

void proposal_append(struct buf *out, const struct kind *k)
{
	const char *before = "";

	buf_printf(out,
	           "{\n\t\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
	           "\t\"$comment\": \"Proposed from %" PRIu64 " readings: check its limits\",\n"
	           "\t\"type\": \"object\",\n\t\"properties\": {\n",
	           k->count);
	for (const struct trait *t = k->first; t; t = t->next) {
		append_property(out, t);
		buf_append_string(out, t->next ? ",\n" : "\n");
	}
	buf_append_string(out, "\t},\n\t\"required\": [");
	for (const struct trait *t = k->first; t; t = t->next) {
		if (t->count < k->count)
			continue;
		buf_append_string(out, before);
		json_append_string(out, t->name);
		before = ", ";
	}
	buf_append_string(out, "],\n\t\"additionalProperties\": false\n}\n");
}
