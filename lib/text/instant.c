#include "text/instant.h"

#include "base/clock.h"

static int64_t unit_seconds(char unit)
{
	switch (unit) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return 86400;
	case 'w':
		return 7 * 86400;
	default:
		return 0;
	}
}

int instant_parse_span(struct slice text, int64_t most, int64_t *us)
{
	int64_t unit, count = 0;

	if (text.len < 2)
		return -1;
	unit = unit_seconds(text.ptr[text.len - 1]) * CLOCK_SECOND;
	if (unit == 0)
		return -1;
	for (size_t i = 0; i < text.len - 1; i++) {
		int digit = text.ptr[i] - '0';

		if (digit < 0 || digit > 9)
			return -1;
		count = count * 10 + digit;
		if (count > most / unit)
			return -1;
	}
	*us = count * unit;
	return 0;
}

/* "2026-01-31" */
static int parse_day(struct slice text, int64_t *us)
{
	char whole[] = "2026-01-31T00:00:00Z";

	memcpy(whole, text.ptr, text.len);
	return clock_parse(slice_of(whole), us);
}

int instant_parse(struct slice text, int64_t now, int64_t *us)
{
	if (slice_is(text, "now")) {
		*us = now;
		return 0;
	}
	if (text.len && text.ptr[0] == '-') {
		struct slice span = {text.ptr + 1, text.len - 1};

		if (instant_parse_span(span, now - CLOCK_MIN, us) < 0)
			return -1;
		*us = now - *us;
		return 0;
	}
	if (text.len == sizeof("2026-01-31") - 1)
		return parse_day(text, us);
	return clock_parse(text, us);
}
