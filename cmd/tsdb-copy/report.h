/*
 * report: what became of the readings: counts, latencies, and their ways out.
 *
 * received = stored + duplicates + rejected + skipped, and on a failed exit
 * plus what is not stored.
 */
#ifndef TSDB_COPY_REPORT_H
#define TSDB_COPY_REPORT_H

#include "batch.h"
#include "observe/histogram.h"
#include "observe/metrics.h"

#include <stdint.h>

struct report {
	uint64_t received; /* lines */
	uint64_t stored, duplicates, rejected, skipped;
	uint64_t conflicts; /* of the rejected, or with --on-conflict replace of the stored */
	uint64_t rows, batches[PATHS], retries;
	struct histogram latency;        /* from arrival to commit */
	struct histogram device_latency; /* from the device's time to commit */
	struct histogram batch_times;    /* of batch.took */
	double watermark, last_commit, up;
};

/* Counts a batch that was stored, but for its rejected readings. */
void report_batch(struct report *r, const struct batch *b);

/* Registers everything. */
void report_metrics(const struct report *r, struct metrics *m);

/* The line at the end. */
void report_summary(const struct report *r);

/* Readings that were received and not settled. */
uint64_t report_pending(const struct report *r);

#endif
