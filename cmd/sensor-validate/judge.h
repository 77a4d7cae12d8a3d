/*
 * judge: JSON values, one a line, against one schema; one line of answer for each, in order.
 *
 *   valid
 *   invalid   with `explain`: TAB and the rule, TAB and the value, both as JSON
 *             pointers (#/properties/a/maximum, /a), TAB and what is wrong
 *   error     no JSON value: with `explain`: two empty fields, TAB and what is
 *             wrong with which column
 *
 * A line that is too long is an error, and so is one without its line end: a
 * number may have been cut.
 */
#ifndef SENSOR_VALIDATE_JUDGE_H
#define SENSOR_VALIDATE_JUDGE_H

#include "check.h"

#include "observe/metrics.h"
#include "stream/line.h"
#include "stream/out.h"

enum { JUDGE_DEPTH_MAX = 64 }; /* containers in each other */

struct judge {
	/* To be set by the caller. */
	struct schema *schema;
	bool explain;
	struct line_reader lines;
	struct out out;

	/* Lines so far: the sum of the others. */
	uint64_t values, valid, invalid, errors;
	bool truncated; /* the last one had no line end */

	/* Private. */
	struct check check;
	struct json_tree tree;
};

/* To the end of the input. */
void judge_run(struct judge *j, struct metrics *m);

void judge_register(const struct judge *j, struct metrics *m);

/* Frees what is private. */
void judge_free(struct judge *j);

#endif
