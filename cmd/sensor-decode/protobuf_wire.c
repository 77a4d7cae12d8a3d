#include "protobuf_wire.h"

#include "text/utf8.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

struct wire {
	const char *start, *pos, *end; /* of the payload; end is that of the message that is read */
	enum protobuf_unknown unknown;
	struct fault *fault;
};

static size_t offset(const struct wire *w)
{
	return (size_t)(w->pos - w->start);
}

static int fail(struct wire *w, const char *what)
{
	return fault_set(w->fault, FAULT_BAD_PROTOBUF, "offset %zu: %s", offset(w), what);
}

static int read_varint(struct wire *w, uint64_t *value)
{
	enum { BYTES_MAX = 10 };
	unsigned shift = 0;

	*value = 0;
	for (int i = 0; i < BYTES_MAX && w->pos < w->end; i++, shift += 7) {
		unsigned char byte = (unsigned char)*w->pos++;

		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return 0;
	}
	return fail(w, w->pos == w->end ? "the message ends inside a number"
	                                : "a number over 64 bits");
}

static int skip_bytes(struct wire *w, uint64_t count)
{
	if (count > (uint64_t)(w->end - w->pos))
		return fail(w, "a field that is longer than what is left");
	w->pos += count;
	return 0;
}

static ProtobufCWireType wire_type_of(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_DOUBLE:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_SFIXED64:
		return PROTOBUF_C_WIRE_TYPE_64BIT;
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_SFIXED32:
		return PROTOBUF_C_WIRE_TYPE_32BIT;
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_BYTES:
	case PROTOBUF_C_TYPE_MESSAGE:
		return PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
	default:
		return PROTOBUF_C_WIRE_TYPE_VARINT;
	}
}

static int check_string(struct wire *w, struct slice text, const char *field)
{
	if (text.len && memchr(text.ptr, '\0', text.len))
		return fault_set(w->fault, FAULT_NUL, "offset %zu: '%s' has a NUL in it", offset(w),
		                 field);
	if (!utf8_valid(text))
		return fault_set(w->fault, FAULT_BAD_PROTOBUF, "offset %zu: '%s' is not UTF-8",
		                 offset(w), field);
	return 0;
}

static int check_message(struct wire *w, const ProtobufCMessageDescriptor *type);

/* The value of a field that has a length. */
static int check_prefixed(struct wire *w, const ProtobufCFieldDescriptor *field)
{
	const char *outer_end = w->end, *start;
	uint64_t len;

	if (read_varint(w, &len) < 0)
		return -1;
	start = w->pos;
	if (skip_bytes(w, len) < 0)
		return -1;
	if (field->type == PROTOBUF_C_TYPE_STRING)
		return check_string(w, (struct slice){start, (size_t)len}, field->name);
	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		return 0;
	w->end = w->pos;
	w->pos = start;
	if (check_message(w, field->descriptor) < 0)
		return -1;
	w->end = outer_end;
	return 0;
}

static int check_value(struct wire *w, const ProtobufCFieldDescriptor *field, unsigned wire_type)
{
	uint64_t value;

	if (wire_type != (unsigned)wire_type_of(field->type))
		return fault_set(w->fault, FAULT_BAD_PROTOBUF,
		                 "offset %zu: '%s' has wire type %u, not %u", offset(w),
		                 field->name, wire_type, (unsigned)wire_type_of(field->type));
	switch (wire_type) {
	case PROTOBUF_C_WIRE_TYPE_VARINT:
		return read_varint(w, &value);
	case PROTOBUF_C_WIRE_TYPE_64BIT:
		return skip_bytes(w, 8);
	case PROTOBUF_C_WIRE_TYPE_32BIT:
		return skip_bytes(w, 4);
	default:
		return check_prefixed(w, field);
	}
}

/* A field that the message type does not have. */
static int skip_unknown(struct wire *w, const ProtobufCMessageDescriptor *type, uint64_t key)
{
	uint64_t len = 0;

	if (w->unknown == PROTOBUF_UNKNOWN_REFUSED || key >> 3 == 0)
		return fault_set(w->fault, FAULT_UNKNOWN_FIELD,
		                 "offset %zu: a %s has no field %" PRIu64, offset(w),
		                 type->short_name, key >> 3);
	switch (key & 7) {
	case PROTOBUF_C_WIRE_TYPE_VARINT:
		return read_varint(w, &len);
	case PROTOBUF_C_WIRE_TYPE_64BIT:
		return skip_bytes(w, 8);
	case PROTOBUF_C_WIRE_TYPE_32BIT:
		return skip_bytes(w, 4);
	case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
		return read_varint(w, &len) < 0 ? -1 : skip_bytes(w, len);
	default:
		return fail(w, "a group, or no wire type");
	}
}

static uint32_t bit_of(const ProtobufCMessageDescriptor *type,
                       const ProtobufCFieldDescriptor *field)
{
	return UINT32_C(1) << (field - type->fields);
}

/* The fields that may not follow this one: itself, and those of the same oneof. */
static uint32_t excluded_by(const ProtobufCMessageDescriptor *type,
                            const ProtobufCFieldDescriptor *field)
{
	uint32_t bits = bit_of(type, field);

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return 0;
	if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
		return bits;
	for (unsigned i = 0; i < type->n_fields; i++)
		if ((type->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
		    type->fields[i].quantifier_offset == field->quantifier_offset)
			bits |= bit_of(type, &type->fields[i]);
	return bits;
}

static int check_required(struct wire *w, const ProtobufCMessageDescriptor *type, uint32_t seen)
{
	for (unsigned i = 0; i < type->n_fields; i++)
		if (type->fields[i].label == PROTOBUF_C_LABEL_REQUIRED && !(seen >> i & 1))
			return fault_set(w->fault, FAULT_BAD_PROTOBUF,
			                 "offset %zu: a %s without '%s'", offset(w),
			                 type->short_name, type->fields[i].name);
	return 0;
}

/* Reads the message from w->pos to w->end. */
static int check_message(struct wire *w, const ProtobufCMessageDescriptor *type)
{
	uint32_t seen = 0, excluded = 0;

	while (w->pos < w->end) {
		const ProtobufCFieldDescriptor *field = NULL;
		uint64_t key;

		if (read_varint(w, &key) < 0)
			return -1;
		if (key >> 3 <= UINT32_MAX)
			field = protobuf_c_message_descriptor_get_field(type, (unsigned)(key >> 3));
		if (!field) {
			if (skip_unknown(w, type, key) < 0)
				return -1;
			continue;
		}
		if (excluded & bit_of(type, field))
			return fault_set(w->fault, FAULT_BAD_PROTOBUF,
			                 "offset %zu: '%s' is given twice, or beside another value",
			                 offset(w), field->name);
		seen |= bit_of(type, field);
		excluded |= excluded_by(type, field);
		if (check_value(w, field, key & 7) < 0)
			return -1;
	}
	return check_required(w, type, seen);
}

int protobuf_wire_check(struct slice payload, const ProtobufCMessageDescriptor *type,
                        enum protobuf_unknown unknown, struct fault *fault)
{
	struct wire w = {payload.ptr, payload.ptr, payload.ptr + payload.len, unknown, fault};

	return check_message(&w, type);
}
