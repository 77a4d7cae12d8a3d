#include "csv_row.h"

#include "base/clock.h"
#include "text/number.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

enum { FIELD_MAX = 64 }; /* bytes of a timestamp or value; longer ones are none */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Up to the next comma, without blanks and quotes around it; NULL ptr when there is none. */
static struct slice next_field(struct slice *line)
{
	struct slice field = *line;
	const char *comma;

	if (!line->ptr)
		return field;
	comma = line->len ? memchr(line->ptr, ',', line->len) : NULL;
	if (comma) {
		field.len = (size_t)(comma - line->ptr);
		line->len -= field.len + 1;
		line->ptr = comma + 1;
	} else {
		*line = (struct slice){0};
	}
	for (; field.len && is_blank(*field.ptr); field.ptr++)
		field.len--;
	while (field.len && is_blank(field.ptr[field.len - 1]))
		field.len--;
	if (field.len >= 2 && *field.ptr == '"' && field.ptr[field.len - 1] == '"')
		field = (struct slice){field.ptr + 1, field.len - 2};
	return field;
}

/* ---- time ---- */

static bool parse_epoch(struct slice text, int64_t *us)
{
	double number, seconds;

	if (number_parse(text, &number) < 0)
		return false;
	if (fabs(number) < 1e11)
		seconds = number;
	else if (fabs(number) < 1e14)
		seconds = number / 1e3;
	else if (fabs(number) < 1e17)
		seconds = number / 1e6;
	else
		seconds = number / 1e9;
	if (seconds < (double)CLOCK_MIN / 1e6 || seconds > (double)CLOCK_MAX / 1e6)
		return false;
	*us = (int64_t)llround(seconds * 1e6);
	return true;
}

/* What RFC 3339 calls for, in place of what was left out. */
static bool parse_partial(struct slice text, int64_t *us)
{
	static const struct slice rests[] = {{"Z", 1}, {":00Z", 4}, {"T00:00:00Z", 10}};
	char whole[FIELD_MAX + 10];

	memcpy(whole, text.ptr, text.len);
	for (size_t i = 0; i < sizeof(rests) / sizeof(rests[0]); i++) {
		memcpy(whole + text.len, rests[i].ptr, rests[i].len);
		if (clock_parse((struct slice){whole, text.len + rests[i].len}, us) == 0)
			return true;
	}
	return false;
}

static bool parse_time(struct slice text, int64_t *us)
{
	if (text.len == 0 || text.len > FIELD_MAX)
		return false;
	return clock_parse(text, us) == 0 || parse_epoch(text, us) || parse_partial(text, us);
}

/* ---- value ---- */

static bool is_missing(struct slice text)
{
	static const char *const words[] = {"nan",  "na",  "n/a",  "null",
	                                    "none", "inf", "+inf", "-inf"};

	if (text.len == 0)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == text.len && strncasecmp(text.ptr, words[i], text.len) == 0)
			return true;
	return false;
}

/* Also ".5", "5." and "+5". */
static bool parse_value(struct slice text, double *value)
{
	char copy[FIELD_MAX + 1], *end;

	if (number_parse(text, value) == 0)
		return true;
	if (text.len > FIELD_MAX)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	if (strspn(copy, "0123456789+-.eE") != text.len)
		return false;
	*value = strtod(copy, &end);
	return *end == '\0' && end > copy && isfinite(*value);
}

enum csv_status csv_row_parse(struct slice line, struct csv_row *row)
{
	struct slice time = next_field(&line), value = next_field(&line);

	if (!parse_time(time, &row->time))
		return value.ptr ? CSV_BAD_TIME : CSV_BAD_ROW;
	if (!value.ptr)
		return CSV_BAD_ROW;
	if (is_missing(value))
		return CSV_MISSING;
	return parse_value(value, &row->value) ? CSV_ROW : CSV_BAD_VALUE;
}
