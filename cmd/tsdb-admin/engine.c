#include "engine.h"

#include "base/msg.h"
#include "link/db.h"

#include <stdio.h>
#include <string.h>

enum { SETS = 3 };

static const struct {
	const char *name;
	const char *sets[SETS];
} engines[] = {
    [ENGINE_POSTGRESQL] = {"postgresql", {"common", "postgresql", "computed"}},
    [ENGINE_TIMESCALEDB] = {"timescaledb", {"common", "timescaledb", "timescaledb-community"}},
    [ENGINE_TIMESCALEDB_APACHE] = {"timescaledb-apache", {"common", "timescaledb", "computed"}},
};

const char *const engine_wishes[] = {
    [WISH_AUTO] = "auto",
    [WISH_TIMESCALEDB] = "timescaledb",
    [WISH_POSTGRESQL] = "postgresql",
    NULL,
};

const char *engine_name(enum engine engine)
{
	return engines[engine].name;
}

enum engine engine_of_name(const char *name)
{
	for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++)
		if (strcmp(engines[i].name, name) == 0)
			return (enum engine)i;
	msg_die(EX_CONFIG, "this database is made for engine '%s', which this tool does not know",
	        name);
}

bool engine_fulfils(enum engine engine, enum engine_wish wish)
{
	return wish == WISH_AUTO || (wish == WISH_POSTGRESQL) == (engine == ENGINE_POSTGRESQL);
}

bool engine_uses(enum engine engine, const char *set)
{
	for (size_t i = 0; i < SETS; i++)
		if (strcmp(engines[engine].sets[i], set) == 0)
			return true;
	return false;
}

bool engine_version_suits(const char *version)
{
	int major, minor;

	if (sscanf(version, "%d.%d", &major, &minor) != 2)
		return false;
	return major > TIMESCALEDB_MAJOR ||
	       (major == TIMESCALEDB_MAJOR && minor >= TIMESCALEDB_MINOR);
}

/* What the server has of TimescaleDB; texts are empty where there is none. */
struct offer {
	char installed[64]; /* version of the extension in this database */
	char available[64]; /* version that CREATE EXTENSION would install */
	char preloaded[16]; /* any text: shared_preload_libraries has it */
};

static void ask_offer(PGconn *conn, struct offer *offer)
{
	static const char what[] = "cannot look for the extension timescaledb";

	db_value(conn, what, "SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'",
	         NULL, offer->installed, sizeof(offer->installed));
	db_value(conn, what,
	         "SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb'",
	         NULL, offer->available, sizeof(offer->available));
	/* A setting of the preloaded part; shared_preload_libraries itself is only for superusers.
	 */
	db_value(conn, what, "SELECT current_setting('timescaledb.disable_load', true)", NULL,
	         offer->preloaded, sizeof(offer->preloaded));
}

/* Why the extension cannot be used, or "". */
static void find_obstacle(const struct offer *offer, char *why, size_t size)
{
	const char *version = offer->installed[0] != '\0' ? offer->installed : offer->available;

	why[0] = '\0';
	if (version[0] == '\0')
		snprintf(why, size, "the extension timescaledb is not available on this server");
	else if (!engine_version_suits(version))
		snprintf(why, size, "timescaledb %s is older than %d.%d", version,
		         TIMESCALEDB_MAJOR, TIMESCALEDB_MINOR);
	else if (offer->installed[0] == '\0' && offer->preloaded[0] == '\0')
		snprintf(
		    why, size,
		    "the extension timescaledb is available but not in shared_preload_libraries");
}

/* Creates the extension; gives why not, or "". Two who do so at once collide in spite of IF NOT
 * EXISTS: what counts is whether it is there afterwards. */
static void create_extension(PGconn *conn, struct offer *offer, char *why, size_t size)
{
	PGresult *result = PQexec(conn, "CREATE EXTENSION IF NOT EXISTS timescaledb");

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		snprintf(why, size, "%s", pg_result_message(result));
	PQclear(result);
	ask_offer(conn, offer);
	if (offer->installed[0] != '\0')
		why[0] = '\0';
}

static bool license_is_apache(PGconn *conn)
{
	char license[32];

	db_value(conn, "cannot ask for the license of timescaledb",
	         "SELECT current_setting('timescaledb.license', true)", NULL, license,
	         sizeof(license));
	return strcmp(license, "apache") == 0;
}

enum engine engine_choose(PGconn *conn, enum engine_wish wish, bool dry_run, bool *creates)
{
	struct offer offer;
	char why[PG_MESSAGE_MAX] = "it was asked for";

	*creates = false;
	if (wish != WISH_POSTGRESQL) {
		ask_offer(conn, &offer);
		find_obstacle(&offer, why, sizeof(why));
		*creates = why[0] == '\0' && offer.installed[0] == '\0';
		if (*creates && !dry_run)
			create_extension(conn, &offer, why, sizeof(why));
	}
	if (why[0] != '\0') {
		if (wish == WISH_TIMESCALEDB)
			msg_die(EX_CONFIG, "engine timescaledb: %s", why);
		msg_info("engine postgresql: %s", why);
		return ENGINE_POSTGRESQL;
	}
	if (license_is_apache(conn)) {
		msg_warn("engine timescaledb-apache: timescaledb.license is 'apache', which has "
		         "hypertables but no compression, continuous aggregates or policies");
		return ENGINE_TIMESCALEDB_APACHE;
	}
	msg_info("engine timescaledb: version %s",
	         offer.installed[0] != '\0' ? offer.installed : offer.available);
	return ENGINE_TIMESCALEDB;
}
