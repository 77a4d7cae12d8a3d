#include "protobuf/protobuf_wire.h"

#include "text/utf8.h"
#include "wire.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

struct check {
	struct wire w; /* of the message that is read */
	enum protobuf_unknown unknown;
	struct fault *fault;
};

static size_t offset(const struct check *c)
{
	return wire_offset(&c->w);
}

static int fail(struct check *c, const char *what)
{
	return fault_set(c->fault, FAULT_BAD_PROTOBUF, "offset %zu: %s", offset(c), what);
}

static int read_varint(struct check *c, uint64_t *value)
{
	return wire_varint(&c->w, value) < 0 ? fail(c, c->w.error) : 0;
}

static int skip_bytes(struct check *c, uint64_t count)
{
	return wire_skip(&c->w, count) < 0 ? fail(c, c->w.error) : 0;
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

static int check_string(struct check *c, struct slice text, const char *field)
{
	if (text.len && memchr(text.ptr, '\0', text.len))
		return fault_set(c->fault, FAULT_NUL, "offset %zu: '%s' has a NUL in it", offset(c),
		                 field);
	if (!utf8_valid(text))
		return fault_set(c->fault, FAULT_BAD_PROTOBUF, "offset %zu: '%s' is not UTF-8",
		                 offset(c), field);
	return 0;
}

static int check_message(struct check *c, const ProtobufCMessageDescriptor *type);

/* The value of a field that has a length. */
static int check_prefixed(struct check *c, const ProtobufCFieldDescriptor *field)
{
	const char *outer_end = c->w.end, *start;
	uint64_t len;

	if (read_varint(c, &len) < 0)
		return -1;
	start = c->w.pos;
	if (skip_bytes(c, len) < 0)
		return -1;
	if (field->type == PROTOBUF_C_TYPE_STRING)
		return check_string(c, (struct slice){start, (size_t)len}, field->name);
	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		return 0;
	c->w.end = c->w.pos;
	c->w.pos = start;
	if (check_message(c, field->descriptor) < 0)
		return -1;
	c->w.end = outer_end;
	return 0;
}

static int check_value(struct check *c, const ProtobufCFieldDescriptor *field, unsigned wire_type)
{
	uint64_t value;

	if (wire_type != (unsigned)wire_type_of(field->type))
		return fault_set(c->fault, FAULT_BAD_PROTOBUF,
		                 "offset %zu: '%s' has wire type %u, not %u", offset(c),
		                 field->name, wire_type, (unsigned)wire_type_of(field->type));
	switch (wire_type) {
	case PROTOBUF_C_WIRE_TYPE_VARINT:
		return read_varint(c, &value);
	case PROTOBUF_C_WIRE_TYPE_64BIT:
		return skip_bytes(c, 8);
	case PROTOBUF_C_WIRE_TYPE_32BIT:
		return skip_bytes(c, 4);
	default:
		return check_prefixed(c, field);
	}
}

/* A field that the message type does not have. */
static int skip_unknown(struct check *c, const ProtobufCMessageDescriptor *type, uint64_t key)
{
	uint64_t len = 0;

	if (c->unknown == PROTOBUF_UNKNOWN_REFUSED || key >> 3 == 0)
		return fault_set(c->fault, FAULT_UNKNOWN_FIELD,
		                 "offset %zu: a %s has no field %" PRIu64, offset(c),
		                 type->short_name, key >> 3);
	switch (key & 7) {
	case PROTOBUF_C_WIRE_TYPE_VARINT:
		return read_varint(c, &len);
	case PROTOBUF_C_WIRE_TYPE_64BIT:
		return skip_bytes(c, 8);
	case PROTOBUF_C_WIRE_TYPE_32BIT:
		return skip_bytes(c, 4);
	case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
		return read_varint(c, &len) < 0 ? -1 : skip_bytes(c, len);
	default:
		return fail(c, "a group, or no wire type");
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

static int check_required(struct check *c, const ProtobufCMessageDescriptor *type, uint32_t seen)
{
	for (unsigned i = 0; i < type->n_fields; i++)
		if (type->fields[i].label == PROTOBUF_C_LABEL_REQUIRED && !(seen >> i & 1))
			return fault_set(c->fault, FAULT_BAD_PROTOBUF,
			                 "offset %zu: a %s without '%s'", offset(c),
			                 type->short_name, type->fields[i].name);
	return 0;
}

/* Reads the message from c->w.pos to c->w.end. */
static int check_message(struct check *c, const ProtobufCMessageDescriptor *type)
{
	uint32_t seen = 0, excluded = 0;

	while (c->w.pos < c->w.end) {
		const ProtobufCFieldDescriptor *field;
		uint64_t key;

		if (wire_key(&c->w, &key) < 0)
			return fail(c, c->w.error);
		field = protobuf_c_message_descriptor_get_field(type, (unsigned)(key >> 3));
		if (!field) {
			if (skip_unknown(c, type, key) < 0)
				return -1;
			continue;
		}
		if (excluded & bit_of(type, field))
			return fault_set(c->fault, FAULT_BAD_PROTOBUF,
			                 "offset %zu: '%s' is given twice, or beside another value",
			                 offset(c), field->name);
		seen |= bit_of(type, field);
		excluded |= excluded_by(type, field);
		if (check_value(c, field, key & 7) < 0)
			return -1;
	}
	return check_required(c, type, seen);
}

int protobuf_wire_check(struct slice payload, const ProtobufCMessageDescriptor *type,
                        enum protobuf_unknown unknown, struct fault *fault)
{
	struct check c = {wire_of(payload), unknown, fault};

	return check_message(&c, type);
}
