/*
 * exposition: many Prometheus text files (format 0.0.4) as one.
 *
 * The format wants all samples of a metric together, behind one HELP and one TYPE line; the files
 * of several workers have the same metrics. So the samples are gathered by metric, in the order in
 * which metrics first come, and each sample gets the label worker="..." as its first, unless it has
 * one (SENSORPIPE_WORKER, see observe/metrics.h). Where files differ in HELP or TYPE, the first
 * one's counts. Comments are dropped.
 *
 * A zeroed struct is empty; exposition_free() gives its memory back. Callers bound the size of what
 * they add.
 */
#ifndef SENSORPIPE_EXPOSITION_H
#define SENSORPIPE_EXPOSITION_H

#include "base/buf.h"
#include "base/slice.h"

enum { EXPOSITION_METRICS_MAX = 2000 }; /* names; the tools have some 60 */

/* A metric and all that belongs to it. */
struct family {
	struct buf name;
	struct buf help, type; /* whole lines; empty where none came */
	struct buf samples;
};

struct exposition {
	struct family *families;
	size_t count, cap;
};

/* Adds a file, whole, or not at all: then -1, as it is not of the format, ends inside a line, is
 * not UTF-8, or could bring the names over the limit. `worker` needs no escaping. */
int exposition_add(struct exposition *e, struct slice worker, struct slice text);

void exposition_write(const struct exposition *e, struct buf *to);

void exposition_free(struct exposition *e);

#endif
