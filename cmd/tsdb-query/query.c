#include "query.h"

#include "base/msg.h"

/* Sensors and metrics change rarely from row to row. */
void query_take_head(const struct query *q, struct copy_out *c, struct row *row)
{
	int32_t sensor = copy_out_int4(c);
	int16_t metric = copy_out_int2(c);

	if (!row->sensor || row->sensor->id != sensor)
		row->sensor = catalog_find_sensor(q->catalog, sensor);
	if (!row->metric || row->metric->id != metric)
		row->metric = catalog_find_metric(q->catalog, metric);
	if (!row->sensor || !row->metric)
		msg_die(EX_SOFTWARE,
		        "there are readings of sensor %d, metric %d, which have no name", sensor,
		        metric);
	row->time = copy_out_time(c);
	q->tally->read++;
}

static void run_readings(const struct query *q, struct buf *sql, bool strings, struct stage *to)
{
	struct row row = {.is_string = strings};
	struct copy_out c;

	copy_out_begin(&c, q->conn, buf_string(sql), q->out);
	while (copy_out_next(&c)) {
		query_take_head(q, &c, &row);
		row.value = copy_out_text(&c);
		row.quality = copy_out_int2(&c);
		to->row(to, &row);
	}
	buf_free(sql);
}

void query_readings(const struct query *q, struct stage *to)
{
	struct buf sql = {0};

	statement_append_numbers(&sql, q->catalog, q->span, q->use);
	run_readings(q, &sql, false, to);
	statement_append_texts(&sql, q->catalog, q->span, q->use);
	run_readings(q, &sql, true, to);
	to->finish(to);
}

void query_records(const struct query *q, struct stage *to)
{
	struct buf sql = {0};
	struct row row = {0};
	struct copy_out c;

	statement_append_records(&sql, q->catalog, q->span, q->use);
	copy_out_begin(&c, q->conn, buf_string(&sql), q->out);
	while (copy_out_next(&c)) {
		query_take_head(q, &c, &row);
		row.value = copy_out_text(&c);
		row.quality = copy_out_int2(&c);
		row.is_string = copy_out_bool(&c);
		to->row(to, &row);
	}
	buf_free(&sql);
	to->finish(to);
}

void query_buckets(const struct query *q, const struct cover *cover, int64_t width,
                   const struct aggregates *aggregates, struct stage *to)
{
	struct row row = {.count = aggregates->count};
	struct buf sql = {0};
	struct copy_out c;

	statement_append_buckets(&sql, q->catalog, cover, width, aggregates, q->use);
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
