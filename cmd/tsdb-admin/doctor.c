#include "doctor.h"

#include "base/msg.h"
#include "doctor_ask.h"
#include "doctor_host.h"
#include "findings.h"
#include "link/db.h"
#include "schema.h"
#include "sql_files.h"

#include <stdio.h>
#include <string.h>

#define FOR(engine) (1U << (engine))
#define FOR_ALL     (FOR(ENGINE_POSTGRESQL) | FOR(ENGINE_TIMESCALEDB) | FOR(ENGINE_TIMESCALEDB_APACHE))

/* In the order of the page. */
static const struct check {
	const char *query; /* the file in sql/doctor/, and the name if it fails */
	unsigned engines;  /* 0: asks nothing of a schema */
	int since;         /* the step that made what it reads; 0: always there */
} checks[] = {
    {"server", 0, 0},
    {"settings", 0, 0},
    {"connections", 0, 0},
    {"transactions", 0, 0},
    {"wal", 0, 0},
    {"wraparound", 0, 0},
    {"engine", FOR_ALL, 0},
    {"workers", FOR(ENGINE_TIMESCALEDB), 0},
    {"rights", FOR_ALL, 50},
    {"owner", FOR(ENGINE_POSTGRESQL), 0},
    {"tables", FOR_ALL, 0},
    {"dead", 0, 0},
    {"partitions", FOR(ENGINE_POSTGRESQL), 0},
    {"rollups", FOR(ENGINE_POSTGRESQL), 52},
    {"jobs", FOR(ENGINE_TIMESCALEDB), 52},
    {"late", FOR(ENGINE_POSTGRESQL) | FOR(ENGINE_TIMESCALEDB), 52},
    {"policies", FOR(ENGINE_POSTGRESQL) | FOR(ENGINE_TIMESCALEDB), 52},
    {"profiles", FOR(ENGINE_POSTGRESQL) | FOR(ENGINE_TIMESCALEDB), 92},
    {"watermarks", FOR_ALL, 0},
};

static void run_query(struct findings *f, PGconn *conn, const char *query)
{
	PGresult *result = doctor_ask(f, conn, query, sql_text("doctor", query));

	for (int row = 0; row < PQntuples(result); row++) {
		enum level level = findings_level(PQgetvalue(result, row, 1));

		if (level == LEVELS)
			msg_die(EX_SOFTWARE, "check '%s': unknown level '%s'", query,
			        PQgetvalue(result, row, 1));
		findings_add(f, level, PQgetvalue(result, row, 0), PQgetvalue(result, row, 2),
		             PQgetvalue(result, row, 3));
	}
	PQclear(result);
}

static void judge_plan(struct findings *f, const struct plan *plan)
{
	char found[512];

	if (!plan_check(plan, found, sizeof(found))) {
		findings_add(f, LEVEL_PROBLEM, "schema", found,
		             "install the tsdb-admin that this database was made with");
	} else if (plan_missing(plan) > 0) {
		snprintf(found, sizeof(found), "lacks %zu steps of this tool", plan_missing(plan));
		findings_add(f, LEVEL_PROBLEM, "schema", found, "tsdb-admin migrate");
	} else {
		snprintf(found, sizeof(found), "version %d", plan_target(plan));
		findings_add(f, LEVEL_OK, "schema", found, NULL);
	}
}

/* False: there is none, or this role may not see which it is. */
static bool check_schema(struct findings *f, PGconn *conn, struct schema *schema)
{
	struct db_failure failure;

	if (schema_try(conn, schema, &failure)) {
		judge_plan(f, &schema->plan);
		return true;
	}
	if (failure.status == EX_NOPERM) {
		findings_add(f, LEVEL_SKIPPED, "schema", failure.why, NULL);
		run_query(f, conn, "rights");
	} else {
		findings_add(f, LEVEL_PROBLEM, "schema", failure.why, "tsdb-admin init");
	}
	return false;
}

static bool applies(const struct check *check, const struct plan *plan)
{
	if (check->engines == 0)
		return true;
	return plan != NULL && (check->engines & FOR(plan->engine)) != 0 &&
	       (check->since == 0 || plan_is_applied(plan, check->since));
}

/* ---- all of it ---- */

static void check_all(struct findings *f, PGconn *conn)
{
	struct schema schema;
	bool known;

	doctor_connection(f, conn);
	doctor_tls(f, conn);
	doctor_clock(f, conn);
	known = check_schema(f, conn, &schema);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (applies(&checks[i], known ? &schema.plan : NULL))
			run_query(f, conn, checks[i].query);
	doctor_disk(f, conn, known ? &schema.plan : NULL);
	if (known)
		schema_free(&schema);
}

static const char *way_in(const char *sqlstate)
{
	static const struct {
		const char *sqlstate, *mend;
	} ways[] = {
	    {"28P01", "put the password into ~/.pgpass, which only you may read"},
	    {"28", "make the role, or let it in: pg_hba.conf of the server"},
	    {"3D000", "createdb, and tsdb-admin init"},
	    {"42501", "GRANT CONNECT ON DATABASE ... TO ..."},
	    {"53300", "end connections, or raise max_connections"},
	    {"57P03", "wait: it is starting up or shutting down; its log tells"},
	    {"", "start the server, or name another: PGHOST, PGPORT; pg_isready tells"},
	};
	size_t i = 0;

	while (strncmp(sqlstate, ways[i].sqlstate, strlen(ways[i].sqlstate)) != 0)
		i++;
	return ways[i].mend;
}

static void print(struct findings *f)
{
	findings_end(f);
	if (fwrite(f->out.ptr, 1, f->out.len, stdout) != f->out.len)
		msg_die(EX_IOERR, "stdout: %m");
	msg_info("checks: %zu ok, %zu warnings, %zu problems, %zu skipped", f->counts[LEVEL_OK],
	         f->counts[LEVEL_WARNING], f->counts[LEVEL_PROBLEM], f->counts[LEVEL_SKIPPED]);
}

int doctor_run(const char *conninfo, bool json, bool quiet)
{
	struct findings f = {.json = json, .quiet = quiet};
	const char *why;
	PGconn *conn = pg_connect(conninfo, &why);
	int status;

	if (conn != NULL) {
		check_all(&f, conn);
		status = f.counts[LEVEL_PROBLEM] > 0 ? EX_CONFIG : EX_OK;
		PQfinish(conn);
	} else {
		findings_add(&f, LEVEL_PROBLEM, "connection", why, way_in(pg_connect_sqlstate()));
		status = db_connect_status();
	}
	print(&f);
	findings_free(&f);
	return status;
}
