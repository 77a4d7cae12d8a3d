/*
 * decode_described: one reading from a Protobuf message of a type of the user's own, as
 * proto_schema.h knows it.
 *
 * One pass over the wire. Fields are metrics by their names in the definition;
 * those of messages in messages are named by their path with dots
 * ("battery.level"), entries of maps by their keys ("rooms.kitchen"), elements of
 * repeated fields by their places ("a.0", "a.1"), where these are taken. What is
 * not sent gives nothing, unless the options say that a field without presence is
 * then 0. What the definition does not have is a fault, unless the options say
 * that it is skipped.
 *
 * The device's time is the field of the name that is set, or of "ts", "time" and
 * "timestamp" at the top: a google.protobuf.Timestamp, a number in the unit that
 * is set, or a string by RFC 3339. Other Timestamps are strings.
 */
#ifndef SENSOR_DECODE_DECODE_DESCRIBED_H
#define SENSOR_DECODE_DECODE_DESCRIBED_H

#include "payload.h"

/* For a payload whose type names a message. */
payload_decoder decode_described;

#endif
