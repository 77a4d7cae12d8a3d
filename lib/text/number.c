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

const char *number_end(const char *p, const char *end)
{
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

/* strtod(3) on a copy with an end; texts of any length. */
static int parse_slow(struct slice text, double *value)
{
	char small[64], *copy = small;

	if (text.len >= sizeof(small)) {
		copy = malloc(text.len + 1);
		if (!copy)
			return -1;
	}
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	*value = strtod(copy, NULL);
	if (copy != small)
		free(copy);
	return isfinite(*value) ? 0 : -1;
}

int number_parse(struct slice text, double *value)
{
	/* Powers of ten that a double holds exactly. */
	static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
	                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
	                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	const char *p = text.ptr, *end = text.ptr + text.len;
	bool negative = p < end && *p == '-';
	uint64_t mantissa = 0;
	unsigned count = 0, decimals = 0;

	if (number_end(p, end) != end || text.len == 0)
		return -1;
	p += negative;
	for (; p < end && is_digit(*p); p++, count++)
		mantissa = mantissa * 10 + (unsigned)(*p - '0');
	if (p < end && *p == '.')
		for (p++; p < end && is_digit(*p); p++, count++, decimals++)
			mantissa = mantissa * 10 + (unsigned)(*p - '0');
	/* 19 digits cannot have overflowed the mantissa; more, or an exponent, are rare. */
	if (p != end || count > 19 || mantissa > UINT64_C(1) << 53)
		return parse_slow(text, value);
	*value = (double)mantissa / power[decimals];
	if (negative)
		*value = -*value;
	return 0;
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
