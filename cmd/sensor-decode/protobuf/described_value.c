#include "protobuf/described_value.h"

#include "base64url.h"
#include "text/json.h"
#include "text/number.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <math.h>

enum wire_type described_wire_type(enum proto_type type)
{
	switch (type) {
	case PROTO_DOUBLE:
	case PROTO_FIXED64:
	case PROTO_SFIXED64:
		return WIRE_64BIT;
	case PROTO_FLOAT:
	case PROTO_FIXED32:
	case PROTO_SFIXED32:
		return WIRE_32BIT;
	case PROTO_STRING:
	case PROTO_BYTES:
	case PROTO_MESSAGE:
		return WIRE_BYTES;
	default:
		return WIRE_VARINT;
	}
}

static enum described append_signed(struct buf *b, int64_t value)
{
	buf_printf(b, "%" PRId64, value);
	return DESCRIBED_OK;
}

static enum described append_unsigned(struct buf *b, uint64_t value, uint64_t most)
{
	if (value > most)
		return DESCRIBED_RANGE;
	buf_append_u64(b, value);
	return DESCRIBED_OK;
}

/* Negative ones are sent with ten bytes; some senders cut them to 32 bits. */
static bool to_int32(uint64_t bits, int32_t *value)
{
	*value = (int32_t)(uint32_t)bits;
	return bits <= UINT32_MAX || bits >= UINT64_MAX - INT32_MAX;
}

static enum described append_int32(struct buf *b, uint64_t bits)
{
	int32_t value;

	return to_int32(bits, &value) ? append_signed(b, value) : DESCRIBED_RANGE;
}

/* 0, -1, 1, -2, ... as 0, 1, 2, 3, ... */
static int64_t from_zigzag(uint64_t bits)
{
	return (int64_t)(bits >> 1 ^ (0 - (bits & 1)));
}

static enum described append_double(struct buf *b, uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	if (!isfinite(value))
		return DESCRIBED_NOT_FINITE;
	number_append(b, value);
	return DESCRIBED_OK;
}

static enum described append_float(struct buf *b, uint64_t bits)
{
	uint32_t low = (uint32_t)bits;
	float value;

	memcpy(&value, &low, sizeof(value));
	if (!isfinite(value))
		return DESCRIBED_NOT_FINITE;
	number_append_float(b, value);
	return DESCRIBED_OK;
}

static enum described append_bool(struct buf *b, uint64_t bits)
{
	if (bits > 1)
		return DESCRIBED_RANGE;
	buf_append_string(b, bits ? "true" : "false");
	return DESCRIBED_OK;
}

static enum described append_string(struct buf *b, struct slice text)
{
	if (text.len && memchr(text.ptr, '\0', text.len))
		return DESCRIBED_NUL;
	if (!utf8_valid(text))
		return DESCRIBED_NOT_UTF8;
	json_append_string(b, text);
	return DESCRIBED_OK;
}

static enum described append_enumerator(struct buf *b, const struct proto_enum *e, uint64_t bits)
{
	const struct proto_enumerator *found;
	int32_t number;

	if (!to_int32(bits, &number))
		return DESCRIBED_RANGE;
	found = proto_enumerator(e, number);
	if (!found)
		return DESCRIBED_NO_ENUMERATOR;
	json_append_string(b, found->name);
	return DESCRIBED_OK;
}

enum described described_append(const struct proto_field *field, const struct wire_field *value,
                                struct buf *b)
{
	uint64_t bits = value->value;

	switch (field->type) {
	case PROTO_DOUBLE:
		return append_double(b, bits);
	case PROTO_FLOAT:
		return append_float(b, bits);
	case PROTO_INT64:
	case PROTO_SFIXED64:
		return append_signed(b, (int64_t)bits);
	case PROTO_UINT64:
	case PROTO_FIXED64:
		return append_unsigned(b, bits, UINT64_MAX);
	case PROTO_INT32:
	case PROTO_SFIXED32:
		return append_int32(b, bits);
	case PROTO_UINT32:
	case PROTO_FIXED32:
		return append_unsigned(b, bits, UINT32_MAX);
	case PROTO_SINT32:
		return bits > UINT32_MAX ? DESCRIBED_RANGE : append_signed(b, from_zigzag(bits));
	case PROTO_SINT64:
		return append_signed(b, from_zigzag(bits));
	case PROTO_BOOL:
		return append_bool(b, bits);
	case PROTO_STRING:
		return append_string(b, value->bytes);
	case PROTO_BYTES:
		buf_putc(b, '"');
		base64url_append(b, value->bytes);
		buf_putc(b, '"');
		return DESCRIBED_OK;
	default:
		return append_enumerator(b, field->enumeration, bits);
	}
}
