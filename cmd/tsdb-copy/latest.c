#include "latest.h"

#include "base/clock.h"
#include "base/msg.h"
#include "encode.h"

#include <string.h>

/* How long to wait for a row that another transaction has locked: batches wait meanwhile. */
#define LOCK_WAIT "100ms"

static const char note_slice[] = "SELECT set_config('lock_timeout', '" LOCK_WAIT "', true),"
				 " set_config('synchronous_commit', 'off', true),"
				 " note_latest($1, $2, $3, $4, $5)";

/* ---- gathering ---- */

/* The newest row of a series whose value is stored; rows[from..to) are that series. */
static const struct sort_key *newest(const struct rows *rows, size_t from, size_t to)
{
	while (to-- > from)
		if (rows->keys[to].mark != ROW_DIFFERS)
			return &rows->keys[to];
	return NULL;
}

void latest_note(struct latest *l, const struct batch *b, const struct rows *rows)
{
	size_t from = 0, to;

	/* They cannot be written, and this would grow without end. */
	if (l->failed_to && l->gathered.count >= LATEST_MAX)
		latest_map_clear(&l->gathered);
	for (; from < rows->count; from = to) {
		const struct sort_key *key;

		for (to = from + 1; to < rows->count; to++)
			if (rows->keys[to].series != rows->keys[from].series)
				break;
		key = newest(rows, from, to);
		if (key)
			latest_map_note(&l->gathered, &(struct latest_reading){
							  .series = key->series,
							  .time = sort_time_us(key->time),
							  .value = b->values[key->value].number,
							  .quality = b->values[key->value].quality,
						      });
	}
}

/* ---- when ---- */

static size_t left_of_round(const struct latest *l)
{
	return l->round.count - l->written;
}

static size_t pending(const struct latest *l)
{
	return left_of_round(l) + l->gathered.count;
}

int64_t latest_due(const struct latest *l, int64_t quiet_from)
{
	int64_t round = left_of_round(l) ? l->begun : l->begun + LATEST_INTERVAL;
	int64_t pause = l->pause_to < quiet_from ? l->pause_to : quiet_from;

	if (pending(l) == 0)
		return INT64_MAX;
	if (l->failed_to)
		return l->failed_to;
	if (l->gathered.count >= LATEST_MAX)
		return l->begun;
	return round > pause ? round : pause;
}

void latest_postpone(struct latest *l)
{
	l->failed_to = clock_monotonic() + LATEST_INTERVAL;
}

/* ---- writing ---- */

static void begin_round(struct latest *l)
{
	struct latest_map done = l->round;

	latest_map_clear(&done);
	l->round = l->gathered;
	l->gathered = done;
	latest_map_sort(&l->round);
	l->written = 0;
	l->begun = clock_monotonic();
}

static void encode(struct latest *l, size_t count)
{
	static const enum pg_oid types[LATEST_COLUMNS] = {OID_TIMESTAMPTZ, OID_FLOAT8, OID_INT4,
	                                                  OID_INT2, OID_INT2};
	const struct latest_reading *r = l->round.readings + l->written;
	struct buf *b = l->arrays;

	for (int i = 0; i < LATEST_COLUMNS; i++) {
		buf_clear(&b[i]);
		encode_array_begin(&b[i], types[i], count);
	}
	for (const struct latest_reading *end = r + count; r < end; r++) {
		encode_element_time(&b[0], r->time);
		encode_element_f64(&b[1], r->value);
		encode_element_i32(&b[2], sort_sensor_id(r->series));
		encode_element_i16(&b[3], sort_metric_id(r->series));
		encode_element_i16(&b[4], r->quality);
	}
}

static enum db_status send(const struct latest *l, struct session *s)
{
	static const Oid types[] = {OID_TIMESTAMPTZ_ARRAY, OID_FLOAT8_ARRAY, OID_INT4_ARRAY,
	                            OID_INT2_ARRAY, OID_INT2_ARRAY};
	static const int formats[] = {1, 1, 1, 1, 1};
	const char *values[LATEST_COLUMNS];
	int lengths[LATEST_COLUMNS];
	const struct session_params params = {LATEST_COLUMNS, values, lengths, formats, types};
	enum db_status status;
	PGresult *result;

	for (int i = 0; i < LATEST_COLUMNS; i++) {
		values[i] = l->arrays[i].ptr;
		lengths[i] = (int)l->arrays[i].len;
	}
	status = session_query(s, note_slice, &params, &result);
	if (status == DB_OK)
		PQclear(result);
	return status;
}

static void note_failure(struct latest *l, const struct session *s, enum db_status status)
{
	latest_postpone(l);
	if (status == DB_TRANSIENT || strcmp(l->told, s->sqlstate) == 0)
		return;
	msg_warn("latest readings: %s; trying again%s", s->error, db_way_out(s->sqlstate));
	memcpy(l->told, s->sqlstate, sizeof(l->told));
}

static void note_success(struct latest *l, int64_t start)
{
	int64_t end = clock_monotonic();

	l->pause_to = end + LATEST_PAUSE * (end - start);
	l->failed_to = 0;
	if (l->told[0])
		msg_warn("latest readings: written again");
	l->told[0] = '\0';
}

enum db_status latest_write(struct latest *l, struct session *s)
{
	int64_t start = clock_monotonic();
	enum db_status status;
	size_t count;

	if (left_of_round(l) == 0)
		begin_round(l);
	count = left_of_round(l) < LATEST_SLICE ? left_of_round(l) : LATEST_SLICE;
	encode(l, count);
	status = send(l, s);
	if (status != DB_OK) {
		note_failure(l, s, status);
		return status;
	}
	l->written += count;
	note_success(l, start);
	return DB_OK;
}

void latest_finish(struct latest *l, struct session *s)
{
	enum db_status status = s->conn ? DB_OK : DB_TRANSIENT;

	while (status == DB_OK && pending(l))
		status = latest_write(l, s);
	if (pending(l))
		msg_warn("the latest readings of some series are not written: tsdb-admin maintain "
		         "finds them");
}

void latest_free(struct latest *l)
{
	latest_map_free(&l->gathered);
	latest_map_free(&l->round);
	for (int i = 0; i < LATEST_COLUMNS; i++)
		buf_free(&l->arrays[i]);
}
