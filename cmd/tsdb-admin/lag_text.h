/*
 * lag_text: a look at a spool and its watermark as text for people, or as JSON. No I/O.
 *
 * What is not known is "-" or null. Ages are shown in whole seconds, in JSON exactly.
 */
#ifndef SENSORPIPE_TSDB_ADMIN_LAG_TEXT_H
#define SENSORPIPE_TSDB_ADMIN_LAG_TEXT_H

#include "base/buf.h"
#include "lag.h"

#include <stdbool.h>

/* A page of `name  value` lines. */
void lag_append_page(struct buf *b, const struct lag *lag, const char *source);

/* One line, for looking again and again; with `heading` the names of its columns above. */
void lag_append_line(struct buf *b, const struct lag *lag, bool heading);

/* One object and a line end. */
void lag_append_json(struct buf *b, const struct lag *lag, const char *source);

#endif
