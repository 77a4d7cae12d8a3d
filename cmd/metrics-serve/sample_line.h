/*
 * sample_line: one line of the Prometheus text format 0.0.4, read strictly.
 *
 * Pure. Timestamps are refused: a file is the present state of its tool. Slices point into the
 * line.
 */
#ifndef SENSORPIPE_SAMPLE_LINE_H
#define SENSORPIPE_SAMPLE_LINE_H

#include "base/slice.h"

enum sample_line_kind { LINE_NOTHING, LINE_HELP, LINE_TYPE, LINE_SAMPLE };

struct sample_line {
	enum sample_line_kind kind; /* LINE_NOTHING: empty, or a comment */
	struct slice all;           /* with its LF */
	struct slice name;          /* of the metric */
	struct slice labels;        /* of a sample: what stands in the braces; may be empty */
	bool names_worker;          /* one of the labels is worker */
	struct slice value;         /* of a sample, with the LF */
};

/* `line` ends in LF. False where it is nothing of the format. */
bool sample_line_parse(struct slice line, struct sample_line *parsed);

#endif
