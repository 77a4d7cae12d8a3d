/*
 * engine: what the schema is built on, and how that is chosen.
 *
 * An engine uses some of the sets of steps under sql/. Which engine a database
 * has is decided once, by the first init, and kept in schema_settings.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_ENGINE_H
#define SENSORPIPE_TSDB_ADMIN_ENGINE_H

#include "link/pg.h"

#include <stdbool.h>

enum engine {
	ENGINE_POSTGRESQL,         /* no extension */
	ENGINE_TIMESCALEDB,        /* with compression, continuous aggregates and policies */
	ENGINE_TIMESCALEDB_APACHE, /* timescaledb.license = apache: hypertables only */
};

/* What the operator asks for. */
enum engine_wish { WISH_AUTO, WISH_TIMESCALEDB, WISH_POSTGRESQL };
extern const char *const engine_wishes[]; /* for opt_choice() */

/* As in schema_settings. */
const char *engine_name(enum engine engine);
enum engine engine_of_name(const char *name);

bool engine_fulfils(enum engine engine, enum engine_wish wish);

/* Whether the engine uses the steps of this set. */
bool engine_uses(enum engine engine, const char *set);

/* The oldest TimescaleDB that has what the schema uses. */
enum { TIMESCALEDB_MAJOR = 2, TIMESCALEDB_MINOR = 12 };

/* Whether a version like "2.12.1" or "2.23.0-dev" is new enough. */
bool engine_version_suits(const char *version);

/*
 * Chooses for a database without a schema, and says why. Creates the extension
 * where that is needed and allowed, unless `dry_run`: then *creates tells that
 * it would. Ends the process when the wish cannot be fulfilled.
 */
enum engine engine_choose(PGconn *conn, enum engine_wish wish, bool dry_run, bool *creates);

#endif
