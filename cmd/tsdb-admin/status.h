/*
 * status: what is in the database, and how it is doing, as a page for a person or as JSON.
 *
 * The page is a list of sections (sections.h). Both forms show the same
 * columns (report.h). Each look is a connection of its own: with watch a server
 * that goes away is told on the page, and asked again.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_STATUS_H
#define SENSORPIPE_TSDB_ADMIN_STATUS_H

#include <stdbool.h>
#include <stdint.h>

/* A look that must wait for a lock, or that takes this long, fails. */
#define STATUS_LOCK_WAIT "5s"
#define STATUS_TIME      "30s"

struct status_options {
	const char *conninfo;
	bool json;     /* objects, a line each, instead of text */
	int64_t watch; /* microseconds between looks; 0: one look */
};

/* Looks and prints. One look ends the process when it fails; with watch, until SIGTERM or SIGINT.
 * Returns EX_OK. */
int status_run(const struct status_options *o);

#endif
