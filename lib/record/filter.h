/*
 * filter: what the tools have in common that read records, one a line: options, and three streams.
 *
 * Records come from standard input and go to standard output; dead letters go aside. Outputs are
 * flushed before reading blocks, and dead letters are on the disk before any output that was
 * written after them (record/reject.h), so that no record lets the watermark pass a message whose
 * dead letter may be lost.
 */
#ifndef SENSORPIPE_FILTER_H
#define SENSORPIPE_FILTER_H

#include "base/opt.h"
#include "record/input.h"
#include "record/reject.h"
#include "stream/out.h"

#include <stdbool.h>
#include <stddef.h>

struct filter_options {
	const char *reject;  /* file for dead letters; NULL: standard error */
	const char *metrics; /* file for counters; NULL: none are wanted */
	size_t max_line;     /* longest record, in bytes; to be set to the tool's default before */
	bool strict;         /* a dead letter makes the exit status EX_DATAERR */
};

enum {
	FILTER_REJECT = OPT_HELP + 1,
	FILTER_METRICS,
	FILTER_MAX_LINE,
	FILTER_STRICT,
	FILTER_QUIET,
};

/* For a tool's table of long options; --strict for those whose exit status tells of dead letters.
 */
/* clang-format off */
#define FILTER_LONG_OPTIONS                                 \
	{"reject", required_argument, NULL, FILTER_REJECT},     \
	{"metrics", required_argument, NULL, FILTER_METRICS},   \
	{"max-line", required_argument, NULL, FILTER_MAX_LINE}, \
	{"quiet", no_argument, NULL, FILTER_QUIET}
#define FILTER_LONG_OPTION_STRICT \
	{"strict", no_argument, NULL, FILTER_STRICT}
/* clang-format on */

/* Takes the option if it is one of these; every tool's own are left to it. A value that is wrong
 * ends the process with EX_USAGE. */
bool filter_option(struct filter_options *o, int option, const char *value);

/* Opens the streams. All three must stay where they are. `takes` as for input_init(). */
void filter_open(const struct filter_options *o, unsigned takes, struct input *in, struct out *out,
                 struct reject *reject);

/* Writes out what is left, and frees them; the counts and in->status may still be read. */
void filter_close(struct input *in, struct out *out, struct reject *reject);

/* The exit status of a filter that has taken all of its input. */
int filter_status(const struct filter_options *o, const struct input *in,
                  const struct reject *reject);

#endif
