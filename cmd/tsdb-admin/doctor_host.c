#include "doctor_host.h"

#include "base/clock.h"
#include "doctor_ask.h"
#include "link/db.h"
#include "report.h"
#include "sql_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#define MEGABYTE UINT64_C(1000000)

/* ---- no I/O ---- */

enum level doctor_clock_level(int64_t offset, int64_t doubt)
{
	int64_t apart = (offset < 0 ? -offset : offset) - doubt;

	if (apart > 60 * CLOCK_SECOND)
		return LEVEL_PROBLEM;
	return apart > CLOCK_SECOND ? LEVEL_WARNING : LEVEL_OK;
}

enum level doctor_disk_level(uint64_t free, uint64_t growth)
{
	if (free < 256 * MEGABYTE || free < growth)
		return LEVEL_PROBLEM;
	return free < 1000 * MEGABYTE || free / 7 < growth ? LEVEL_WARNING : LEVEL_OK;
}

/* ---- the way ---- */

static bool is_socket(const PGconn *conn)
{
	return PQhost(conn) != NULL && (PQhost(conn)[0] == '/' || PQhost(conn)[0] == '@');
}

static bool is_local(const PGconn *conn)
{
	const char *address = PQhostaddr(conn);

	return is_socket(conn) || (address != NULL && (strncmp(address, "127.", 4) == 0 ||
	                                               strcmp(address, "::1") == 0));
}

void doctor_connection(struct findings *f, PGconn *conn)
{
	struct buf found = {0};
	int64_t start = clock_monotonic();

	db_run(conn, "cannot ask the server", "SELECT 1");
	buf_printf(&found, "database %s on %s:%s as role %s, %.1f ms away", PQdb(conn),
	           PQhost(conn) != NULL ? PQhost(conn) : "-", PQport(conn), PQuser(conn),
	           (double)(clock_monotonic() - start) / 1000);
	findings_add(f, LEVEL_OK, "connection", buf_string(&found), NULL);
	buf_free(&found);
}

void doctor_tls(struct findings *f, PGconn *conn)
{
	struct buf found = {0};

	if (PQsslInUse(conn)) {
		buf_printf(&found, "%s, %s", PQsslAttribute(conn, "protocol"),
		           PQsslAttribute(conn, "cipher"));
		findings_add(f, LEVEL_OK, "tls", buf_string(&found), NULL);
	} else if (is_local(conn)) {
		findings_add(f, LEVEL_OK, "tls", "not in use, nor needed on this machine", NULL);
	} else {
		findings_add(
		    f, LEVEL_WARNING, "tls",
		    "not in use: readings and names can be read on the way",
		    "set ssl = on on the server, and sslmode=verify-full in the connection string");
	}
	buf_free(&found);
}

/* ---- the clock ---- */

void doctor_clock(struct findings *f, PGconn *conn)
{
	static const char query[] =
	    "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
	struct buf found = {0};
	char theirs[32];
	int64_t sent = clock_now(), doubt, offset;
	enum level level;

	db_value(conn, "cannot ask for the time", query, NULL, theirs, sizeof(theirs));
	/* They looked at their clock somewhere on the way there and back. */
	doubt = (clock_now() - sent) / 2;
	offset = strtoll(theirs, NULL, 10) - (sent + doubt);
	level = doctor_clock_level(offset, doubt);
	buf_printf(&found, "the server's is %.3f s %s ours, give or take %.3f s",
	           (double)(offset < 0 ? -offset : offset) / CLOCK_SECOND,
	           offset < 0 ? "behind" : "ahead of", (double)doubt / CLOCK_SECOND);
	findings_add(f, level, "clock", buf_string(&found),
	             "set both clocks by NTP: timedatectl set-ntp true");
	buf_free(&found);
}

/* ---- the disk ---- */

/* Bytes a day; 0: not known. */
static uint64_t ask_growth(struct findings *f, PGconn *conn, const struct plan *plan)
{
	const char *query;
	PGresult *result;
	uint64_t growth = 0;

	if (plan == NULL)
		return 0;
	query = plan->engine == ENGINE_POSTGRESQL ? "growth_postgresql" : "growth_timescaledb";
	result = doctor_ask(f, conn, "disk", sql_text("doctor", query));
	if (result != NULL)
		growth = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	return growth;
}

/* Whether the directory is on this machine, and how much is free below it. */
static bool ask_free(const PGconn *conn, const PGresult *disk, uint64_t *free)
{
	struct statvfs fs;

	if (!is_socket(conn) || PQgetisnull(disk, 0, 1) ||
	    statvfs(PQgetvalue(disk, 0, 1), &fs) != 0)
		return false;
	*free = (uint64_t)fs.f_bavail * fs.f_frsize;
	return true;
}

void doctor_disk(struct findings *f, PGconn *conn, const struct plan *plan)
{
	PGresult *disk = doctor_ask(f, conn, "disk", sql_text("doctor", "disk"));
	uint64_t growth = ask_growth(f, conn, plan), free;
	struct buf found = {0};
	enum level level = LEVEL_OK;

	if (disk == NULL)
		return;
	buf_append_string(&found, "the database takes ");
	report_append_bytes(&found, strtod(PQgetvalue(disk, 0, 0), NULL));
	if (growth > 0) {
		buf_append_string(&found, ", a day of readings ");
		report_append_bytes(&found, (double)growth);
	}
	if (ask_free(conn, disk, &free)) {
		level = doctor_disk_level(free, growth);
		buf_append_string(&found, "; free beside it are ");
		report_append_bytes(&found, (double)free);
	} else {
		buf_append_string(&found, "; what is free beside it cannot be seen from here");
	}
	findings_add(f, level, "disk", buf_string(&found),
	             "make room, or keep readings for less: tsdb-admin policy set raw=30d");
	buf_free(&found);
	PQclear(disk);
}
