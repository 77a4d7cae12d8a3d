/*
 * influx_line: a strict pull parser for InfluxDB's line protocol, without allocation.
 *
 *   measurement[,tag=value ...] field=value[,field=value ...] [time]
 *
 * The grammar is that of the reference implementation
 * (github.com/influxdata/line-protocol, line-protocol.ebnf). Points end with LF
 * or CR LF, blank lines and comments (#) stand between them. Names have no
 * control character; blanks separate, TABs do not. A backslash is one, but
 *
 *   in a measurement      before , and blank
 *   in a tag, a field key before , = and blank
 *   in a string           before " and \
 *
 * where it makes the next byte an ordinary one. So "\n" in a string is two bytes,
 * as the servers and Telegraf have it; the reference implementation has read LF
 * since 2021. A string may go over several lines. Whether the text is UTF-8 and
 * names come twice is not looked at.
 *
 * For each point influx_line_point() is called, influx_line_tag() and then
 * influx_line_field() until they give 0, and influx_line_time() once. All give
 * -1 on an error, behind which there is no going on. Slices are of the text.
 */
#ifndef SENSOR_DECODE_INFLUX_LINE_H
#define SENSOR_DECODE_INFLUX_LINE_H

#include "base/slice.h"

#include <stdbool.h>

enum influx_kind {
	INFLUX_FLOAT,
	INFLUX_INTEGER,  /* 42i */
	INFLUX_UNSIGNED, /* 42u */
	INFLUX_BOOLEAN,
	INFLUX_STRING,
};

struct influx_value {
	enum influx_kind kind;
	struct slice text; /* without the letter of its kind, or its quotes */
};

struct influx_line {
	const char *error; /* what is wrong, a static text */
	size_t error_at;   /* byte offset of it in the text */

	/* Private. */
	const char *start, *pos, *end;
	bool more; /* another field must follow */
};

void influx_line_init(struct influx_line *l, struct slice text);

/* 1 with the measurement of the next point; 0: there is none. */
int influx_line_point(struct influx_line *l, struct slice *measurement);

/* 1 with the next tag of the point; 0: there is none. */
int influx_line_tag(struct influx_line *l, struct slice *key, struct slice *value);

/* 1 with the next field, of which a point has one at least; 0: there is none. */
int influx_line_field(struct influx_line *l, struct slice *key, struct influx_value *value);

/* 1 with the time, [-]digits; 0: there is none. The point is complete then. */
int influx_line_time(struct influx_line *l, struct slice *time);

/* Bytes before which a backslash is none. */
#define INFLUX_MEASUREMENT_ESCAPES ", "
#define INFLUX_KEY_ESCAPES         ",= "
#define INFLUX_STRING_ESCAPES      "\"\\"

/* Writes what a raw text stands for, at most raw.len bytes, and returns how many. */
size_t influx_line_unescape(struct slice raw, const char *escapes, char *out);

#endif
