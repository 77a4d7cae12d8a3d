#include "days.h"

#include "base/clock.h"
#include "base/msg.h"
#include "copy_out.h"
#include "writer.h"

#include <inttypes.h>
#include <stdlib.h>

#define BY_NAME "s.type COLLATE \"C\", s.name COLLATE \"C\", m.name COLLATE \"C\""

int64_t days_floor(int64_t us)
{
	int64_t rest = us % DAYS_DAY;

	return us - (rest < 0 ? rest + DAYS_DAY : rest);
}

/* ---- columns ---- */

static void choose(struct columns *c, const char *const numbers[], bool kind)
{
	c->count = 0;
	columns_add(c, COLUMN_DAY, "day", 0);
	columns_add(c, COLUMN_TYPE, "type", 0);
	columns_add(c, COLUMN_SENSOR, "sensor", 0);
	columns_add(c, COLUMN_METRIC, "metric", 0);
	if (kind)
		columns_add(c, COLUMN_KIND, "kind", 0);
	for (size_t i = 0; numbers[i]; i++)
		columns_add(c, COLUMN_AGGREGATE, numbers[i], i);
}

static const char *const similar_numbers[] = {"distance", "mean", "sigma", "hours", NULL};
static const char *const discord_numbers[] = {"score", "value", "expected", NULL};

void days_choose_similar(struct columns *c)
{
	choose(c, similar_numbers, false);
	columns_add(c, COLUMN_UNIT, "unit", 0);
}

void days_choose_discords(struct columns *c)
{
	choose(c, discord_numbers, true);
}

/* ---- statements ---- */

static void append_date(struct buf *sql, int64_t us)
{
	buf_append_string(sql, "date '");
	clock_append_day(sql, us);
	buf_putc(sql, '\'');
}

/* The series asked for, `l`, and their names: those that have a latest reading, and, as that is not
 * noted of readings which others than tsdb-copy stored long ago, those that have profiles of these
 * days. */
static void append_series(struct buf *sql, const struct query *q, struct span days)
{
	buf_append_string(sql, " FROM (SELECT sensor_id, metric_id FROM series_latest");
	statement_append_series(sql, q->catalog);
	buf_append_string(sql, " UNION SELECT sensor_id, metric_id FROM day_profiles");
	statement_append_series(sql, q->catalog);
	buf_append_string(sql, " AND day >= ");
	append_date(sql, days.from);
	buf_append_string(sql, " AND day < ");
	append_date(sql, days.to);
	buf_append_string(sql, ") AS l JOIN sensors AS s USING (sensor_id) "
	                       "JOIN metrics AS m USING (metric_id)");
}

static struct span only(int64_t day)
{
	return (struct span){day, day + DAYS_DAY};
}

/* What discords are compared with. */
static struct span compared(const struct day_wish *wish)
{
	int64_t from = wish->span.to - DAYS_COMPARED;

	from = from > CLOCK_MIN ? from : CLOCK_MIN;
	return (struct span){wish->span.from < from ? wish->span.from : from, wish->span.to};
}

static void append_similar(struct buf *sql, const struct query *q, const struct day_wish *wish)
{
	append_series(sql, q, only(wish->day));
	buf_append_string(sql, " CROSS JOIN LATERAL similar_days(l.sensor_id, l.metric_id, ");
	append_date(sql, wish->day);
	buf_printf(sql, ", %" PRIu64 ", ", wish->k);
	append_date(sql, wish->span.from);
	buf_append_string(sql, ", ");
	append_date(sql, wish->span.to);
	buf_append_string(sql, ") AS d");
}

static void append_discords(struct buf *sql, const struct query *q, const struct day_wish *wish,
                            double factor)
{
	buf_append_string(sql, "SELECT l.sensor_id, l.metric_id, "
	                       "d.day::timestamp AT TIME ZONE 'UTC', d.kind, d.score, d.value, "
	                       "d.expected");
	append_series(sql, q, compared(wish));
	buf_append_string(sql, " CROSS JOIN LATERAL odd_days_of(l.sensor_id, l.metric_id, ");
	append_date(sql, wish->span.from);
	buf_append_string(sql, ", ");
	append_date(sql, wish->span.to);
	buf_printf(sql, ", %" PRIu64 ") AS d WHERE d.score > %.17g", wish->k, factor);
}

/* ---- rows ---- */

void days_similar(const struct query *q, const struct day_wish *wish, struct stage *to)
{
	struct row row = {.count = sizeof(similar_numbers) / sizeof(similar_numbers[0]) - 1};
	struct buf sql = {0};
	struct copy_out c;

	buf_append_string(&sql, "SELECT l.sensor_id, l.metric_id, "
	                        "d.similar_day::timestamp AT TIME ZONE 'UTC', "
	                        "d.distance, d.mean, d.sigma, d.hours::float8");
	append_similar(&sql, q, wish);
	buf_append_string(&sql, " ORDER BY " BY_NAME ", d.distance, d.similar_day DESC");
	copy_out_begin(&c, q->conn, buf_string(&sql), q->out);
	while (copy_out_next(&c)) {
		query_take_head(q, &c, &row);
		for (size_t i = 0; i < row.count; i++)
			row.values[i] = copy_out_float8(&c);
		to->row(to, &row);
	}
	buf_free(&sql);
	to->finish(to);
}

static void run_discords(const struct query *q, struct buf *sql, struct stage *to)
{
	struct row row = {.count = sizeof(discord_numbers) / sizeof(discord_numbers[0]) - 1};
	struct copy_out c;

	copy_out_begin(&c, q->conn, buf_string(sql), q->out);
	while (copy_out_next(&c)) {
		query_take_head(q, &c, &row);
		row.value = copy_out_text(&c);
		for (size_t i = 0; i < row.count; i++)
			row.values[i] = copy_out_float8(&c);
		to->row(to, &row);
	}
	buf_free(sql);
	to->finish(to);
}

void days_discords(const struct query *q, const struct day_wish *wish, struct stage *to)
{
	struct buf sql = {0};

	append_discords(&sql, q, wish, wish->factor);
	buf_append_string(&sql, " ORDER BY d.score DESC, " BY_NAME ", d.day, d.kind");
	run_discords(q, &sql, to);
}

void days_scores(const struct query *q, const struct day_wish *wish, struct stage *to)
{
	struct buf sql = {0};

	append_discords(&sql, q, wish, -1); /* scores are 0 or more */
	buf_append_string(&sql, " ORDER BY " BY_NAME ", d.day, d.kind");
	run_discords(q, &sql, to);
}

/* ---- how many there are to compare ---- */

void days_tell_compared(const struct query *q, const struct day_wish *wish)
{
	struct buf sql = {0};
	struct span days = compared(wish);
	PGresult *result;
	const char *few;

	buf_printf(&sql,
	           "SELECT count(*) FILTER (WHERE n.days >= %d), "
	           "nullif(count(*) FILTER (WHERE n.days < %d), 0) "
	           "FROM (SELECT (SELECT count(*) FROM day_profiles AS p "
	           "WHERE p.sensor_id = l.sensor_id AND p.metric_id = l.metric_id AND p.day >= ",
	           DAYS_NEEDED, DAYS_NEEDED);
	append_date(&sql, days.from);
	buf_append_string(&sql, " AND p.day < ");
	append_date(&sql, days.to);
	buf_append_string(&sql, ") AS days");
	append_series(&sql, q, days);
	buf_append_string(&sql, ") AS n");
	result = db_query(q->conn, "cannot count the days", buf_string(&sql), NULL);
	few = PQgetvalue(result, 0, 1);
	if (few[0] != '\0')
		msg_warn("%s series have profiles of fewer than %d days: too few to be compared",
		         few, DAYS_NEEDED);
	msg_info("series compared: %s", PQgetvalue(result, 0, 0));
	PQclear(result);
	buf_free(&sql);
}

/* ---- the day itself ---- */

enum { SENSOR, METRIC, MEAN, SIGMA, HOURS, GAP }; /* columns */

static void append_check(struct buf *sql, const struct query *q, int64_t day)
{
	buf_append_string(sql, "SELECT s.name, m.name, p.mean, p.sigma, h.hours, h.gap");
	append_series(sql, q, only(day));
	buf_append_string(sql, " LEFT JOIN day_profiles AS p ON p.sensor_id = l.sensor_id "
	                       "AND p.metric_id = l.metric_id AND p.day = ");
	append_date(sql, day);
	buf_append_string(sql,
	                  " CROSS JOIN LATERAL (SELECT count(*) AS hours, longest_gap(array_agg("
	                  "extract(hour FROM r.bucket AT TIME ZONE 'UTC')::int "
	                  "ORDER BY r.bucket)) AS gap FROM readings_hourly AS r "
	                  "WHERE r.sensor_id = l.sensor_id AND r.metric_id = l.metric_id "
	                  "AND r.count > 0 AND r.bucket >= timestamptz '");
	clock_append(sql, day);
	buf_append_string(sql, "' AND r.bucket < timestamptz '");
	clock_append(sql, day + DAYS_DAY);
	buf_append_string(sql, "') AS h ORDER BY " BY_NAME);
}

static int number_of(const PGresult *result, int row, int column)
{
	return atoi(PQgetvalue(result, row, column));
}

/* Why the day of a row cannot be compared. */
static void append_reason(struct buf *b, const PGresult *result, int row)
{
	int hours = number_of(result, row, HOURS), gap = number_of(result, row, GAP);

	if (hours == 0)
		buf_append_string(b, "has no readings");
	else if (hours < DAYS_HOURS_LEAST)
		buf_printf(b, "has readings in %d hours only: %d are needed", hours,
		           DAYS_HOURS_LEAST);
	else if (gap > DAYS_GAP_MOST)
		buf_printf(b, "has no readings for %d hours in a row: more than %d", gap,
		           DAYS_GAP_MOST);
	else
		buf_append_string(b, "has no profile yet: tsdb-admin maintain fills it");
}

static void tell_mean(const PGresult *result, int row, const char *day)
{
	struct buf text = {0};

	writer_append_short(&text, strtod(PQgetvalue(result, row, MEAN), NULL));
	buf_append_string(&text, ", sigma ");
	writer_append_short(&text, strtod(PQgetvalue(result, row, SIGMA), NULL));
	msg_info("%s of '%s' of sensor '%s': mean %s", day, PQgetvalue(result, row, METRIC),
	         PQgetvalue(result, row, SENSOR), buf_string(&text));
	buf_free(&text);
}

static void tell_reason(const PGresult *result, int row, const char *day)
{
	struct buf text = {0};

	append_reason(&text, result, row);
	msg_warn("%s of '%s' of sensor '%s' %s", day, PQgetvalue(result, row, METRIC),
	         PQgetvalue(result, row, SENSOR), buf_string(&text));
	buf_free(&text);
}

/* Returns how many series have a profile of the day. Of many, with or without, some are told. */
static int tell_days(const PGresult *result, const char *day)
{
	enum { TOLD = 10 };
	int with = 0, without = 0;

	for (int row = 0; row < PQntuples(result); row++)
		if (!PQgetisnull(result, row, MEAN)) {
			if (with++ < TOLD)
				tell_mean(result, row, day);
		} else if (without++ < TOLD) {
			tell_reason(result, row, day);
		}
	if (without > TOLD)
		msg_warn("%s: so it is with %d more series", day, without - TOLD);
	return with;
}

void days_check(const struct query *q, const struct day_wish *wish)
{
	struct buf sql = {0};
	char day[CLOCK_TEXT_LEN + 1] = {0};
	PGresult *result;

	append_check(&sql, q, wish->day);
	result = db_query(q->conn, "cannot look for the day", buf_string(&sql), NULL);
	clock_format(wish->day, day);
	day[sizeof("2026-01-31") - 1] = '\0';
	if (tell_days(result, day) == 0)
		msg_die(EX_NOINPUT, "there is no profile of %s to compare", day);
	PQclear(result);
	buf_free(&sql);
}

/* ---- hours ---- */

static void append_hours(struct buf *sql, const struct query *q, const struct day_wish *wish)
{
	buf_append_string(sql, "SELECT d.sensor_id, d.metric_id, "
	                       "d.day::timestamp AT TIME ZONE 'UTC', d.distance, "
	                       "u.hour::int - 1, p.mean + p.sigma * u.deviation "
	                       "FROM (SELECT l.sensor_id, l.metric_id, ");
	append_date(sql, wish->day);
	buf_append_string(sql, " AS day, '-Infinity'::float8 AS distance");
	append_series(sql, q, only(wish->day));
	buf_append_string(sql, " UNION ALL SELECT l.sensor_id, l.metric_id, d.similar_day, "
	                       "d.distance");
	append_similar(sql, q, wish);
	buf_append_string(sql, ") AS d JOIN sensors AS s USING (sensor_id) "
	                       "JOIN metrics AS m USING (metric_id) "
	                       "JOIN day_profiles AS p USING (sensor_id, metric_id, day) "
	                       "CROSS JOIN LATERAL unnest(p.shape) WITH ORDINALITY "
	                       "AS u (deviation, hour) "
	                       "ORDER BY " BY_NAME ", d.distance, d.day DESC, u.hour");
}

static void begin_line(struct chart *chart, const struct row *row, double distance)
{
	struct chart_line *line = chart_begin_line(chart);

	chart_append_series(&line->label, row);
	buf_putc(&line->label, ' ');
	clock_append_day(&line->label, row->time);
	if (distance >= 0)
		buf_printf(&line->label, " at %.2f", distance);
}

void days_similar_hours(const struct query *q, const struct day_wish *wish, struct chart *chart)
{
	struct row row = {0};
	struct buf sql = {0};
	struct copy_out c;

	append_hours(&sql, q, wish);
	copy_out_begin(&c, q->conn, buf_string(&sql), q->out);
	while (copy_out_next(&c)) {
		double distance, value;
		int32_t hour;

		query_take_head(q, &c, &row);
		distance = copy_out_float8(&c);
		hour = copy_out_int4(&c);
		value = copy_out_float8(&c);
		if (hour == 0)
			begin_line(chart, &row, distance);
		chart_add_point(chart, wish->day + hour * INT64_C(3600) * CLOCK_SECOND, value);
		q->tally->written++;
	}
	buf_free(&sql);
}
