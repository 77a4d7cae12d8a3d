#include "cbor/cbor_number.h"

#include "text/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of an integer, with a NUL. */
enum { DIGITS_MAX = sizeof("18446744073709551616") };

/* Of a decimal fraction; far beyond those of a double. */
enum { EXPONENT_MAX = 9999 };

bool cbor_number_starts(const struct items *i, enum item item)
{
	return item == ITEM_INTEGER || item == ITEM_FLOAT ||
	       (item == ITEM_TAG && i->integer == CBOR_TAG_DECIMAL);
}

int cbor_fault(const struct items *i, struct fault *fault)
{
	return fault_set(fault, i->too_deep ? FAULT_TOO_DEEP : FAULT_BAD_CBOR, "offset %zu: %s",
	                 i->error_at, i->error);
}

/* The magnitude of the integer last read. */
static void write_digits(const struct items *i, char digits[DIGITS_MAX])
{
	if (i->negative && i->integer == UINT64_MAX)
		memcpy(digits, "18446744073709551616", DIGITS_MAX);
	else
		snprintf(digits, DIGITS_MAX, "%" PRIu64, i->integer + i->negative);
}

static void append_integer(const struct items *i, struct buf *text)
{
	char digits[DIGITS_MAX];

	write_digits(i, digits);
	buf_printf(text, "%s%s", i->negative ? "-" : "", digits);
}

/* The mantissa was just read. Written as 273.15, or with an exponent where that would be long. */
static void append_decimal(const struct items *i, int exponent, struct buf *text)
{
	enum { PLACES_MAX = 18 };
	char digits[DIGITS_MAX];
	int whole; /* digits before the point */

	write_digits(i, digits);
	whole = (int)strlen(digits) + exponent;
	if (i->negative)
		buf_putc(text, '-');
	if (exponent == 0)
		buf_append_string(text, digits);
	else if (exponent > 0 || exponent < -PLACES_MAX)
		buf_printf(text, "%se%d", digits, exponent);
	else if (whole > 0)
		buf_printf(text, "%.*s.%s", whole, digits, digits + whole);
	else
		buf_printf(text, "0.%.*s%s", -whole, "00000000000000000", digits);
}

static int fail_decimal(const struct items *i, struct fault *fault)
{
	return fault_set(fault, FAULT_UNSUPPORTED_SHAPE,
	                 "offset %zu: a decimal fraction that is not two integers", i->offset);
}

/* The next item of a decimal fraction, which must be this one. */
static int expect(struct items *i, enum item expected, struct fault *fault)
{
	enum item item = items_next(i);

	if (item == ITEM_ERROR)
		return cbor_fault(i, fault);
	return item == expected ? 0 : fail_decimal(i, fault);
}

/* What is behind the tag: an array of exponent and mantissa. */
static int append_fraction(struct items *i, struct buf *text, struct fault *fault)
{
	int exponent;

	if (expect(i, ITEM_ARRAY, fault) < 0 || expect(i, ITEM_INTEGER, fault) < 0)
		return -1;
	if (i->integer > EXPONENT_MAX)
		return fault_set(fault, FAULT_NUMBER_RANGE, "offset %zu: an exponent over %d",
		                 i->offset, EXPONENT_MAX);
	exponent = i->negative ? -(int)i->integer - 1 : (int)i->integer;
	if (expect(i, ITEM_INTEGER, fault) < 0)
		return -1;
	append_decimal(i, exponent, text);
	return expect(i, ITEM_CLOSE, fault);
}

int cbor_number_append(struct items *i, enum item item, struct buf *text, struct fault *fault)
{
	if (item == ITEM_TAG)
		return append_fraction(i, text, fault);
	if (item == ITEM_INTEGER) {
		append_integer(i, text);
		return 0;
	}
	if (!isfinite(i->number))
		return fault_set(fault, FAULT_NUMBER_RANGE, "offset %zu: not a finite number",
		                 i->offset);
	number_append(text, i->number);
	return 0;
}
