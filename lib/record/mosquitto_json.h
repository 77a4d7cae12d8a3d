/*
 * mosquitto_json: message records from the JSON lines of `mosquitto_sub -F %J` and `-F %j`.
 *
 * So that dumps taken with the ecosystem's own client replay unchanged. `%J`
 * holds a JSON payload as JSON, `%j` holds any payload as a string; which of
 * the two a line is, where its payload is a string, is told by "payloadlen".
 */
#ifndef SENSORPIPE_MOSQUITTO_JSON_H
#define SENSORPIPE_MOSQUITTO_JSON_H

#include "record/record.h"

/* As message_parse(); seq is 0. What is not kept in the JSON form (bytes that are not UTF-8) is
 * lost there already. */
int mosquitto_json_parse(struct slice line, struct buf *scratch, struct message *m,
			 struct record_error *error);

/* Appends the message as one line, as mosquitto_sub -F %J prints it; where the payload is not JSON,
 * as -F %j prints it. */
void mosquitto_json_append(struct buf *b, const struct message *m);

#endif
