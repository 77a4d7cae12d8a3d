/*
 * described_value: a scalar of a Protobuf field as text, by the type of the field.
 *
 * Numbers have all their digits; enumerators are strings of their names, bytes
 * are strings in base64url, without padding.
 */
#ifndef SENSOR_DECODE_DESCRIBED_VALUE_H
#define SENSOR_DECODE_DESCRIBED_VALUE_H

#include "base/buf.h"
#include "protobuf/proto_schema.h"
#include "wire.h"

/* The wire type of a value of this type. */
enum wire_type described_wire_type(enum proto_type type);

enum described {
	DESCRIBED_OK,
	DESCRIBED_RANGE,      /* more bits than the type has */
	DESCRIBED_NOT_FINITE, /* NaN, an infinity */
	DESCRIBED_NOT_UTF8,
	DESCRIBED_NUL,
	DESCRIBED_NO_ENUMERATOR,
};

/* Appends the value as JSON; not of messages and groups. `value` has the wire type of the field. */
enum described described_append(const struct proto_field *field, const struct wire_field *value,
                                struct buf *b);

#endif
