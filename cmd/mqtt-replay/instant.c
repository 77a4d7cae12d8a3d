#include "instant.h"

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

/* "-24h" */
static int parse_ago(struct slice text, int64_t now, int64_t *us)
{
	int64_t span = unit_seconds(text.ptr[text.len - 1]) * CLOCK_SECOND, count = 0;
	int64_t most = span ? (now - CLOCK_MIN) / span : 0;

	if (span == 0 || text.len < 3)
		return -1;
	for (size_t i = 1; i < text.len - 1; i++) {
		int digit = text.ptr[i] - '0';

		if (digit < 0 || digit > 9)
			return -1;
		count = count * 10 + digit;
		if (count > most)
			return -1;
	}
	*us = now - count * span;
	return 0;
}

int instant_parse(struct slice text, int64_t now, int64_t *us)
{
	if (slice_is(text, "now")) {
		*us = now;
		return 0;
	}
	if (text.len && text.ptr[0] == '-')
		return parse_ago(text, now, us);
	return clock_parse(text, us);
}
