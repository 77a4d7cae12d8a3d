/*
 * source: where the messages come from: a spool (spool_source.c), or files and
 * standard input (file_source.c).
 */
#ifndef MQTT_REPLAY_SOURCE_H
#define MQTT_REPLAY_SOURCE_H

#include "base/slice.h"
#include "options.h"
#include "record/record.h"
#include "record/reject.h"
#include "stream/out.h"

#include <stdint.h>

enum source_status {
	SOURCE_RECORD,  /* s->line, s->message; valid until the next call */
	SOURCE_WAITING, /* nothing for now; there may be when s->fd is readable */
	SOURCE_WAKE,    /* s->wake_at came while waiting for input */
	SOURCE_END,     /* or asked to stop */
};

struct source {
	/* To be set by the caller, where wanted. */
	int64_t wake_at; /* by clock_monotonic(); INT64_MAX: never */

	/* To be read by the caller. */
	struct slice line; /* the record as it goes out, without its LF */
	const struct message *message;
	int fd;            /* to wait for; -1: none */
	uint64_t records;  /* read, whatever became of them */
	uint64_t rejected; /* dead letters */
	int status;        /* for the exit of the process */

	/* Private: what kind it is. */
	enum source_status (*next)(struct source *s);
	void (*progress)(struct source *s, uint64_t *done, uint64_t *total);
	void (*close)(struct source *s);
};

/*
 * Opens what the options name. `out` is flushed before waiting for input. All of
 * them must outlive the source. Ends the process when there is nothing to read.
 */
struct source *spool_source_open(const struct options *o, struct reject *reject, struct out *out);
struct source *file_source_open(const struct options *o, struct reject *reject, struct out *out);

static inline enum source_status source_next(struct source *s)
{
	return s->next(s);
}

/* Bytes read and bytes in all, as they lie on the disk; *total is 0 where it is not known. */
static inline void source_progress(struct source *s, uint64_t *done, uint64_t *total)
{
	s->progress(s, done, total);
}

static inline void source_close(struct source *s)
{
	s->close(s);
}

#endif
