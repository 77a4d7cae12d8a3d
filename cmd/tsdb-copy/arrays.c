#include "arrays.h"

#include "base/clock.h"
#include "base/msg.h"
#include "encode.h"
#include "watermark.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY (24 * 3600 * CLOCK_SECOND)

enum column { TIME, VALUE, SENSOR, METRIC, QUALITY };

static void begin_table(struct table_arrays *t)
{
	t->count = t->from = t->to = 0;
	t->by_day = false;
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
	t->picks[t->count++] = (struct pick){.key = (uint32_t)key, .value = value};
}

/* ---- days ---- */

/* The order in which they were picked is that of the keys, then of the values. */
static int compare_picks(const void *a, const void *b)
{
	const struct pick *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->value > y->value) - (x->value < y->value);
}

static void order_by_day(struct table_arrays *t, const struct rows *rows)
{
	bool one = true;

	for (size_t i = 0; i < t->count; i++) {
		struct pick *p = &t->picks[i];

		p->day = (uint32_t)((sort_time_us(rows->keys[p->key].time) - CLOCK_MIN) / DAY);
		one = one && p->day == t->picks[0].day;
	}
	if (one)
		return;
	t->by_day = true;
	qsort(t->picks, t->count, sizeof(*t->picks), compare_picks);
}

void arrays_by_day(struct arrays *a, const struct row_set *set)
{
	order_by_day(&a->numbers, &set->numbers);
	order_by_day(&a->texts, &set->texts);
}

/* Where the rows of the day of `from` end. */
static size_t day_end(const struct table_arrays *t, size_t from, size_t limit)
{
	size_t to = from;

	while (to < limit && t->picks[to].day == t->picks[from].day)
		to++;
	return to;
}

static size_t slice_end(const struct table_arrays *t)
{
	size_t limit = t->count - t->from < ARRAYS_ROWS ? t->count : t->from + ARRAYS_ROWS, to, end;

	if (!t->by_day)
		return limit;
	for (to = day_end(t, t->from, limit); to < limit; to = end) {
		end = day_end(t, to, limit);
		if (end - t->from > ARRAYS_FEW)
			break;
	}
	return to;
}

/* ---- slices ---- */

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
static void next_of_table(struct table_arrays *t, enum pg_oid value_type, const struct batch *b,
                          const struct rows *rows)
{
	const enum pg_oid elements[ARRAYS_COLUMNS] = {OID_TIMESTAMPTZ, value_type, OID_INT4,
	                                              OID_INT2, OID_INT2};

	t->from = t->to;
	t->to = slice_end(t);
	t->earliest = CLOCK_MAX;
	t->latest = CLOCK_MIN;
	for (int c = 0; c < ARRAYS_COLUMNS; c++) {
		buf_clear(&t->columns[c]);
		encode_array_begin(&t->columns[c], elements[c], t->to - t->from);
	}
	for (size_t i = t->from; i < t->to; i++) {
		const struct sort_key *key = &rows->keys[t->picks[i].key];
		int64_t time = sort_time_us(key->time);

		encode_row(t->columns, b, key, &b->values[t->picks[i].value]);
		t->earliest = time < t->earliest ? time : t->earliest;
		t->latest = time > t->latest ? time : t->latest;
	}
}

bool arrays_next(struct arrays *a, const struct batch *b, const struct row_set *set)
{
	next_of_table(&a->numbers, OID_FLOAT8, b, &set->numbers);
	next_of_table(&a->texts, OID_TEXT, b, &set->texts);
	return a->numbers.to == a->numbers.count && a->texts.to == a->texts.count;
}

/* The parameters: what they start with, and how many there are. */
enum {
	SOURCE,
	SEQ,
	NUMBERS,
	TEXTS = NUMBERS + ARRAYS_COLUMNS,
	TIMES = TEXTS + ARRAYS_COLUMNS,
	PARAMS = TIMES + 4,
};

static const Oid types[PARAMS] = {
    [SOURCE] = OID_TEXT,
    [SEQ] = OID_INT8,
    [NUMBERS + TIME] = OID_TIMESTAMPTZ_ARRAY,
    [NUMBERS + VALUE] = OID_FLOAT8_ARRAY,
    [NUMBERS + SENSOR] = OID_INT4_ARRAY,
    [NUMBERS + METRIC] = OID_INT2_ARRAY,
    [NUMBERS + QUALITY] = OID_INT2_ARRAY,
    [TEXTS + TIME] = OID_TIMESTAMPTZ_ARRAY,
    [TEXTS + VALUE] = OID_TEXT_ARRAY,
    [TEXTS + SENSOR] = OID_INT4_ARRAY,
    [TEXTS + METRIC] = OID_INT2_ARRAY,
    [TEXTS + QUALITY] = OID_INT2_ARRAY,
    [TIMES] = OID_TIMESTAMPTZ,
    [TIMES + 1] = OID_TIMESTAMPTZ,
    [TIMES + 2] = OID_TIMESTAMPTZ,
    [TIMES + 3] = OID_TIMESTAMPTZ,
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
	const int64_t bounds[PARAMS - TIMES] = {a->numbers.earliest, a->numbers.latest,
	                                        a->texts.earliest, a->texts.latest};
	char times[PARAMS - TIMES][CLOCK_TEXT_LEN + 1] = {{0}};
	char seq[WATERMARK_TEXT];
	const char *values[PARAMS] = {[SOURCE] = s->source, [SEQ] = watermark ? seq : NULL};
	int lengths[PARAMS] = {0}, formats[PARAMS] = {0};
	const struct session_params params = {PARAMS, values, lengths, formats, types};

	snprintf(seq, sizeof(seq), "%" PRIu64, watermark);
	for (int i = NUMBERS; i < TIMES; i++) {
		const struct buf *column = i < TEXTS ? &a->numbers.columns[i - NUMBERS]
		                                     : &a->texts.columns[i - TEXTS];

		values[i] = column->ptr;
		lengths[i] = (int)column->len;
		formats[i] = 1;
	}
	for (int i = TIMES; i < PARAMS; i++) {
		clock_format(bounds[i - TIMES], times[i - TIMES]);
		values[i] = times[i - TIMES];
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
