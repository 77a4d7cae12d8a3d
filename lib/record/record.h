/*
 * record: the lines the tools pass to each other; see sensorpipe-records(5).
 *
 *   m1 seq received topic flags content-type properties payload [crc]   a message as it arrived
 *   r1 seq received time type sensor schema metric=value ...            a reading
 *   s1 seq received reason                                              nothing to store
 *   x1 rejected-at tool code detail <original record>                   a dead letter
 *
 * Parsers take a line without its LF and give slices into the line, or, where
 * a field is escaped, into the caller's scratch buffer, which they clear first.
 * Both must stay unchanged as long as the slices are used. Nothing is allocated
 * once the scratch buffer has grown. A malformed line gives -1 and a
 * record_error that names the fault and its column.
 *
 * Writers append a whole line with its LF.
 */
#ifndef SENSORPIPE_RECORD_H
#define SENSORPIPE_RECORD_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	RECORD_METRICS_MAX = 1000, /* metrics in one reading */
	RECORD_NAME_MAX = 255,     /* bytes of a type, sensor, schema or metric name */
	RECORD_UNIT_MAX = 63,      /* bytes of a unit */
	RECORD_TOPIC_MAX = 65535,  /* bytes of a topic (MQTT 5 section 1.5.4) */
};

enum record_kind {
	RECORD_MESSAGE, /* m1 */
	RECORD_READING, /* r1 */
	RECORD_SKIP,    /* s1 */
	RECORD_REJECT,  /* x1 */
	RECORD_JSON,    /* a line of mosquitto_sub -F %J or %j: starts with '{' */
	RECORD_LATER,   /* one of these of a version that is not known yet: m2, x10 */
	RECORD_UNKNOWN,
};

struct record_error {
	const char *what; /* a static text */
	size_t column;    /* byte of the line, from 1 */
	bool damaged;     /* the fault is that the crc does not match */
};

enum record_kind record_kind(struct slice line);

/* "a message record (m1)", for diagnostics. */
const char *record_kind_name(enum record_kind kind);

/* ---- m1 ---- */

struct message {
	uint64_t seq;     /* 0: none */
	int64_t received; /* microseconds since the epoch */
	unsigned qos;     /* 0 to 2 */
	bool retained, duplicate;
	bool checked; /* by the parser: the line had a crc, and it matched */
	struct slice topic, content_type;
	struct slice properties; /* form-urlencoded; see record/properties.h */
	struct slice payload;
};

int message_parse(struct slice line, struct buf *scratch, struct message *m,
                  struct record_error *error);
void message_append(struct buf *b, const struct message *m);

/* As message_append, with the crc field. */
void message_append_crc(struct buf *b, const struct message *m);

/* ---- r1 ---- */

/* QARTOD flags, https://ioos.noaa.gov/project/qartod/ */
enum quality {
	QUALITY_GOOD = 1,
	QUALITY_NOT_EVALUATED = 2,
	QUALITY_SUSPECT = 3,
	QUALITY_FAIL = 4,
	QUALITY_MISSING = 9,
};

enum value_kind { VALUE_NUMBER, VALUE_TRUE, VALUE_FALSE, VALUE_STRING };

struct metric {
	struct slice name;
	struct slice text; /* the value as JSON writes it; a string with its quotes */
	double number;     /* of VALUE_NUMBER; 1 and 0 for true and false */
	enum value_kind kind;
	enum quality quality;
	struct slice unit; /* as the payload names it, such as "Cel"; empty when it does not */
};

struct reading {
	uint64_t seq; /* 0: none */
	bool more;    /* another reading of the same message follows (`seq+`) */
	int64_t received, time;
	struct slice type, sensor;
	struct slice schema; /* version; empty when the message named none */
	size_t count;        /* metrics, at least 1 */
	struct metric metrics[RECORD_METRICS_MAX];
};

/* Also refuses a metric named twice and a number beyond the range of a double. */
int reading_parse(struct slice line, struct buf *scratch, struct reading *r,
                  struct record_error *error);

/* What a writer knows before the metrics. */
struct reading_head {
	uint64_t seq;
	bool more;
	int64_t received, time;
	struct slice type, sensor, schema;
};

/* To write a reading again. */
struct reading_head reading_head_of(const struct reading *r);

/* A line is begun, gets its metrics, and is ended by buf_putc(b, '\n'). */
void reading_begin(struct buf *b, const struct reading_head *head);

/* `text` is a JSON number, true, false, or a JSON string with its quotes; not checked here. A unit
 * that is empty is none. */
void reading_append_metric(struct buf *b, struct slice name, struct slice text,
                           enum quality quality, struct slice unit);

/* A name that may stand in a record: 1 to RECORD_NAME_MAX bytes of valid UTF-8, no control
 * character; a metric's also without '='. Gives NULL, or what is wrong, a static text. */
const char *record_name_fault(struct slice name, bool metric);

/* ---- s1 ---- */

struct skip {
	uint64_t seq;
	int64_t received;
	struct slice reason;
};

int skip_parse(struct slice line, struct buf *scratch, struct skip *s, struct record_error *error);
void skip_append(struct buf *b, const struct skip *s);

#endif
