/*
 * query: runs what was asked for, from the tables to the first stage of the output.
 */
#ifndef TSDB_QUERY_QUERY_H
#define TSDB_QUERY_QUERY_H

#include "catalog.h"
#include "copy_out.h"
#include "cover.h"
#include "row.h"
#include "statement.h"
#include "stream/out.h"
#include "tally.h"

struct query {
	PGconn *conn;
	const struct catalog *catalog;
	struct span span;
	enum usability use;
	struct out *out; /* flushed and watched while waiting; see copy_out.h */
	struct tally *tally;
};

/* Takes the first columns of a row: sensor_id, metric_id, and a time. Counts the row as read. */
void query_take_head(const struct query *q, struct copy_out *c, struct row *row);

/* All readings, series by series: first the numbers, then the texts; the last stage is finished. */
void query_readings(const struct query *q, struct stage *to);

/* All readings, sensor by sensor in order of time. */
void query_records(const struct query *q, struct stage *to);

/* Buckets, series by series. */
void query_buckets(const struct query *q, const struct cover *cover, int64_t width,
                   const struct aggregates *aggregates, struct stage *to);

#endif
