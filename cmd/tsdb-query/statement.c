#include "statement.h"

#include "base/clock.h"

#include <inttypes.h>

#define USABLE_VALUE " AND abs(value) < 1e100"

/* ---- conditions ---- */

static void append_time(struct buf *sql, int64_t us)
{
	buf_append_string(sql, "timestamptz '");
	clock_append(sql, us);
	buf_putc(sql, '\'');
}

static void append_sensors(struct buf *sql, const struct catalog *c)
{
	if (c->sensor_count == 1) {
		buf_printf(sql, "sensor_id = %" PRId32, c->sensors[0].id);
		return;
	}
	buf_append_string(sql, "sensor_id = ANY ('{");
	for (size_t i = 0; i < c->sensor_count; i++)
		buf_printf(sql, "%s%" PRId32, i > 0 ? "," : "", c->sensors[i].id);
	buf_append_string(sql, "}'::int[])");
}

static void append_metrics(struct buf *sql, const struct catalog *c)
{
	if (c->all_metrics && c->metric_count > STATEMENT_METRICS_MAX)
		return;
	if (c->metric_count == 1) {
		buf_printf(sql, " AND metric_id = %" PRId16, c->metrics[0].id);
		return;
	}
	buf_append_string(sql, " AND metric_id = ANY ('{");
	for (size_t i = 0; i < c->metric_count; i++)
		buf_printf(sql, "%s%" PRId16, i > 0 ? "," : "", c->metrics[i].id);
	buf_append_string(sql, "}'::smallint[])");
}

void statement_append_series(struct buf *sql, const struct catalog *c)
{
	buf_append_string(sql, " WHERE ");
	append_sensors(sql, c);
	append_metrics(sql, c);
}

/* Numbers of the series in the span, whatever form they are kept in. */
static void append_from_numbers(struct buf *sql, const struct catalog *c, struct span span)
{
	buf_append_string(sql, " FROM readings_between(");
	append_time(sql, span.from);
	buf_append_string(sql, ", ");
	append_time(sql, span.to);
	buf_putc(sql, ')');
	statement_append_series(sql, c);
}

/* The series and the span; `time` is the column it is compared with. */
static void append_where(struct buf *sql, const struct catalog *c, const char *time,
                         struct span span)
{
	statement_append_series(sql, c);
	buf_printf(sql, " AND %s >= ", time);
	append_time(sql, span.from);
	buf_printf(sql, " AND %s < ", time);
	append_time(sql, span.to);
}

static void append_quality(struct buf *sql, enum usability use)
{
	static const char *const conditions[] = {
	    [USE_ALL] = "", [USE_USABLE] = " AND quality < 4", [USE_GOOD] = " AND quality = 1"};

	buf_append_string(sql, conditions[use]);
}

/* ---- readings ---- */

void statement_append_numbers(struct buf *sql, const struct catalog *c, struct span span,
                              enum usability use)
{
	buf_append_string(sql, "SELECT sensor_id, metric_id, time, value::text, quality");
	append_from_numbers(sql, c, span);
	append_quality(sql, use);
	buf_append_string(sql, " ORDER BY sensor_id, metric_id, time");
}

void statement_append_texts(struct buf *sql, const struct catalog *c, struct span span,
                            enum usability use)
{
	buf_append_string(sql,
	                  "SELECT sensor_id, metric_id, time, value, quality FROM sensor_texts");
	append_where(sql, c, "time", span);
	append_quality(sql, use);
	buf_append_string(sql, " ORDER BY sensor_id, metric_id, time");
}

void statement_append_records(struct buf *sql, const struct catalog *c, struct span span,
                              enum usability use)
{
	buf_append_string(sql, "SELECT sensor_id, metric_id, time, value::text, quality, false");
	append_from_numbers(sql, c, span);
	append_quality(sql, use);
	buf_append_string(sql, " UNION ALL SELECT sensor_id, metric_id, time, value, "
	                       "quality, true FROM sensor_texts");
	append_where(sql, c, "time", span);
	append_quality(sql, use);
	buf_append_string(sql, " ORDER BY sensor_id, time, metric_id");
}

/* ---- buckets ---- */

/* One part of a cover as rows of what aggregate_append_rolled() takes. */
static void append_part(struct buf *sql, const struct catalog *c, const struct cover_part *part,
                        enum usability use)
{
	struct span span = {part->from, part->to};

	if (part->source == SOURCE_RAW) {
		buf_append_string(sql, "SELECT sensor_id, metric_id, time, 1::float8 AS count, "
		                       "value AS sum, value AS min, value AS max, "
		                       "value AS first, value AS last, "
		                       "value * value AS sum_of_squares");
		append_from_numbers(sql, c, span);
		append_quality(sql, use);
		buf_append_string(sql, USABLE_VALUE);
	} else {
		buf_printf(sql,
		           "SELECT sensor_id, metric_id, bucket AS time, count::float8 AS count, "
		           "sum, min, max, first, last, sum_of_squares FROM %s",
		           part->table);
		append_where(sql, c, "bucket", span);
		buf_append_string(sql, " AND count > 0");
	}
}

static void append_rolled(struct buf *sql, const struct catalog *c, const struct cover *cover,
                          enum usability use)
{
	buf_append_string(sql, " FROM (");
	for (size_t i = 0; i < cover->count; i++) {
		buf_append_string(sql, i > 0 ? " UNION ALL " : "");
		append_part(sql, c, &cover->parts[i], use);
	}
	buf_append_string(sql, ") AS part");
}

static void append_raw(struct buf *sql, const struct catalog *c, struct span span,
                       enum usability use)
{
	append_from_numbers(sql, c, span);
	append_quality(sql, use);
	buf_append_string(sql, USABLE_VALUE);
}

static void append_bucket_start(struct buf *sql, int64_t width, int64_t from)
{
	if (width == 0) {
		append_time(sql, from);
		return;
	}
	buf_printf(sql, "date_bin('%" PRId64 " seconds', time, ", width / CLOCK_SECOND);
	append_time(sql, COVER_ORIGIN);
	buf_putc(sql, ')');
}

void statement_append_buckets(struct buf *sql, const struct catalog *c, const struct cover *cover,
                              int64_t width, const struct aggregates *aggregates,
                              enum usability use)
{
	struct span span = {cover->parts[0].from, cover->parts[cover->count - 1].to};
	bool rolled = cover_is_rolled(cover);

	buf_append_string(sql, "SELECT sensor_id, metric_id, start");
	for (size_t i = 0; i < aggregates->count; i++)
		buf_printf(sql, ", value_%zu", i);
	buf_append_string(sql, " FROM (SELECT sensor_id, metric_id, ");
	append_bucket_start(sql, width, span.from);
	buf_append_string(sql, " AS start");
	for (size_t i = 0; i < aggregates->count; i++) {
		buf_append_string(sql, ", ");
		(rolled ? aggregate_append_rolled : aggregate_append_raw)(sql,
		                                                          &aggregates->items[i]);
		buf_printf(sql, " AS value_%zu", i);
	}
	if (rolled)
		append_rolled(sql, c, cover, use);
	else
		append_raw(sql, c, span, use);
	buf_append_string(sql, " GROUP BY 1, 2, 3) AS buckets "
	                       "JOIN sensors AS s USING (sensor_id) "
	                       "JOIN metrics AS m USING (metric_id) "
	                       "ORDER BY s.type COLLATE \"C\", s.name COLLATE \"C\", "
	                       "m.name COLLATE \"C\", start");
}
