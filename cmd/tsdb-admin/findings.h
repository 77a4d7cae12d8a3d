/*
 * findings: what the doctor found, a line each, with the way to mend what is wrong below it.
 *
 *     ok       standby: this server is no standby
 *     problem  fsync: is off: a crash of the machine can destroy the database
 *         ALTER SYSTEM SET fsync = 'on'; SELECT pg_reload_conf();
 *
 * In JSON an array of objects with level, name, found, and mend, which is null
 * where nothing is wrong. No I/O: appends to a buffer.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_FINDINGS_H
#define SENSORPIPE_TSDB_ADMIN_FINDINGS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum level { LEVEL_OK, LEVEL_SKIPPED, LEVEL_WARNING, LEVEL_PROBLEM, LEVELS };

struct findings {
	struct buf out;
	bool json;
	bool quiet; /* text: say only what is wrong */
	size_t counts[LEVELS];
};

/* As the queries of sql/doctor/ name it; LEVELS: no level has this name. */
enum level findings_level(const char *name);

/* `mend` may be NULL; it is shown for warnings and problems alone. Texts are one line each: control
 * characters are escaped. */
void findings_add(struct findings *f, enum level level, const char *name, const char *found,
                  const char *mend);

/* To be called after the last. */
void findings_end(struct findings *f);

void findings_free(struct findings *f);

#endif
