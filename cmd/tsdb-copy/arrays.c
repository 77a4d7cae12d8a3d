#include "arrays.h"

#include "base/clock.h"
#include "base/msg.h"
#include "encode.h"
#include "watermark.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum column { TIME, VALUE, SENSOR, METRIC, QUALITY };

static void begin_table(struct table_arrays *t)
{
	t->count = t->from = t->to = 0;
}

void arrays_begin(struct arrays *a)
{
	begin_table(&a->numbers);
	begin_table(&a->texts);
}

void arrays_pick(struct table_arrays *t, size_t key, uint32_t value)
{
	if (t->count == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 256;
		t->picks = realloc(t->picks, t->cap * sizeof(*t->picks));
		if (!t->picks)
			msg_die(EX_OSERR, "out of memory (%zu rows)", t->cap);
	}
	t->picks[t->count++] = (struct pick){(uint32_t)key, value};
}

static void encode_row(struct buf columns[ARRAYS_COLUMNS], const struct batch *b,
                       const struct sort_key *key, const struct batch_value *v)
{
	encode_element_time(&columns[TIME], sort_time_us(key->time));
	if (v->is_text)
		encode_element_text(&columns[VALUE], batch_text(b, v));
	else
		encode_element_f64(&columns[VALUE], v->number);
	encode_element_i32(&columns[SENSOR], sort_sensor_id(key->series));
	encode_element_i16(&columns[METRIC], sort_metric_id(key->series));
	encode_element_i16(&columns[QUALITY], v->quality);
}

/* Encodes what follows the last slice. */
static void next_of_table(struct arrays *a, struct table_arrays *t, enum pg_oid value_type,
                          const struct batch *b, const struct rows *rows)
{
	const enum pg_oid elements[ARRAYS_COLUMNS] = {OID_TIMESTAMPTZ, value_type, OID_INT4,
	                                              OID_INT2, OID_INT2};

	t->from = t->to;
	t->to = t->count - t->from < ARRAYS_ROWS ? t->count : t->from + ARRAYS_ROWS;
	for (int c = 0; c < ARRAYS_COLUMNS; c++) {
		buf_clear(&t->columns[c]);
		encode_array_begin(&t->columns[c], elements[c], t->to - t->from);
	}
	for (size_t i = t->from; i < t->to; i++) {
		const struct sort_key *key = &rows->keys[t->picks[i].key];
		int64_t time = sort_time_us(key->time);

		encode_row(t->columns, b, key, &b->values[t->picks[i].value]);
		a->earliest = time < a->earliest ? time : a->earliest;
		a->latest = time > a->latest ? time : a->latest;
	}
}

bool arrays_next(struct arrays *a, const struct batch *b, const struct row_set *set)
{
	a->earliest = CLOCK_MAX;
	a->latest = CLOCK_MIN;
	next_of_table(a, &a->numbers, OID_FLOAT8, b, &set->numbers);
	next_of_table(a, &a->texts, OID_TEXT, b, &set->texts);
	return a->numbers.to == a->numbers.count && a->texts.to == a->texts.count;
}

/* The parameters; those of a table start at its name. */
enum {
	SOURCE,
	SEQ,
	NUMBERS,
	TEXTS = NUMBERS + ARRAYS_COLUMNS,
	EARLIEST = TEXTS + ARRAYS_COLUMNS,
	LATEST,
	PARAMS,
};

static const Oid types[PARAMS] = {
    OID_TEXT,
    OID_INT8,
    /* numbers */
    OID_TIMESTAMPTZ_ARRAY,
    OID_FLOAT8_ARRAY,
    OID_INT4_ARRAY,
    OID_INT2_ARRAY,
    OID_INT2_ARRAY,
    /* texts */
    OID_TIMESTAMPTZ_ARRAY,
    OID_TEXT_ARRAY,
    OID_INT4_ARRAY,
    OID_INT2_ARRAY,
    OID_INT2_ARRAY,
    /* times */
    OID_TIMESTAMPTZ,
    OID_TIMESTAMPTZ,
};

static const char *choose(const struct arrays *a, const struct arrays_sql *sql)
{
	if (a->texts.from == a->texts.to)
		return sql->numbers;
	return a->numbers.from == a->numbers.to ? sql->texts : sql->both;
}

enum db_status arrays_query(const struct arrays *a, struct session *s, const struct arrays_sql *sql,
                            uint64_t watermark, PGresult **result)
{
	char seq[WATERMARK_TEXT];
	char earliest[CLOCK_TEXT_LEN + 1] = {0};
	char latest[CLOCK_TEXT_LEN + 1] = {0};
	const char *values[PARAMS] = {[SOURCE] = s->source,
	                              [SEQ] = watermark ? seq : NULL,
	                              [EARLIEST] = earliest,
	                              [LATEST] = latest};
	int lengths[PARAMS] = {0}, formats[PARAMS] = {0};
	const struct session_params params = {PARAMS, values, lengths, formats, types};

	snprintf(seq, sizeof(seq), "%" PRIu64, watermark);
	clock_format(a->earliest, earliest);
	clock_format(a->latest, latest);
	for (int i = NUMBERS; i < EARLIEST; i++) {
		const struct buf *column = i < TEXTS ? &a->numbers.columns[i - NUMBERS]
		                                     : &a->texts.columns[i - TEXTS];

		values[i] = column->ptr;
		lengths[i] = (int)column->len;
		formats[i] = 1;
	}
	return session_query(s, choose(a, sql), &params, result);
}

static void free_table(struct table_arrays *t)
{
	free(t->picks);
	for (int c = 0; c < ARRAYS_COLUMNS; c++)
		buf_free(&t->columns[c]);
}

void arrays_free(struct arrays *a)
{
	free_table(&a->numbers);
	free_table(&a->texts);
}
