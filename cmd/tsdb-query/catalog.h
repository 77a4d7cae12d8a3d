/*
 * catalog: the sensors and metrics that a query is about.
 *
 * Names are those of the database, whatever they are made of; they are bound
 * to statements as parameters, never written into them.
 */
#ifndef TSDB_QUERY_CATALOG_H
#define TSDB_QUERY_CATALOG_H

#include "link/db.h"
#include "name_list.h"
#include "row.h"

struct catalog_wish {
	struct name_list types, sensors, metrics; /* empty: all */
};

struct catalog {
	size_t sensor_count, metric_count;
	struct catalog_sensor *sensors; /* in order of their ids */
	struct catalog_metric *metrics; /* the same */
	bool all_metrics;               /* every one there is */

	/* Private: what the names point into. */
	PGresult *sensor_rows, *metric_rows;
};

/* Ends the process with EX_NOINPUT when a name matches nothing, or no sensor has both a type and a
 * name that were asked for. */
void catalog_read(struct catalog *c, PGconn *conn, const struct catalog_wish *wish);
void catalog_free(struct catalog *c);

/* By id; NULL when it is not among them. */
const struct catalog_sensor *catalog_find_sensor(const struct catalog *c, int32_t id);
const struct catalog_metric *catalog_find_metric(const struct catalog *c, int16_t id);

#endif
