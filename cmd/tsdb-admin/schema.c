#include "schema.h"

#include "base/buf.h"
#include "base/msg.h"
#include "grant.h"
#include "link/db.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what is there ---- */

static bool schema_exists(PGconn *conn)
{
	char name[64];

	return db_value(conn, "cannot look for the schema",
	                "SELECT to_regclass('schema_migrations')", NULL, name, sizeof(name));
}

void schema_require(PGconn *conn)
{
	if (!schema_exists(conn))
		msg_die(EX_CONFIG, SCHEMA_NONE, PQdb(conn));
}

static void take_applied(struct schema *schema)
{
	const PGresult *result = schema->result;
	size_t count = (size_t)PQntuples(result);

	schema->applied = calloc(count + 1, sizeof(*schema->applied));
	if (schema->applied == NULL)
		msg_die(EX_OSERR, "out of memory");
	for (size_t i = 0; i < count; i++)
		schema->applied[i] = (struct applied){
		    .version = atoi(PQgetvalue(result, (int)i, 0)),
		    .name = PQgetvalue(result, (int)i, 1),
		    .checksum = PQgetvalue(result, (int)i, 2),
		};
	schema->plan.applied = schema->applied;
	schema->plan.applied_count = count;
	schema->plan.engine = engine_of_name(count > 0 ? PQgetvalue(result, 0, 3) : "");
}

bool schema_try(PGconn *conn, struct schema *schema, struct db_failure *failure)
{
	PGresult *name = db_try(conn, "cannot look for the schema",
	                        "SELECT to_regclass('schema_migrations')", 0, NULL, failure);
	bool exists = name != NULL && !PQgetisnull(name, 0, 0);

	*schema = (struct schema){.plan = {.files = sql_files, .count = sql_file_count}};
	if (name != NULL && !exists) {
		failure->status = EX_CONFIG;
		snprintf(failure->why, sizeof(failure->why), SCHEMA_NONE, PQdb(conn));
	}
	PQclear(name);
	if (!exists)
		return false;
	schema->result = db_try(conn, "cannot read schema_migrations",
	                        "SELECT version, name, checksum, "
	                        "(SELECT engine FROM schema_settings) "
	                        "FROM schema_migrations ORDER BY version",
	                        0, NULL, failure);
	if (schema->result == NULL)
		return false;
	take_applied(schema);
	return true;
}

bool schema_read(PGconn *conn, struct schema *schema)
{
	struct db_failure failure;

	*schema = (struct schema){.plan = {.files = sql_files, .count = sql_file_count}};
	if (!schema_exists(conn))
		return false;
	if (!schema_try(conn, schema, &failure))
		msg_die(failure.status, "%s", failure.why);
	return true;
}

void schema_free(struct schema *schema)
{
	free(schema->applied);
	PQclear(schema->result);
}

void schema_require_known(PGconn *conn)
{
	struct schema schema;
	char fault[512];

	schema_require(conn);
	schema_read(conn, &schema);
	if (!plan_check(&schema.plan, fault, sizeof(fault)))
		msg_die(EX_CONFIG, "%s", fault);
	schema_free(&schema);
}

/* ---- what is done about it ---- */

static void apply_step(const struct hand *hand, const struct plan *plan,
                       const struct sql_file *file)
{
	struct buf sql = {0};
	char what[128];

	snprintf(what, sizeof(what), "%s/%04d_%s.sql", file->set, file->version, file->name);
	if (hand->dry_run)
		printf("\n---- %s ----\n", what);
	hand_perform(hand, what, file->text);
	/* Names, checksums and engines are words of ours: nothing in them needs quoting. */
	buf_printf(
	    &sql,
	    "INSERT INTO schema_migrations (version, name, checksum) VALUES (%d, '%s', '%s');",
	    file->version, file->name, file->checksum);
	if (file->version == 1)
		buf_printf(&sql, "\nINSERT INTO schema_settings (engine) VALUES ('%s');",
		           engine_name(plan->engine));
	hand_perform(hand, what, buf_string(&sql));
	buf_free(&sql);
}

static void apply_missing(const struct hand *hand, const struct plan *plan)
{
	const struct sql_file *file;
	char fault[512];
	size_t at = 0, missing = plan_missing(plan);

	if (!plan_check(plan, fault, sizeof(fault)))
		msg_die(EX_CONFIG, "%s", fault);
	while ((file = plan_next(plan, &at)) != NULL)
		apply_step(hand, plan, file);
	msg_info("schema version %d, engine %s: %zu steps %s, %zu were there", plan_target(plan),
	         engine_name(plan->engine), missing, hand->dry_run ? "to apply" : "applied",
	         plan->applied_count);
}

void schema_begin(const struct hand *hand)
{
	hand_perform(hand, "cannot begin",
	             "BEGIN;\nSET LOCAL lock_timeout TO '" SCHEMA_LOCK_TIMEOUT "';");
	hand_perform(hand, "another tsdb-admin is at work",
	             "SELECT pg_advisory_xact_lock(hashtext('sensorpipe schema'));");
}

static void end(const struct hand *hand, const struct plan *plan)
{
	char sql[256];

	snprintf(sql, sizeof(sql),
	         "SELECT make_partitions(today - %d, today + %d)\n"
	         "FROM (SELECT (now() AT TIME ZONE 'UTC')::date) AS utc (today);",
	         SCHEMA_DAYS_BEHIND, SCHEMA_DAYS_AHEAD);
	if (plan->engine == ENGINE_POSTGRESQL)
		hand_perform(hand, "cannot make partitions", sql);
	grant_again(hand);
	hand_perform(hand, "cannot commit", "COMMIT;");
	hand_flush();
}

static void require_engine(enum engine engine, enum engine_wish wish)
{
	if (!engine_fulfils(engine, wish))
		msg_die(EX_CONFIG,
		        "this database is made for engine %s: another one needs a new database",
		        engine_name(engine));
}

void schema_init(PGconn *conn, enum engine_wish wish, bool dry_run)
{
	const struct hand hand = {conn, dry_run};
	struct schema schema;
	enum engine engine = ENGINE_POSTGRESQL;
	bool creates = false;

	/* The extension cannot be made in the transaction that uses it on all versions. */
	if (!schema_exists(conn))
		engine = engine_choose(conn, wish, dry_run, &creates);
	if (creates && dry_run)
		hand_perform(&hand, "", "CREATE EXTENSION IF NOT EXISTS timescaledb;");
	schema_begin(&hand);
	hand_become_owner(&hand);
	if (!schema_read(conn, &schema))
		schema.plan.engine = engine;
	require_engine(schema.plan.engine, wish);
	apply_missing(&hand, &schema.plan);
	end(&hand, &schema.plan);
	schema_free(&schema);
}

void schema_migrate(PGconn *conn, bool dry_run)
{
	const struct hand hand = {conn, dry_run};
	struct schema schema;

	schema_require(conn);
	schema_begin(&hand);
	hand_become_owner(&hand);
	schema_read(conn, &schema);
	apply_missing(&hand, &schema.plan);
	end(&hand, &schema.plan);
	schema_free(&schema);
}
