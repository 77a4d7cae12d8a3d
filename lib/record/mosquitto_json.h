/*
 * mosquitto_json: message records from and to the JSON lines of `mosquitto_sub -F %J` and `-F %j`.
 *
 * So that dumps taken with the ecosystem's own client (2.0 and later) replay
 * unchanged. `%J` holds a JSON payload as JSON, `%j` holds any payload as a
 * string; which of the two a line is, where its payload is a string, is told
 * by "payloadlen". What mosquitto_sub does not keep is lost in its dump
 * already: `%J` rounds numbers to 15 digits or so, `%j` cuts a payload at its
 * first NUL byte. A payload that was cut is found by its length and refused.
 */
#ifndef SENSORPIPE_MOSQUITTO_JSON_H
#define SENSORPIPE_MOSQUITTO_JSON_H

#include "record/record.h"

/*
 * As message_parse(); seq is 0. "tst", "topic" and "payload" must be there; a
 * known key given twice or of a wrong type is an error. The packet identifier
 * ("mid") and the topic alias mean nothing outside of their connection and are
 * left out; keys that are not known are skipped. Memory is allocated, and freed
 * again, only for properties with escapes in them.
 */
int mosquitto_json_parse(struct slice line, struct buf *scratch, struct message *m,
                         struct record_error *error);

/*
 * Appends the message as one line: as mosquitto_sub -F %J prints it, and where
 * the payload is not JSON, as -F %j does. It differs in this:
 *
 *   - "tst" is UTC ("...Z+0000"), "mid" is not there, and "content-type" comes
 *     first of the properties, as a message does not know where it was;
 *   - a number that 15 digits cannot tell is written as it was received;
 *   - a NUL byte is \u0000 and ends nothing; what is not UTF-8 is U+FFFD.
 */
void mosquitto_json_append(struct buf *b, const struct message *m);

#endif
