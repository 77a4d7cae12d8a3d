#include "text/number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') <= 9;
}

const char *number_scan(const char *p, const char *end, bool *exponent)
{
	*exponent = false;
	if (p < end && *p == '-')
		p++;
	if (p == end || !is_digit(*p))
		return NULL;
	if (*p == '0')
		p++;
	else
		while (p < end && is_digit(*p))
			p++;
	if (p < end && *p == '.') {
		if (++p == end || !is_digit(*p))
			return NULL;
		while (p < end && is_digit(*p))
			p++;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		*exponent = true;
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		if (p == end || !is_digit(*p))
			return NULL;
		while (p < end && is_digit(*p))
			p++;
	}
	return p;
}

const char *number_end(const char *ptr, const char *end)
{
	bool exponent;

	return number_scan(ptr, end, &exponent);
}

/* strtod(3) on a copy with an end; texts of any length. */
static double parse_slow(const char *ptr, size_t len)
{
	char small[64], *copy = small;
	double value;

	if (len >= sizeof(small)) {
		copy = malloc(len + 1);
		if (!copy)
			return INFINITY;
	}
	memcpy(copy, ptr, len);
	copy[len] = '\0';
	value = strtod(copy, NULL);
	if (copy != small)
		free(copy);
	return value;
}

/* Adds the digits at p to the mantissa, which wraps around when there are too many. */
static inline const char *read_digits(const char *p, const char *end, uint64_t *mantissa)
{
	while (p < end && is_digit(*p))
		*mantissa = *mantissa * 10 + (unsigned)(*p++ - '0');
	return p;
}

const char *number_read(const char *ptr, const char *end, double *value)
{
	/* Powers of ten that a double holds exactly. */
	static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
	                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
	                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	const char *digits = ptr + (ptr < end && *ptr == '-');
	uint64_t mantissa = 0;
	const char *p = read_digits(digits, end, &mantissa);
	ptrdiff_t count = p - digits, decimals = 0;

	if (count == 0)
		return NULL;
	if (count > 1 && *digits == '0') { /* the number ends behind the 0, as number_end() says */
		*value = *ptr == '-' ? -0.0 : 0.0;
		return digits + 1;
	}
	if (p < end && *p == '.') {
		const char *point = p;

		p = read_digits(p + 1, end, &mantissa);
		decimals = p - point - 1;
		if (decimals == 0)
			return NULL;
	}
	/* 19 digits cannot have overflowed the mantissa; more, or an exponent, are rare. */
	if (count + decimals > 19 || mantissa > UINT64_C(1) << 53 ||
	    (p < end && (*p | 0x20) == 'e')) {
		p = number_end(ptr, end);
		if (p)
			*value = parse_slow(ptr, (size_t)(p - ptr));
		return p;
	}
	*value = (double)mantissa / power[decimals];
	if (*ptr == '-')
		*value = -*value;
	return p;
}

int number_parse(struct slice text, double *value)
{
	const char *end = text.ptr + text.len;

	if (text.len == 0 || number_read(text.ptr, end, value) != end)
		return -1;
	return isfinite(*value) ? 0 : -1;
}

void number_append(struct buf *b, double value)
{
	char text[32];
	int len = 0;

	/* 15 digits are enough for what was a short decimal; 17 are for every double. */
	for (int precision = 15; precision <= 17; precision++) {
		len = snprintf(text, sizeof(text), "%.*g", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	buf_append(b, text, (size_t)len);
}

void number_append_float(struct buf *b, float value)
{
	char text[32];
	int len = 0;

	for (int precision = 6; precision <= 9; precision++) {
		len = snprintf(text, sizeof(text), "%.*g", precision, (double)value);
		if (strtof(text, NULL) == value)
			break;
	}
	buf_append(b, text, (size_t)len);
}
