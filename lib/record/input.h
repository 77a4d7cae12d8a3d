/*
 * input: the records on a filter's input, the broken ones sorted out.
 *
 * Reads lines (stream/line.h) and gives those whose kind the tool takes. What
 * is no such record becomes a dead letter here, with its line number in the
 * detail (and its file, if it is not standard input), and reading goes on:
 *
 *   too-long    a line over the bound; the letter keeps its first INPUT_KEEP bytes
 *   truncated   the input ended inside a line; input_status() is then EX_DATAERR
 *   wrong-kind  a record of a kind this tool does not take: or of a later version: names the
 *               stage that is missing, or what else mends it
 *   not-a-record  none of the kinds
 *
 * A tool that passes records on names the output: where a refused record still
 * tells which message it completes, a skip record goes there in its place, so
 * that the tools behind can settle the message. A record that has a crc and is
 * broken all the same is damaged, and so may its number be: it gets none. Nor
 * does a truncated one, which may come whole another time.
 *
 * When the very first line is a record of the wrong kind the chain was put
 * together wrongly, or of tools of different versions: what is in the outputs is written out, and
 * the process ends with EX_DATAERR saying how to mend it. A failed read ends it with EX_IOERR.
 */
#ifndef SENSORPIPE_INPUT_H
#define SENSORPIPE_INPUT_H

#include "base/slice.h"
#include "record/record.h"
#include "record/reject.h"
#include "stream/line.h"

#include <stdint.h>

enum { INPUT_KEEP = 64 * 1024 };
#define INPUT_STDIN "stdin"

#define INPUT_MESSAGES (1u << RECORD_MESSAGE | 1u << RECORD_JSON)
#define INPUT_READINGS (1u << RECORD_READING | 1u << RECORD_SKIP)

enum input_status {
	INPUT_RECORD, /* in.line, in.kind */
	INPUT_END,
	INPUT_WAKE,   /* see LINE_WAKE */
	INPUT_RELOAD, /* see LINE_RELOAD */
};

struct input {
	struct line_reader lines;
	struct out *skips; /* to be set by the caller: for skip records; NULL: none are wanted */
	unsigned takes;    /* INPUT_MESSAGES or INPUT_READINGS */
	struct reject *reject;

	struct slice line; /* without its LF */
	enum record_kind kind;

	uint64_t records;  /* lines read, whatever became of them */
	uint64_t rejected; /* dead letters written here */
	uint64_t skipped;  /* skip records written */
	int status;        /* for the process's exit: EX_OK or EX_DATAERR */
};

/* Reads standard input; line_reopen(&in->lines, ...) goes on with another input. `reject` must
 * outlive the input, which flushes it before blocking. */
void input_init(struct input *in, unsigned takes, size_t max_line, struct reject *reject);

enum input_status input_next(struct input *in);

/* For a record of the right kind that does not parse: a dead letter `malformed` with the line
 * number and column. */
void input_reject_malformed(struct input *in, const struct record_error *error);

/* The same with another code. */
void input_reject_as(struct input *in, const char *code, const struct record_error *error);

/* Writes a skip record to in->skips. `reason` is the code of the dead letter that was written
 * before. */
void input_skip(struct input *in, uint64_t seq, int64_t received, const char *reason);

void input_free(struct input *in);

#endif
