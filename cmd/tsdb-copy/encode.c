#include "encode.h"

#include <endian.h>
#include <string.h>

static inline char *put_i16(char *p, int16_t value)
{
	uint16_t big = htobe16((uint16_t)value);

	memcpy(p, &big, sizeof(big));
	return p + sizeof(big);
}

static inline char *put_i32(char *p, int32_t value)
{
	uint32_t big = htobe32((uint32_t)value);

	memcpy(p, &big, sizeof(big));
	return p + sizeof(big);
}

static inline char *put_i64(char *p, int64_t value)
{
	uint64_t big = htobe64((uint64_t)value);

	memcpy(p, &big, sizeof(big));
	return p + sizeof(big);
}

static inline char *put_f64(char *p, double value)
{
	int64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return put_i64(p, bits);
}

/* ---- COPY ---- */

void encode_copy_begin(struct buf *b)
{
	/* The signature, no flags, no header extension. */
	static const char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

	buf_append(b, header, sizeof(header));
}

void encode_copy_end(struct buf *b)
{
	buf_append(b, "\377\377", 2); /* a row of -1 columns */
}

enum {
	ROW_COLUMNS = 5,
	ROW_START = 2 + 4 + 8,           /* number of columns, time */
	ROW_NUMBER = 4 + 8,              /* value */
	ROW_END = 4 + 4 + 4 + 2 + 4 + 2, /* sensor_id, metric_id, quality */
};

static inline char *put_row_start(char *p, const struct row_head *head)
{
	p = put_i16(p, ROW_COLUMNS);
	p = put_i32(p, 8);
	return put_i64(p, head->time - PG_EPOCH);
}

static inline char *put_row_end(char *p, const struct row_head *head)
{
	p = put_i32(p, 4);
	p = put_i32(p, head->sensor_id);
	p = put_i32(p, 2);
	p = put_i16(p, head->metric_id);
	p = put_i32(p, 2);
	return put_i16(p, head->quality);
}

void encode_copy_number(struct buf *b, const struct row_head *head, double value)
{
	char *p;

	buf_reserve(b, ROW_START + ROW_NUMBER + ROW_END);
	p = put_row_start(b->ptr + b->len, head);
	p = put_i32(p, 8);
	p = put_f64(p, value);
	put_row_end(p, head);
	b->len += ROW_START + ROW_NUMBER + ROW_END;
}

void encode_copy_text(struct buf *b, const struct row_head *head, struct slice value)
{
	buf_reserve(b, ROW_START);
	put_row_start(b->ptr + b->len, head);
	b->len += ROW_START;
	encode_element_text(b, value);
	buf_reserve(b, ROW_END);
	put_row_end(b->ptr + b->len, head);
	b->len += ROW_END;
}

/* ---- arrays ---- */

void encode_array_begin(struct buf *b, enum pg_oid element, size_t count)
{
	enum { HEADER = 5 * 4 };
	char *p;

	buf_reserve(b, HEADER);
	p = put_i32(b->ptr + b->len, 1); /* dimensions */
	p = put_i32(p, 1);               /* may hold nulls */
	p = put_i32(p, (int32_t)element);
	p = put_i32(p, (int32_t)count);
	put_i32(p, 1); /* first index */
	b->len += HEADER;
}

void encode_element_i16(struct buf *b, int16_t value)
{
	buf_reserve(b, 4 + 2);
	put_i16(put_i32(b->ptr + b->len, 2), value);
	b->len += 4 + 2;
}

void encode_element_i32(struct buf *b, int32_t value)
{
	buf_reserve(b, 4 + 4);
	put_i32(put_i32(b->ptr + b->len, 4), value);
	b->len += 4 + 4;
}

void encode_element_time(struct buf *b, int64_t us)
{
	buf_reserve(b, 4 + 8);
	put_i64(put_i32(b->ptr + b->len, 8), us - PG_EPOCH);
	b->len += 4 + 8;
}

void encode_element_f64(struct buf *b, double value)
{
	buf_reserve(b, 4 + 8);
	put_f64(put_i32(b->ptr + b->len, 8), value);
	b->len += 4 + 8;
}

void encode_element_text(struct buf *b, struct slice value)
{
	buf_reserve(b, 4);
	put_i32(b->ptr + b->len, (int32_t)value.len);
	b->len += 4;
	buf_append_slice(b, value);
}

void encode_element_null(struct buf *b)
{
	buf_reserve(b, 4);
	put_i32(b->ptr + b->len, -1);
	b->len += 4;
}

/* ---- results ---- */

int16_t decode_i16(const char *bytes)
{
	uint16_t big;

	memcpy(&big, bytes, sizeof(big));
	return (int16_t)be16toh(big);
}

int32_t decode_i32(const char *bytes)
{
	uint32_t big;

	memcpy(&big, bytes, sizeof(big));
	return (int32_t)be32toh(big);
}

double decode_f64(const char *bytes)
{
	uint64_t bits;
	double value;

	memcpy(&bits, bytes, sizeof(bits));
	bits = be64toh(bits);
	memcpy(&value, &bits, sizeof(value));
	return value;
}

int64_t decode_time(const char *bytes)
{
	uint64_t big;

	memcpy(&big, bytes, sizeof(big));
	return (int64_t)be64toh(big) + PG_EPOCH;
}
