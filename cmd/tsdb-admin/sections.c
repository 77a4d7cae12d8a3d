#include "sections.h"

#include "report.h"
#include "sql_files.h"
#include "text/json.h"

#include <stdio.h>
#include <string.h>

enum shape { RECORD, TABLE };

/* The parameters of a query. */
enum params {
	NONE,
	MISSING, /* the number of missing steps */
	STORED,  /* the first two columns of section `rollups`: how far hours and days are stored */
};

#define FOR(engine)     (1U << (engine))
#define FOR_HYPERTABLES (FOR(ENGINE_TIMESCALEDB) | FOR(ENGINE_TIMESCALEDB_APACHE))
#define FOR_ALL         (FOR(ENGINE_POSTGRESQL) | FOR_HYPERTABLES)

static const struct section {
	const char *name;
	const char *query; /* the file in sql/status/ */
	enum shape shape;
	unsigned engines;
	int since; /* the step that made what it reads; 0: always there */
	int until; /* the step that made what is better read; 0: none did */
	enum params params;
} sections[] = {
    {"database", "database", RECORD, FOR_ALL, 0, 0, MISSING},
    {"readings", "readings", RECORD, FOR(ENGINE_POSTGRESQL), 0, 0, NONE},
    {"readings", "readings_timescaledb", RECORD, FOR_HYPERTABLES, 0, 70, NONE},
    {"readings", "readings_latest", RECORD, FOR_HYPERTABLES, 70, 0, NONE},
    {"tables", "tables", TABLE, FOR(ENGINE_POSTGRESQL), 0, 0, NONE},
    {"tables", "tables_timescaledb", TABLE, FOR_HYPERTABLES, 0, 0, NONE},
    {"partitions", "partitions", TABLE, FOR(ENGINE_POSTGRESQL), 0, 0, NONE},
    {"packed", "packed", TABLE, FOR(ENGINE_POSTGRESQL), 60, 0, NONE},
    {"chunks", "chunks", TABLE, FOR_HYPERTABLES, 0, 0, NONE},
    {"compression", "compression", TABLE, FOR(ENGINE_TIMESCALEDB), 0, 0, NONE},
    {"rollups", "rollups", RECORD, FOR(ENGINE_POSTGRESQL), 52, 0, NONE},
    {"rollups", "refreshed", RECORD, FOR(ENGINE_TIMESCALEDB), 52, 0, NONE},
    {"recent", "recent", TABLE, FOR(ENGINE_POSTGRESQL), 52, 0, STORED},
    {"recent", "recent_timescaledb", TABLE, FOR(ENGINE_TIMESCALEDB), 52, 0, STORED},
    {"profiles", "profiles", RECORD, FOR(ENGINE_POSTGRESQL) | FOR(ENGINE_TIMESCALEDB), 92, 0, NONE},
    {"policies", "policies", TABLE, FOR(ENGINE_POSTGRESQL), 50, 0, NONE},
    {"policies", "policies", TABLE, FOR(ENGINE_TIMESCALEDB), 52, 0, NONE},
    {"watermarks", "watermarks", TABLE, FOR_ALL, 0, 0, NONE},
    {"jobs", "jobs", TABLE, FOR(ENGINE_TIMESCALEDB), 0, 0, NONE},
    {"maintain", "maintain", TABLE, FOR(ENGINE_POSTGRESQL) | FOR(ENGINE_TIMESCALEDB), 0, 0, NONE},
};

/* What goes from one section to the next. */
struct look {
	PGconn *conn;
	const struct schema *schema;
	PGresult *rollups; /* the result of that section; NULL: it was not asked for */
	struct db_failure *failure;
};

static bool is_shown(const struct section *section, const struct plan *plan)
{
	return (section->engines & FOR(plan->engine)) != 0 &&
	       (section->since == 0 || plan_is_applied(plan, section->since)) &&
	       (section->until == 0 || !plan_is_applied(plan, section->until));
}

static const char *stored(const PGresult *rollups, int column)
{
	return PQgetisnull(rollups, 0, column) ? NULL : PQgetvalue(rollups, 0, column);
}

/* NULL: it failed. */
static PGresult *query_section(const struct look *look, const struct section *section)
{
	char what[64], missing[32];
	const char *params[2] = {NULL, NULL};
	int count = 0;

	if (section->params == MISSING) {
		snprintf(missing, sizeof(missing), "%zu", plan_missing(&look->schema->plan));
		params[count++] = missing;
	} else if (section->params == STORED) {
		params[count++] = stored(look->rollups, 0);
		params[count++] = stored(look->rollups, 1);
	}
	snprintf(what, sizeof(what), "cannot read the %s", section->name);
	return db_try(look->conn, what, sql_text("status", section->query), count, params,
	              look->failure);
}

static void append_text(struct buf *out, const struct section *section, const PGresult *result)
{
	if (section != sections)
		buf_putc(out, '\n');
	buf_printf(out, "%s\n", section->name);
	if (PQntuples(result) == 0)
		buf_append_string(out, "  none\n");
	else if (section->shape == RECORD)
		report_text_record(out, result);
	else
		report_text_table(out, result);
}

static void append_json(struct buf *out, const struct section *section, const PGresult *result)
{
	buf_putc(out, ',');
	json_append_string(out, slice_of(section->name));
	buf_putc(out, ':');
	if (section->shape == RECORD)
		report_json_record(out, result);
	else
		report_json_table(out, result);
}

typedef void append_fn(struct buf *out, const struct section *section, const PGresult *result);

static bool append_section(struct buf *out, struct look *look, const struct section *section,
                           append_fn *append)
{
	PGresult *result = query_section(look, section);

	if (result == NULL)
		return false;
	append(out, section, result);
	if (strcmp(section->name, "rollups") == 0)
		look->rollups = result;
	else
		PQclear(result);
	return true;
}

static bool append_sections(struct buf *out, PGconn *conn, const struct schema *schema,
                            append_fn *append, struct db_failure *failure)
{
	struct look look = {.conn = conn, .schema = schema, .failure = failure};
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof(sections) / sizeof(sections[0]); i++)
		if (is_shown(&sections[i], &schema->plan))
			ok = append_section(out, &look, &sections[i], append);
	PQclear(look.rollups);
	return ok;
}

bool sections_append_text(struct buf *out, PGconn *conn, const struct schema *schema,
                          struct db_failure *failure)
{
	return append_sections(out, conn, schema, append_text, failure);
}

bool sections_append_json(struct buf *out, PGconn *conn, const struct schema *schema,
                          struct db_failure *failure)
{
	return append_sections(out, conn, schema, append_json, failure);
}
