/*
 * faults: what is wrong with schema files, gathered so that all of it can be told at once.
 *
 * A fault is one line: `FILE#POINTER: what is wrong`, POINTER being the JSON
 * pointer (RFC 6901) of the place, or `FILE:LINE:COLUMN: ...` where the file
 * is no JSON. A warning is the same with `warning: ` before what is wrong.
 */
#ifndef SENSOR_VALIDATE_FAULTS_H
#define SENSOR_VALIDATE_FAULTS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct faults {
	const char *file;   /* being read */
	struct buf pointer; /* of the place being read */
	unsigned count;
	struct buf lines; /* each with its LF */

	/* Set by the caller who wants to hear also of what is sound but cannot be meant. */
	bool lint;
	unsigned warnings; /* among the lines */
};

/* Appends a name to a JSON pointer: '/' and the name, in which '~' and '/' become ~0 and ~1 (RFC
 * 6901), and control characters what they are in a record, so that no name can end the line. */
void pointer_append(struct buf *pointer, struct slice name);

/* Steps down into a member or item; gives what faults_leave() takes to step up again. */
size_t faults_enter(struct faults *f, struct slice name);
size_t faults_enter_index(struct faults *f, size_t index);
void faults_leave(struct faults *f, size_t mark);

/* A fault at the place being read. */
void faults_add(struct faults *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Where f->lint: a warning at the place being read. */
void faults_warn(struct faults *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A fault at a byte of the text of the file being read. */
void faults_add_at(struct faults *f, struct slice text, size_t offset, const char *what);

/* A fault of a file or directory as a whole. */
void faults_add_file(struct faults *f, const char *path, const char *what);

void faults_free(struct faults *f);

#endif
