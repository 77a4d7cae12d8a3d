/*
 * fields: the TAB-separated fields of one record, taken from left to right.
 *
 * Shared by the parsers of the record kinds. The first fault is kept in the
 * cursor; after it every call fails.
 */
#ifndef SENSORPIPE_FIELDS_H
#define SENSORPIPE_FIELDS_H

#include "record/record.h"

struct fields {
	const char *start, *pos, *end; /* pos is NULL after the last field */
	bool backslash;                /* something in the line is escaped */
	struct buf *scratch;
	struct record_error *error;
};

/* Checks the line as a whole (sound bytes), clears scratch and makes room in it for every unescaped
 * byte of the line, so that slices into it stay valid. Takes the field that names the kind. */
int fields_begin(struct fields *f, struct slice line, struct buf *scratch,
                 struct record_error *error);

/* The next field as written; `what` names it in the error when it is missing. */
int fields_raw(struct fields *f, const char *missing, struct slice *field);

/* The next field, unescaped. */
int fields_text(struct fields *f, const char *missing, struct slice *field);

/* The next field as an unsigned number; with *plus (may be NULL) a final '+' is taken. */
int fields_seq(struct fields *f, uint64_t *value, bool *plus);

/* The next field as a time. */
int fields_time(struct fields *f, const char *missing, const char *wrong, int64_t *us);

/* Unescapes a part of a field of a line that has a backslash somewhere. */
int fields_unescape_part(struct fields *f, struct slice raw, struct slice *text);

/* Unescapes a part of a field. */
static inline int fields_unescape(struct fields *f, struct slice raw, struct slice *text)
{
	*text = raw;
	return f->backslash ? fields_unescape_part(f, raw, text) : 0;
}

static inline bool fields_left(const struct fields *f)
{
	return f->pos != NULL;
}

/* -1 with an error at a place of the line. */
int fields_fail(struct fields *f, const char *at, const char *what);

#endif
