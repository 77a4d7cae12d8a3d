#include "status.h"

#include "base/buf.h"
#include "base/msg.h"
#include "link/db.h"
#include "report.h"
#include "schema.h"
#include "sql_files.h"
#include "text/json.h"

#include <stdio.h>

enum shape { RECORD, TABLE };

#define FOR(engine)     (1U << (engine))
#define FOR_HYPERTABLES (FOR(ENGINE_TIMESCALEDB) | FOR(ENGINE_TIMESCALEDB_APACHE))
#define FOR_ALL         (FOR(ENGINE_POSTGRESQL) | FOR_HYPERTABLES)

static const struct section {
	const char *name;
	const char *query; /* the file in sql/status/ */
	enum shape shape;
	unsigned engines;
	bool takes_missing; /* $1 is the number of missing steps */
	int since;          /* the step that made what it reads; 0: always there */
} sections[] = {
    {"database", "database", RECORD, FOR_ALL, true, 0},
    {"readings", "readings", RECORD, FOR_ALL, false, 0},
    {"tables", "partitions", TABLE, FOR(ENGINE_POSTGRESQL), false, 0},
    {"tables", "hypertables", TABLE, FOR_HYPERTABLES, false, 0},
    {"rollups", "rollups", RECORD, FOR(ENGINE_POSTGRESQL), false, 52},
    {"rollups", "late", RECORD, FOR(ENGINE_TIMESCALEDB), false, 52},
    {"policies", "policies", TABLE, FOR(ENGINE_POSTGRESQL), false, 50},
    {"policies", "policies", TABLE, FOR(ENGINE_TIMESCALEDB), false, 52},
    {"watermarks", "watermarks", TABLE, FOR_ALL, false, 0},
    {"jobs", "jobs", TABLE, FOR(ENGINE_TIMESCALEDB), false, 0},
};

static PGresult *query_section(PGconn *conn, const struct section *section, size_t missing)
{
	char what[64], number[32];

	snprintf(what, sizeof(what), "cannot read the %s", section->name);
	snprintf(number, sizeof(number), "%zu", missing);
	return db_query(conn, what, sql_text("status", section->query),
	                section->takes_missing ? number : NULL);
}

static void append_text(struct buf *out, const struct section *section, const PGresult *result)
{
	if (out->len > 0)
		buf_putc(out, '\n');
	buf_printf(out, "%s\n", section->name);
	if (section->shape == RECORD)
		report_text_record(out, result);
	else if (PQntuples(result) == 0)
		buf_append_string(out, "  none\n");
	else
		report_text_table(out, result);
}

static void append_json(struct buf *out, const struct section *section, const PGresult *result)
{
	buf_putc(out, out->len > 0 ? ',' : '{');
	json_append_string(out, slice_of(section->name));
	buf_putc(out, ':');
	if (section->shape == RECORD)
		report_json_record(out, result);
	else
		report_json_table(out, result);
}

void status_print(PGconn *conn, bool json)
{
	struct buf out = {0};
	struct schema schema;
	size_t missing;

	schema_require(conn);
	schema_read(conn, &schema);
	missing = plan_missing(&schema.plan);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const struct section *section = &sections[i];
		PGresult *result;

		if ((section->engines & FOR(schema.plan.engine)) == 0 ||
		    (section->since > 0 && !plan_is_applied(&schema.plan, section->since)))
			continue;
		result = query_section(conn, section, missing);
		if (json)
			append_json(&out, section, result);
		else
			append_text(&out, section, result);
		PQclear(result);
	}
	if (json)
		buf_append_string(&out, "}\n");
	if (fwrite(out.ptr, 1, out.len, stdout) != out.len)
		msg_die(EX_IOERR, "stdout: %m");
	buf_free(&out);
	schema_free(&schema);
}
