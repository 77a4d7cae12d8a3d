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

/* Powers of ten that a double holds exactly. */
static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define EACH_BYTE UINT64_C(0x0101010101010101)

/* How many of the bytes, from the lowest on, are digits less '0'; the number of bytes where all
 * are. */
static inline unsigned count_digits(uint64_t bytes)
{
	uint64_t others = ((bytes + EACH_BYTE * 0x76) | bytes) & EACH_BYTE * 0x80;

	return others ? (unsigned)__builtin_ctzll(others) / 8 : 8;
}

/* The number that the first `count` (1 to 7) bytes make, digits less '0': pairs of digits, then of
 * pairs, then of those are put together in parallel. */
static inline uint64_t join_digits(uint64_t bytes, unsigned count)
{
	const uint64_t mask = UINT64_C(0x000000ff000000ff);

	bytes <<= 64 - 8 * count;
	bytes = bytes * 10 + (bytes >> 8);
	return ((bytes & mask) * (100 + (UINT64_C(1000000) << 32)) +
	        ((bytes >> 16) & mask) * (1 + (UINT64_C(10000) << 32))) >>
	       32;
}

/* As number_read(), of what is most common: eight bytes that hold digits with or without a point
 * and the byte behind them. NULL: it is something else. */
static inline const char *read_short(const char *ptr, const char *end, double *value)
{
	const char *p = ptr + (ptr < end && *ptr == '-');
	unsigned count, decimals = 0;
	uint64_t bytes, low;

	if (end - p < 8)
		return NULL;
	memcpy(&bytes, p, 8);
	bytes ^= EACH_BYTE * '0';
	count = count_digits(bytes);
	if (count == 0 || count == 8 || (count > 1 && *p == '0'))
		return NULL;
	p += count;
	if (*p == '.') {
		/* The decimals move down over the point; what then comes from above is no digit. */
		low = (UINT64_C(1) << 8 * count) - 1;
		bytes = (bytes & low) | (bytes >> 8 & ~low) | UINT64_C(0xff) << 56;
		decimals = count_digits(bytes) - count;
		count += decimals;
		if (decimals == 0 || count == 7)
			return NULL;
		p += 1 + decimals;
	}
	if ((*p | 0x20) == 'e')
		return NULL;
	*value = (double)join_digits(bytes, count) / power[decimals];
	if (*ptr == '-')
		*value = -*value;
	return p;
}
#else
static inline const char *read_short(const char *ptr, const char *end, double *value)
{
	(void)ptr, (void)end, (void)value;
	return NULL;
}
#endif

static const char *read_any(const char *ptr, const char *end, double *value)
{
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

const char *number_read(const char *ptr, const char *end, double *value)
{
	const char *p = read_short(ptr, end, value);

	return p ? p : read_any(ptr, end, value);
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
