/*
 * table: scores one series in a table of lines `timestamp,value`.
 *
 * Lines go on as they came, with the score as another field; a first line that has no timestamp is
 * a header, and gets `,score`. A row without a value, or that is in the state already, gets an
 * empty field. A row that cannot be read becomes a dead letter. The last line may lack its line
 * end, lines may end with CR LF, and empty ones go on as they are.
 *
 * Rows are scored in the order in which they stand, whatever their times, as files come with clocks
 * set back. Only what a state from before knows (up to its newest time) is not scored again.
 */
#ifndef SENSOR_ANOMALY_TABLE_H
#define SENSOR_ANOMALY_TABLE_H

#include "detector_state.h"
#include "tally.h"

#include "observe/metrics.h"
#include "record/reject.h"
#include "stream/line.h"
#include "stream/out.h"

#include <stdint.h>

struct table {
	struct line_reader lines;
	struct reject reject;
	struct out out;
	struct series_table series; /* of detector_table_form; has one */
	struct tally tally;

	/* Rows so far: tally.values + missing + reject.count; the header and empty lines do not
	 * count. */
	uint64_t rows, missing;

	/* Private. */
	struct detector *detector;
	int64_t known; /* the time of the newest value of a state from before */
};

/* To be called when the state is read. */
void table_begin(struct table *t);

/* Deals with a line, without its LF. */
void table_take(struct table *t, struct slice line);

/* One that is longer than the bound. */
void table_reject_long(struct table *t, struct slice line);

void table_register(const struct table *t, struct metrics *m);

#endif
