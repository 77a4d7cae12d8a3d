#include "maintain.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "hand.h"
#include "link/db.h"
#include "maintain_metrics.h"
#include "schema.h"
#include "sql_files.h"
#include "step.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind {
	STORED,
	LATE,
	REPAIRED,
	REFRESHED,
	PROFILED,
	RETIRED,
	MADE,
	DROPPED,
	DELETED,
	PACKED,
	EMPTIED,
	JOB,
	WARNING,
	KINDS
};

static const struct {
	const char *name;
	bool can_wait; /* steps after it do not build on it */
	bool repeats;  /* does a part each time, as long as it does something */
} kinds[KINDS] = {
    [STORED] = {"stored", .can_wait = false},
    [LATE] = {"late", .can_wait = false},
    [REPAIRED] = {"repaired", .can_wait = true},
    [REFRESHED] = {"refreshed", .can_wait = false},
    [PROFILED] = {"profiled", .can_wait = true},
    [RETIRED] = {"retired", .can_wait = false},
    [MADE] = {"made", .can_wait = true},
    [DROPPED] = {"dropped", .can_wait = true},
    [DELETED] = {"deleted", .can_wait = false},
    [PACKED] = {"packed", .can_wait = true, .repeats = true},
    [EMPTIED] = {"emptied", .can_wait = true},
    [JOB] = {"job", .can_wait = true},
    [WARNING] = {"warning", .can_wait = true},
};

struct run {
	PGconn *conn;
	bool show_progress;
	PGresult *due; /* rows of kind, subject, SQL */
	unsigned tries;
	int done;               /* steps */
	uint64_t counts[KINDS]; /* of what the steps did */
	uint64_t in_use;        /* steps that are left for the next time */
};

enum { KIND, SUBJECT, SQL }; /* columns */

static const char *cell(const struct run *run, int step, int column)
{
	return PQgetvalue(run->due, step, column);
}

static enum kind kind_of(const struct run *run, int step)
{
	const char *name = cell(run, step, KIND);

	for (enum kind kind = 0; kind < KINDS; kind++)
		if (strcmp(kinds[kind].name, name) == 0)
			return kind;
	msg_die(EX_SOFTWARE, "unknown kind of step '%s'", name);
}

/* ---- doing ---- */

/* What a step says it did: a number, whether it did it, or the rows it deleted; a CALL is one. */
static uint64_t count_of(PGresult *result)
{
	const char *value;

	if (strcmp(PQcmdStatus(result), "CALL") == 0)
		return 1;
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		value = PQcmdTuples(result);
	else if (PQntuples(result) == 0)
		value = "";
	else
		value = PQgetvalue(result, 0, 0);
	if (strcmp(value, "t") == 0)
		return 1;
	return strtoull(value, NULL, 10);
}

static void show_step(const struct run *run, int step)
{
	if (run->show_progress)
		fprintf(stderr, "%s: %d/%d %s\x1b[K\r", msg_tool(), step + 1, PQntuples(run->due),
		        cell(run, step, SUBJECT));
}

/* Runs a step, all parts of it. */
static enum step_end run_step(struct run *run, int step)
{
	enum kind kind = kind_of(run, step);
	uint64_t count;

	do {
		PGresult *result;
		enum step_end end = step_run(run->conn, cell(run, step, SUBJECT),
		                             cell(run, step, SQL), run->tries, &result);

		if (end != STEP_DONE)
			return end;
		count = count_of(result);
		run->counts[kind] += count;
		PQclear(result);
	} while (kinds[kind].repeats && count > 0);
	return STEP_DONE;
}

/* False: the run is over. */
static bool do_step(struct run *run, int step)
{
	const char *subject = cell(run, step, SUBJECT);
	enum kind kind = kind_of(run, step);

	if (kind == WARNING) {
		msg_warn("%s", subject);
		return true;
	}
	show_step(run, step);
	switch (run_step(run, step)) {
	case STEP_DONE:
		return true;
	case STEP_IN_USE:
		msg_warn("%s: in use; left for the next time", subject);
		run->in_use++;
		run->tries = 1; /* it was waited for long enough */
		return kinds[kind].can_wait;
	case STEP_STOPPED:
		break;
	}
	return false;
}

static void do_steps(struct run *run)
{
	int steps = PQntuples(run->due);

	while (run->done < steps && do_step(run, run->done))
		run->done++;
	if (run->show_progress)
		fputs("\x1b[K", stderr);
}

static void report(const struct run *run, enum engine engine)
{
	const uint64_t *n = run->counts;

	if (engine == ENGINE_POSTGRESQL)
		msg_info("hourly buckets: %" PRIu64 " stored, %" PRIu64
		         " computed again; partitions: %" PRIu64 " made, %" PRIu64
		         " dropped; old rows: %" PRIu64 " deleted; latest readings: %" PRIu64
		         " repaired; day profiles: %" PRIu64 " filled; readings: %" PRIu64
		         " packed",
		         n[STORED], n[LATE], n[MADE], n[DROPPED], n[DELETED], n[REPAIRED],
		         n[PROFILED], n[PACKED]);
	else
		msg_info("jobs: %" PRIu64 " run; days of late readings: %" PRIu64
		         " refreshed; latest readings: %" PRIu64 " repaired; day profiles: %" PRIu64
		         " filled",
		         n[JOB], n[LATE], n[REPAIRED], n[PROFILED]);
	if (stop_requested())
		msg_info("stopped after %d of %d steps", run->done, PQntuples(run->due));
}

/* What a run that came to its end did. */
static void write_metrics(const struct run *run, const char *path, enum engine engine,
                          int64_t began)
{
	struct maintain_result result = {
	    .seconds = (double)(clock_monotonic() - began) / (double)CLOCK_SECOND,
	    .steps_done = (double)run->done - (double)run->in_use,
	    .steps_left = (double)(PQntuples(run->due) - run->done) + (double)run->in_use,
	};

	_Static_assert((int)KINDS <= (int)MAINTAIN_WORKS_MAX, "all kinds have room");
	for (enum kind kind = 0; kind < WARNING; kind++) {
		result.works[kind].kind = kinds[kind].name;
		result.works[kind].count = (double)run->counts[kind];
		result.work_count++;
	}
	maintain_metrics_write(path, run->conn, engine, &result);
}

/* ---- what there is to do ---- */

/* The name of the query in sql/maintain/; NULL: nothing is ever due. */
static const char *query_of(enum engine engine)
{
	switch (engine) {
	case ENGINE_POSTGRESQL:
		return "postgresql";
	case ENGINE_TIMESCALEDB:
		return "timescaledb";
	case ENGINE_TIMESCALEDB_APACHE:
		break;
	}
	return NULL;
}

/* The steps call functions of the newest schema. */
static enum engine require_newest(PGconn *conn)
{
	struct schema schema;
	char fault[512];
	enum engine engine;

	schema_require(conn);
	schema_read(conn, &schema);
	if (!plan_check(&schema.plan, fault, sizeof(fault)))
		msg_die(EX_CONFIG, "%s", fault);
	if (plan_missing(&schema.plan) > 0)
		msg_die(EX_CONFIG, "the schema lacks %zu steps: run 'tsdb-admin migrate'",
		        plan_missing(&schema.plan));
	engine = schema.plan.engine;
	schema_free(&schema);
	return engine;
}

static bool lock(PGconn *conn)
{
	char got[2];

	db_value(conn, "cannot take the lock",
	         "SELECT pg_try_advisory_lock(hashtext('sensorpipe maintain'))", NULL, got,
	         sizeof(got));
	return got[0] == 't';
}

static void print_steps(const PGresult *due)
{
	for (int step = 0; step < PQntuples(due); step++)
		if (PQgetisnull(due, step, SQL))
			printf("-- %s\n", PQgetvalue(due, step, SUBJECT));
		else
			printf("%s; -- %s\n", PQgetvalue(due, step, SQL),
			       PQgetvalue(due, step, SUBJECT));
	if (fflush(stdout) != 0)
		msg_die(EX_IOERR, "stdout: %m");
}

int maintain_run(PGconn *conn, bool dry_run, bool show_progress, const char *metrics)
{
	int64_t began = clock_monotonic();
	struct run run = {.conn = conn, .show_progress = show_progress, .tries = STEP_TRIES};
	const struct hand hand = {conn, dry_run};
	enum engine engine = require_newest(conn);
	const char *query = query_of(engine);
	int status;

	if (query == NULL) {
		msg_info("engine %s: nothing to maintain", engine_name(engine));
		return EX_OK;
	}
	if (!dry_run && !lock(conn)) {
		msg_info("another maintain is at work: nothing done");
		return EX_OK;
	}
	hand_become_owner(&hand);
	stop_init();
	step_init(conn);
	if (step_run(conn, "cannot find out what is due", sql_text("maintain", query), STEP_TRIES,
	             &run.due) != STEP_DONE) {
		msg_warn("stopped, or the tables are in use: nothing done");
		return stop_requested() ? EX_OK : EX_TEMPFAIL;
	}
	if (dry_run) {
		print_steps(run.due);
		PQclear(run.due);
		return EX_OK;
	}
	do_steps(&run);
	report(&run, engine);
	if (!stop_requested())
		write_metrics(&run, metrics, engine, began);
	status = run.in_use > 0 ? EX_TEMPFAIL : EX_OK;
	PQclear(run.due);
	return status;
}
