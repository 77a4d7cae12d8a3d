/*
 * metrics: a tool's counters as a Prometheus text file.
 *
 * The file (text exposition format 0.0.4, for the node exporter's textfile
 * collector or any reader) is replaced by rename(2) at most once a
 * METRICS_INTERVAL and once at the end, so a reader never sees half of it. The
 * values are the tool's own variables: they are registered by address and read
 * when the file is written. A file that cannot be written draws one warning
 * (until it can be written again) and never stops the tool. All functions take
 * NULL for "no metrics wanted".
 *
 * Every file begins with what all tools tell, each with the label tool:
 * build_info (with the version), start_time_seconds, and
 * last_success_time_seconds, by which a stage that is stalled shows: when a
 * counter of metrics_work() was last seen to have moved, so at most an interval
 * late. Nothing is done for it on the hot path.
 *
 * Names belong to one tool each, so that the files of a chain may be read
 * together. For the files of several chains in one directory, the variable
 * SENSORPIPE_WORKER of the environment is the label worker of every sample; one
 * that is not UTF-8 ends the process with EX_USAGE.
 */
#ifndef SENSORPIPE_METRICS_H
#define SENSORPIPE_METRICS_H

#include "base/buf.h"
#include "base/slice.h"
#include "observe/histogram.h"

#include <stdint.h>

#define METRICS_INTERVAL INT64_C(1000000) /* microseconds */

struct metrics;

/* NULL when `path` is NULL. `labels` goes into every sample: "" or "source=\"a\"". */
struct metrics *metrics_open(const char *path, const char *labels);

/* Appends NAME="VALUE" to a list of labels, a comma before it where needed, VALUE escaped. */
void metrics_label(struct buf *labels, const char *name, struct slice value);

/* `name` without prefix ("records_total"): written as sensorpipe_NAME. Samples of one name must be
 * registered one after the other; `labels` as above. All strings must outlive m. */
void metrics_counter(struct metrics *m, const char *name, const char *labels, const char *help,
                     const uint64_t *value);
void metrics_gauge(struct metrics *m, const char *name, const char *labels, const char *help,
                   const double *value);
/* The counter registered last counts what the tool is there for: see above. */
void metrics_work(struct metrics *m);
/* The same for a tool that does its work once: it has done it now. */
void metrics_success(struct metrics *m);
/* In seconds, with fixed bounds from 1 ms to 1 minute. */
void metrics_histogram(struct metrics *m, const char *name, const char *help,
                       const struct histogram *h);

/* Writes the file when it is time to; cheap enough for every record. */
void metrics_tick(struct metrics *m);

/* When metrics_tick() will write next, by clock_monotonic(): for a loop that may block longer than
 * that (see line_reader.deadline). INT64_MAX for NULL. */
int64_t metrics_due(const struct metrics *m);

/* Writes the file a last time and frees m. */
void metrics_close(struct metrics *m);

#endif
