#include "maintain_metrics.h"

#include "link/db.h"
#include "observe/metrics.h"
#include "sql_files.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* How long ago the last hour ended that is stored; false: none is. */
static bool rollup_lag(PGconn *conn, enum engine engine, double *seconds)
{
	const char *query = engine == ENGINE_POSTGRESQL ? "rollups" : "refreshed";
	PGresult *result = db_query(conn, "cannot find out how far rollups are stored",
	                            sql_text("status", query), NULL);
	int column = PQfnumber(result, "lag_seconds");
	bool known = PQntuples(result) > 0 && !PQgetisnull(result, 0, column);

	if (known)
		*seconds = strtod(PQgetvalue(result, 0, column), NULL);
	PQclear(result);
	return known;
}

static void add_works(struct metrics *m, const struct maintain_result *result)
{
	static char labels[MAINTAIN_WORKS_MAX][32];

	for (size_t i = 0; i < result->work_count; i++) {
		snprintf(labels[i], sizeof(labels[i]), "kind=\"%s\"", result->works[i].kind);
		metrics_gauge(m, "maintain_work", labels[i],
		              "What the last run did, by the kind of its steps.",
		              &result->works[i].count);
	}
}

void maintain_metrics_write(const char *path, PGconn *conn, enum engine engine,
                            const struct maintain_result *result)
{
	const char *help = "Steps of the last run.";
	struct metrics *m = metrics_open(path, "");
	double lag;

	if (!m)
		return;
	metrics_success(m);
	metrics_gauge(m, "maintain_duration_seconds", "", "How long the last run took.",
	              &result->seconds);
	metrics_gauge(m, "maintain_steps", "outcome=\"done\"", help, &result->steps_done);
	metrics_gauge(m, "maintain_steps", "outcome=\"left\"", help, &result->steps_left);
	add_works(m, result);
	if (rollup_lag(conn, engine, &lag))
		metrics_gauge(m, "maintain_rollup_lag_seconds", "",
		              "Age of the newest stored rollup after the last run.", &lag);
	metrics_close(m);
}
