#include "device_time.h"

#include "base/clock.h"

#include <stdbool.h>
#include <string.h>

const char *const time_unit_names[] = {"s", "ms", "us", "ns", NULL};

/* An exponent this large is beyond all times, as is its negative. */
enum { EXPONENT_MAX = 1000000 };

/* Digits of CLOCK_MAX, the longest time, in microseconds. */
enum { DIGITS_MAX = 18 };

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') <= 9;
}

static int64_t parse_exponent(const char *p, const char *end)
{
	int64_t value = 0;
	bool negative = p < end && *p == '-';

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (; p < end; p++)
		if (value < EXPONENT_MAX)
			value = value * 10 + (*p - '0');
	return negative ? -value : value;
}

/* Powers of ten from a unit to microseconds. */
static int unit_power(enum time_unit unit)
{
	switch (unit) {
	case TIME_S:
		return 6;
	case TIME_MS:
		return 3;
	case TIME_US:
		return 0;
	case TIME_NS:
		return -3;
	}
	return 0;
}

/* The digits of a number from the first that is not 0, and where the decimal point is, counted in
 * digits from there: 0.00123 is 123 with the point at -2. */
struct decimal {
	const char *first, *end;
	int64_t point;
};

static struct decimal read_decimal(const char *p, const char *end)
{
	const char *dot = memchr(p, '.', (size_t)(end - p));
	struct decimal d;

	while (p < end && (*p == '0' || *p == '.'))
		p++;
	d.first = p;
	while (p < end && (is_digit(*p) || *p == '.'))
		p++;
	d.end = p;
	d.point = (dot ? dot : d.end) - d.first;
	if (d.point < 0)
		d.point++; /* the point itself stands between */
	if (p < end)
		d.point += parse_exponent(p + 1, end);
	return d;
}

int device_time_number(struct slice number, enum time_unit unit, int64_t *us)
{
	const char *p = number.ptr, *end = p + number.len;
	bool negative = p < end && *p == '-';
	struct decimal d = read_decimal(p + negative, end);
	int64_t digits = d.first == d.end ? 0 : d.point + unit_power(unit);
	int64_t value = 0;

	if (digits > DIGITS_MAX)
		return -1;
	for (p = d.first; digits > 0; digits--) {
		if (p < d.end && *p == '.')
			p++;
		value = value * 10 + (p < d.end ? *p++ - '0' : 0);
	}
	if (negative)
		value = -value;
	if (value < CLOCK_MIN || value > CLOCK_MAX)
		return -1;
	*us = value;
	return 0;
}
