/*
 * sql_files: the SQL of this tool: the files SET/NNNN_name.sql under sql/, embedded by sql/embed.
 *
 * The sets `status`, `maintain`, `grant` and `doctor` hold queries. The others hold the steps of
 * the database schema: a step's number is its version; within the sets that an engine uses (see
 * engine.h) no two steps have the same one. A step that was ever released is never edited: its
 * checksum is kept in every database it was applied to.
 */
#ifndef SENSORPIPE_SQL_FILES_H
#define SENSORPIPE_SQL_FILES_H

#include <stddef.h>

struct sql_file {
	int version;
	const char *set;
	const char *name;
	const char *checksum; /* SHA-256, 64 hex digits */
	const char *text;
};

/* In order of version, then set. */
extern const struct sql_file sql_files[];
extern const size_t sql_file_count;

/* The text of a file that is known to be there. */
const char *sql_text(const char *set, const char *name);

#endif
