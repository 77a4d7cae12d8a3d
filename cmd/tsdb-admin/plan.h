/*
 * plan: which steps of the schema a database still needs. No I/O.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_PLAN_H
#define SENSORPIPE_TSDB_ADMIN_PLAN_H

#include "engine.h"
#include "sql_files.h"

#include <stdbool.h>
#include <stddef.h>

/* A step as schema_migrations remembers it. */
struct applied {
	int version;
	const char *name;
	const char *checksum;
};

/* The steps an engine is made of, out of all steps of the tool; ordered as those are. */
struct plan {
	enum engine engine;
	const struct sql_file *files;
	size_t count;
	const struct applied *applied;
	size_t applied_count;
};

/* The version a database has when all is applied. */
int plan_target(const struct plan *plan);

/* The next missing step, from *at on, which is advanced behind it; NULL when there is none. */
const struct sql_file *plan_next(const struct plan *plan, size_t *at);

size_t plan_missing(const struct plan *plan);

bool plan_is_applied(const struct plan *plan, int version);

/*
 * Whether the applied steps are ones this tool knows, unchanged. If not,
 * writes into `fault` what is wrong: the database is newer than the tool, or a
 * step differs from the one that was applied.
 */
bool plan_check(const struct plan *plan, char *fault, size_t size);

#endif
