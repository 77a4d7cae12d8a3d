/*
 * protobuf_wire: strictness that protobuf-c lacks, by a walk over the wire format before it
 * unpacks.
 *
 * protobuf-c keeps unknown fields, takes the last of a field given twice, cuts
 * strings at a NUL and does not check UTF-8. Here each of these is a fault, at
 * every level of the message; unknown fields only where the caller says so.
 * Nothing is allocated; the recursion is as deep as the message types are nested,
 * so these must not contain themselves.
 */
#ifndef SENSOR_DECODE_PROTOBUF_WIRE_H
#define SENSOR_DECODE_PROTOBUF_WIRE_H

#include "base/slice.h"
#include "fault.h"

#include <protobuf-c/protobuf-c.h>

/* Message types have at most this many fields. */
enum { PROTOBUF_WIRE_FIELDS_MAX = 32 };

enum protobuf_unknown { PROTOBUF_UNKNOWN_REFUSED, PROTOBUF_UNKNOWN_SKIPPED };

/* Returns 0, or -1 with the fault set. */
int protobuf_wire_check(struct slice payload, const ProtobufCMessageDescriptor *type,
                        enum protobuf_unknown unknown, struct fault *fault);

#endif
