#include "sparkplug/sparkplug_value.h"

#include "base/clock.h"
#include "text/json.h"
#include "text/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

static int mismatch(const Sparkplug__Metric *m, uint32_t datatype, struct fault *fault)
{
	return fault_set(fault, FAULT_BAD_SPARKPLUG,
	                 "the value of '%s' is not one of its datatype, %" PRIu32,
	                 m->name ? m->name : "", datatype);
}

/* The integer's field, and how many bits that has. */
static unsigned integer_field(const Sparkplug__Metric *m, uint64_t *bits)
{
	switch (m->value_case) {
	case SPARKPLUG__METRIC__VALUE_INT_VALUE:
		*bits = m->int_value;
		return 32;
	case SPARKPLUG__METRIC__VALUE_LONG_VALUE:
		*bits = m->long_value;
		return 64;
	default:
		return 0;
	}
}

/* All bits from this one on. */
static uint64_t bits_from(unsigned bit)
{
	return bit < 64 ? UINT64_MAX << bit : 0;
}

/* Negative numbers stand in the unsigned fields as two's complement, cut to the width of the
 * datatype, or extended to that of the field; both are in use. Nothing else may be above the width.
 */
static bool integer_fits(uint64_t bits, unsigned field, unsigned width, bool is_signed)
{
	uint64_t above = bits & bits_from(width);
	bool negative = is_signed && (bits >> (width - 1) & 1);

	return above == 0 || (negative && above == (bits_from(width) & ~bits_from(field)));
}

static int append_integer(const Sparkplug__Metric *m, uint32_t datatype, struct buf *b,
                          struct fault *fault)
{
	bool is_signed = datatype <= SPARKPLUG_INT64;
	unsigned width = 8U << (is_signed ? datatype - SPARKPLUG_INT8 : datatype - SPARKPLUG_UINT8);
	uint64_t bits = 0, sign = UINT64_C(1) << (width - 1);
	unsigned field = integer_field(m, &bits);

	if (field == 0 || !integer_fits(bits, field, width, is_signed))
		return mismatch(m, datatype, fault);
	/* of 64 bits in 32: nobody can tell whether it was negative */
	if (is_signed && width > field && bits >> (field - 1))
		return mismatch(m, datatype, fault);
	bits &= ~bits_from(width);
	if (is_signed && bits & sign)
		buf_printf(b, "-%" PRIu64, (bits ^ ~bits_from(width)) + 1);
	else
		buf_append_u64(b, bits);
	return SPARKPLUG_TAKEN;
}

static int append_real(const Sparkplug__Metric *m, uint32_t datatype, struct buf *b,
                       struct fault *fault)
{
	if (m->value_case == SPARKPLUG__METRIC__VALUE_FLOAT_VALUE) {
		if (!isfinite(m->float_value))
			return SPARKPLUG_RANGE;
		number_append_float(b, m->float_value);
	} else if (m->value_case == SPARKPLUG__METRIC__VALUE_DOUBLE_VALUE) {
		if (!isfinite(m->double_value))
			return SPARKPLUG_RANGE;
		number_append(b, m->double_value);
	} else {
		return mismatch(m, datatype, fault);
	}
	return SPARKPLUG_TAKEN;
}

static int append_text(const Sparkplug__Metric *m, uint32_t datatype, size_t max_string,
                       struct buf *b, struct fault *fault)
{
	size_t before = b->len;

	if (m->value_case != SPARKPLUG__METRIC__VALUE_STRING_VALUE)
		return mismatch(m, datatype, fault);
	json_append_string(b, slice_of(m->string_value));
	if (b->len - before - 2 > max_string) { /* without its quotes */
		b->len = before;
		return SPARKPLUG_TOO_LONG;
	}
	return SPARKPLUG_TAKEN;
}

static int append_time(const Sparkplug__Metric *m, struct buf *b, struct fault *fault)
{
	if (m->value_case != SPARKPLUG__METRIC__VALUE_LONG_VALUE)
		return mismatch(m, SPARKPLUG_DATETIME, fault);
	if (m->long_value > CLOCK_MAX / 1000)
		return SPARKPLUG_RANGE;
	buf_putc(b, '"');
	clock_append(b, (int64_t)m->long_value * 1000);
	buf_putc(b, '"');
	return SPARKPLUG_TAKEN;
}

int sparkplug_value(const Sparkplug__Metric *m, uint32_t datatype, size_t max_string, struct buf *b,
                    struct fault *fault)
{
	if (m->is_null || m->value_case == SPARKPLUG__METRIC__VALUE__NOT_SET)
		return SPARKPLUG_NULL;
	if (m->is_transient)
		return SPARKPLUG_TRANSIENT;
	switch (datatype) {
	case SPARKPLUG_FLOAT:
	case SPARKPLUG_DOUBLE:
		return append_real(m, datatype, b, fault);
	case SPARKPLUG_BOOLEAN:
		if (m->value_case != SPARKPLUG__METRIC__VALUE_BOOLEAN_VALUE)
			return mismatch(m, datatype, fault);
		buf_append_string(b, m->boolean_value ? "true" : "false");
		return SPARKPLUG_TAKEN;
	case SPARKPLUG_STRING:
	case SPARKPLUG_TEXT:
	case SPARKPLUG_UUID:
		return append_text(m, datatype, max_string, b, fault);
	case SPARKPLUG_DATETIME:
		return append_time(m, b, fault);
	default:
		if (datatype >= SPARKPLUG_INT8 && datatype <= SPARKPLUG_UINT64)
			return append_integer(m, datatype, b, fault);
		return SPARKPLUG_UNSUPPORTED;
	}
}
