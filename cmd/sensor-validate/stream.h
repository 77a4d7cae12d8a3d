/*
 * stream: a reading that holds against its schema, judged after those before it.
 *
 * First its time, against that of its arrival and that of the sensor's newest
 * reading, then each metric that has checks, in the order of the record
 * (qartod.h). A check that says FAIL refuses the whole reading, which then
 * leaves nothing in the state but that it failed; SUSPECT raises the quality of
 * the metric (of all, if it is for the time), unless it is worse already. A
 * check that could not be made says nothing. Metrics that come with the
 * quality fail or missing are not judged and not remembered.
 *
 * Nothing is allocated but for series that are new.
 */
#ifndef SENSOR_VALIDATE_STREAM_H
#define SENSOR_VALIDATE_STREAM_H

#include "check.h"
#include "remembered.h"
#include "schema.h"

#include "base/buf.h"
#include "observe/metrics.h"
#include "record/record.h"

/* What is known of a metric of the reading while it is judged. */
struct judged {
	const struct qartod_rules *rules; /* NULL: nothing is to be remembered */
	struct siphash name;
	struct series *series; /* NULL: new */
};

enum { STREAM_FLAGS = QUALITY_FAIL + 1 }; /* flags are used as an index */

struct stream {
	struct series_table series;

	/* So far. */
	uint64_t flags[QARTOD_CHECKS][STREAM_FLAGS]; /* given to values */
	uint64_t late, early;                        /* readings: suspect for their age or future */
	uint64_t duplicates, out_of_order;
	uint64_t gaps; /* before readings that were passed on */

	/* Private. */
	struct buf name;
	struct judged judged[RECORD_METRICS_MAX];
};

enum stream_verdict {
	STREAM_GOOD,    /* the reading is as it was */
	STREAM_SUSPECT, /* its qualities were changed */
	STREAM_FAIL,    /* check->failure tells why */
};

void stream_init(struct stream *s, uint32_t max_series);
void stream_free(struct stream *s);

/* `r` was found to hold against `schema`, which has_stream, by `check`. */
enum stream_verdict stream_take(struct stream *s, struct schema *schema, struct reading *r,
                                struct check *check);

/* "validate_..." */
void stream_register(const struct stream *s, struct metrics *m);

#endif
