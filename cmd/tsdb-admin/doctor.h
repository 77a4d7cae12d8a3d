/*
 * doctor: looks for what is wrong with a database, its server and its schema, and says how to mend
 * it.
 *
 * What SQL can find are the queries in sql/doctor/, with the columns name,
 * level (see findings.h), found and mend, a row for each finding. What it cannot
 * is in doctor_host.h. Checks change nothing.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_DOCTOR_H
#define SENSORPIPE_TSDB_ADMIN_DOCTOR_H

#include <stdbool.h>

/*
 * Connects, checks, prints. Returns the exit status: EX_OK when there is no
 * problem, EX_CONFIG when there is one, and as db_connect() would when there is no
 * connection.
 */
int doctor_run(const char *conninfo, bool json, bool quiet);

#endif
