#include "exact.h"

#include <string.h>

/* The significant digits of a number, wherever its point is. Zero has none. */
struct decimal {
	bool negative;
	struct slice digits; /* from the first to the last that is not 0; a '.' may be among them */
	int64_t count;       /* of digits, without the '.' */
	int64_t exponent;    /* power of ten of the last digit */
};

/* The number after 'e'. One that is out of all proportion is cut to what no length of text can make
 * up for. */
static int64_t read_exponent(const char *p, const char *end)
{
	const int64_t most = INT64_MAX / 64;
	bool negative = false;
	int64_t value = 0;

	if (*p == '-' || *p == '+')
		negative = *p++ == '-';
	for (; p < end; p++)
		if (value < most)
			value = value * 10 + (*p - '0');
	return negative ? -value : value;
}

static struct decimal decimal_of(struct slice text)
{
	const char *p = text.ptr, *end = p + text.len, *mantissa_end = end, *point, *last;
	struct decimal d = {0};
	int64_t exponent = 0;

	for (const char *e = p; e < end; e++) {
		if (*e == 'e' || *e == 'E') {
			exponent = read_exponent(e + 1, end);
			mantissa_end = e;
			break;
		}
	}
	if (*p == '-') {
		d.negative = true;
		p++;
	}
	point = memchr(p, '.', (size_t)(mantissa_end - p));
	while (p < mantissa_end && (*p == '0' || *p == '.'))
		p++;
	if (p == mantissa_end)
		return (struct decimal){.digits = {p, 0}};
	for (last = mantissa_end - 1; *last == '0' || *last == '.'; last--)
		;
	d.digits = (struct slice){p, (size_t)(last + 1 - p)};
	d.count = last + 1 - p;
	if (point && point > p && point < last)
		d.count--;
	if (point && point < last)
		d.exponent = exponent - (last - point);
	else
		d.exponent = exponent + ((point ? point : mantissa_end) - 1 - last);
	return d;
}

/* Compares the digits, both starting at the same power of ten. */
static int compare_digits(struct slice a, struct slice b)
{
	const char *p = a.ptr, *p_end = p + a.len, *q = b.ptr, *q_end = q + b.len;

	for (;; p++, q++) {
		if (p < p_end && *p == '.')
			p++;
		if (q < q_end && *q == '.')
			q++;
		if (p == p_end || q == q_end)
			return (p < p_end) - (q < q_end);
		if (*p != *q)
			return *p < *q ? -1 : 1;
	}
}

static int compare_magnitudes(const struct decimal *a, const struct decimal *b)
{
	int64_t a_top = a->exponent + a->count, b_top = b->exponent + b->count;

	if (a->count == 0 || b->count == 0)
		return (a->count > 0) - (b->count > 0);
	if (a_top != b_top)
		return a_top < b_top ? -1 : 1;
	return compare_digits(a->digits, b->digits);
}

int exact_compare_texts(struct slice a, struct slice b)
{
	struct decimal x, y;

	if (slice_equal(a, b))
		return 0;
	x = decimal_of(a);
	y = decimal_of(b);
	if (x.negative != y.negative)
		return x.negative ? -1 : 1;
	return x.negative ? -compare_magnitudes(&x, &y) : compare_magnitudes(&x, &y);
}

bool exact_is_integer(struct exact a)
{
	struct decimal d = decimal_of(a.text);

	return d.count == 0 || d.exponent >= 0;
}

int divisor_set(struct divisor *d, struct exact number)
{
	struct decimal x = decimal_of(number.text);

	/* As a double it must not be 0: that bounds the exponent. */
	if (number.value <= 0 || x.count > DIVISOR_DIGITS_MAX)
		return -1;
	d->significand = 0;
	for (size_t i = 0; i < x.digits.len; i++)
		if (x.digits.ptr[i] != '.')
			d->significand = d->significand * 10 + (uint64_t)(x.digits.ptr[i] - '0');
	d->exponent = x.exponent;
	return 0;
}

/* (rest * 10 + digit), reduced modulo `modulus` when the next step could overflow otherwise. */
static inline uint64_t next_rest(uint64_t rest, unsigned digit, uint64_t modulus)
{
	rest = rest * 10 + digit;
	return rest > (UINT64_MAX - 9) / 10 ? rest % modulus : rest;
}

bool exact_is_multiple(struct exact a, const struct divisor *d)
{
	struct decimal x = decimal_of(a.text);
	uint64_t rest = 0;

	if (x.count == 0)
		return true;
	/* a / d = digits * 10^(difference of the exponents) / significand. The last digit is not
	 * 0, so a negative power of ten leaves a fraction. */
	if (x.exponent < d->exponent)
		return false;
	for (size_t i = 0; i < x.digits.len; i++)
		if (x.digits.ptr[i] != '.')
			rest = next_rest(rest, (unsigned)(x.digits.ptr[i] - '0'), d->significand);
	/* At most some 1,000 steps: both numbers are in the range of a double. */
	for (int64_t e = x.exponent; e > d->exponent && rest != 0; e--)
		rest = next_rest(rest, 0, d->significand);
	return rest % d->significand == 0;
}
