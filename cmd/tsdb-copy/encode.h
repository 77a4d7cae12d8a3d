/*
 * encode: PostgreSQL's binary formats: the rows of COPY (FORMAT binary) and
 * array parameters. Pure: bytes are appended to a buffer, big-endian.
 *
 * Sources: "COPY, Binary Format" in the manual; array_recv() and
 * timestamptz_recv() for the values. A timestamptz is microseconds since
 * 2000-01-01T00:00:00Z; callers give microseconds since 1970.
 */
#ifndef TSDB_COPY_ENCODE_H
#define TSDB_COPY_ENCODE_H

#include "base/buf.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

/* Microseconds from 1970-01-01 to 2000-01-01. */
#define PG_EPOCH (INT64_C(946684800) * 1000000)

/* Object identifiers of the built-in types (pg_type.dat). */
enum pg_oid {
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_FLOAT8 = 701,
	OID_INT2_ARRAY = 1005,
	OID_INT4_ARRAY = 1007,
	OID_TEXT_ARRAY = 1009,
	OID_FLOAT8_ARRAY = 1022,
	OID_TIMESTAMPTZ = 1184,
	OID_TIMESTAMPTZ_ARRAY = 1185,
};

/* What a row of either table has besides its value. */
struct row_head {
	int64_t time; /* microseconds since 1970 */
	int32_t sensor_id;
	int16_t metric_id;
	int16_t quality;
};

/* COPY: a header, rows of (time, value, sensor_id, metric_id, quality), an end. */
void encode_copy_begin(struct buf *b);
void encode_copy_number(struct buf *b, const struct row_head *head, double value);
void encode_copy_text(struct buf *b, const struct row_head *head, struct slice value);
void encode_copy_end(struct buf *b);

/* A one-dimensional array of `count` elements, which follow one by one. */
void encode_array_begin(struct buf *b, enum pg_oid element, size_t count);
void encode_element_i16(struct buf *b, int16_t value);
void encode_element_i32(struct buf *b, int32_t value);
void encode_element_time(struct buf *b, int64_t us);
void encode_element_f64(struct buf *b, double value);
void encode_element_text(struct buf *b, struct slice value);
void encode_element_null(struct buf *b);

/* The values back, from the binary columns of a result. */
int16_t decode_i16(const char *bytes);
int32_t decode_i32(const char *bytes);
double decode_f64(const char *bytes);
int64_t decode_time(const char *bytes);

#endif
