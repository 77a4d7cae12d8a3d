#include "decimal.h"

#include <stdbool.h>

/* An exponent this large is beyond all places, as is its negative. */
enum { EXPONENT_MAX = 1000000 };

/* Digits of a sum: one more than those of its parts. */
enum { DIGITS = 2 * DECIMAL_PLACES + 1 };

/* Fixed point: digits[i] counts 10 to the power of i - DECIMAL_PLACES. */
struct fixed {
	int digits[DIGITS];
	int places; /* behind the point, as far as they are written */
};

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') <= 9;
}

static bool is_zero(struct slice number)
{
	for (size_t i = 0; i < number.len && (number.ptr[i] | 0x20) != 'e'; i++)
		if (number.ptr[i] >= '1' && number.ptr[i] <= '9')
			return false;
	return true;
}

/* A sign, perhaps, and digits. */
static int read_exponent(const char *p, const char *end)
{
	bool negative = p < end && *p == '-';
	int value = 0;

	if (p < end && !is_digit(*p))
		p++;
	for (; p < end; p++)
		if (value < EXPONENT_MAX)
			value = value * 10 + (*p - '0');
	return negative ? -value : value;
}

/* Adds a number's digits to those in f. Returns -1 when it reaches beyond the places. */
static int add_number(struct fixed *f, struct slice number)
{
	const char *end = number.ptr + number.len, *first = number.ptr, *p, *point = NULL;
	int sign = *first == '-' ? -1 : 1, power;

	if (number.len > EXPONENT_MAX)
		return -1;
	first += sign < 0;
	for (p = first; p < end && (*p | 0x20) != 'e'; p++)
		if (*p == '.')
			point = p;
	power = p < end ? read_exponent(p + 1, end) : 0;
	if (point)
		power -= (int)(p - point) - 1;
	if (-power > f->places)
		f->places = -power;
	while (p-- > first) { /* from the last digit on */
		if (*p == '.')
			continue;
		if (power < -DECIMAL_PLACES || (power >= DECIMAL_PLACES && *p != '0'))
			return -1;
		if (power < DECIMAL_PLACES)
			f->digits[power + DECIMAL_PLACES] += sign * (*p - '0');
		power++;
	}
	return 0;
}

/* Brings each digit to 0 to 9. Returns 0, or -1 where the sum is negative: then the digits are
 * those of its ten's complement. */
static int carry(struct fixed *f)
{
	int over = 0;

	for (int i = 0; i < DIGITS; i++) {
		int value = f->digits[i] + over;

		over = value < 0 ? (value - 9) / 10 : value / 10;
		f->digits[i] = value - over * 10;
	}
	return over;
}

static struct slice write_fixed(const struct fixed *f, bool negative, char *out)
{
	int top = DIGITS - 1;
	char *p = out;

	while (top > DECIMAL_PLACES && f->digits[top] == 0)
		top--;
	if (negative)
		*p++ = '-';
	for (int i = top; i >= DECIMAL_PLACES - f->places; i--) {
		if (i == DECIMAL_PLACES - 1)
			*p++ = '.';
		*p++ = (char)('0' + f->digits[i]);
	}
	return (struct slice){out, (size_t)(p - out)};
}

int decimal_add(struct slice a, struct slice b, char out[DECIMAL_TEXT_MAX], struct slice *sum)
{
	struct fixed f = {.places = 0};
	bool negative;

	if (is_zero(b) || is_zero(a)) {
		*sum = is_zero(b) ? a : b;
		return 0;
	}
	if (add_number(&f, a) < 0 || add_number(&f, b) < 0)
		return -1;
	negative = carry(&f) < 0;
	if (negative) {
		for (int i = 0; i < DIGITS; i++)
			f.digits[i] = -f.digits[i];
		carry(&f);
	}
	*sum = write_fixed(&f, negative, out);
	return 0;
}
