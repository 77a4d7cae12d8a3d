#include "touched.h"

#include "base/clock.h"
#include "encode.h"

#include <stdbool.h>

#define HOUR (INT64_C(3600) * CLOCK_SECOND)

/* The start of the hour (UTC); times may be before 1970. */
static int64_t hour_of(int64_t time)
{
	return time - ((time % HOUR) + HOUR) % HOUR;
}

/* Rows come in order of series and time. */
struct walk {
	const struct rows *rows;
	int64_t before; /* hours that start here, or later, are not over */
	size_t at;
	uint64_t series;
	int64_t hour;
	bool any;
};

/* The next hour of a series; false: there is none. */
static bool next_hour(struct walk *w)
{
	while (w->at < w->rows->count) {
		const struct sort_key *key = &w->rows->keys[w->at++];
		int64_t hour = hour_of(sort_time_us(key->time));

		if (hour >= w->before || (w->any && hour == w->hour && key->series == w->series))
			continue;
		w->any = true;
		w->series = key->series;
		w->hour = hour;
		return true;
	}
	return false;
}

static void begin(struct touched *t)
{
	buf_clear(&t->hours);
	buf_clear(&t->sensors);
	buf_clear(&t->metrics);
	encode_array_begin(&t->hours, OID_TIMESTAMPTZ, t->count);
	encode_array_begin(&t->sensors, OID_INT4, t->count);
	encode_array_begin(&t->metrics, OID_INT2, t->count);
}

void touched_collect(struct touched *t, const struct rows *rows, int64_t now)
{
	const struct walk start = {.rows = rows, .before = now + TOUCHED_MARGIN - HOUR};
	struct walk w = start;

	t->count = 0;
	while (next_hour(&w))
		t->count++;
	if (t->count == 0)
		return;
	begin(t);
	for (w = start; next_hour(&w);) {
		encode_element_time(&t->hours, w.hour);
		encode_element_i32(&t->sensors, sort_sensor_id(w.series));
		encode_element_i16(&t->metrics, sort_metric_id(w.series));
	}
}

/* Calls a function of the schema with the hours and series. */
static enum db_status call(const struct touched *t, struct session *s, const char *sql)
{
	const Oid types[] = {OID_TIMESTAMPTZ_ARRAY, OID_INT4_ARRAY, OID_INT2_ARRAY};
	const char *const values[] = {t->hours.ptr, t->sensors.ptr, t->metrics.ptr};
	const int lengths[] = {(int)t->hours.len, (int)t->sensors.len, (int)t->metrics.len};
	const int formats[] = {1, 1, 1};
	const struct session_params params = {3, values, lengths, formats, types};
	PGresult *result;
	enum db_status status = session_query(s, sql, &params, &result);

	if (status == DB_OK)
		PQclear(result);
	return status;
}

enum db_status touched_note(const struct touched *t, struct session *s)
{
	return call(t, s, "SELECT note_touched($1, $2, $3)");
}

enum db_status touched_loosen(const struct touched *t, struct session *s)
{
	return call(t, s, "SELECT loosen_hours($1, $2, $3)");
}

void touched_free(struct touched *t)
{
	buf_free(&t->hours);
	buf_free(&t->sensors);
	buf_free(&t->metrics);
}
