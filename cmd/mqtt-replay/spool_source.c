/* The records of a spool, as they are in it. */
#include "source.h"

#include "base/msg.h"
#include "base/stop.h"
#include "consumer.h"
#include "durable/spool_reader.h"

#include <inttypes.h>
#include <stdlib.h>

struct spool_source {
	struct source base; /* first: a pointer to it is one to this */
	const struct options *options;
	struct reject *reject;
	struct spool_reader reader;
	uint64_t after;  /* where the replay started */
	uint64_t passed; /* the number of the last record given, or that */
	uint64_t told;   /* reader.missing that was warned of */
};

/* The number behind which the replay starts. */
static uint64_t start_after(const struct options *o)
{
	uint64_t checkpoint = o->checkpoint ? consumer_checkpoint(o->spool, o->checkpoint) : 0;

	return o->has_after ? o->wanted.after : checkpoint;
}

static void warn_of_missing(struct spool_source *s)
{
	if (s->reader.missing <= s->told)
		return;
	msg_warn("'%s': messages after number %" PRIu64 " up to %" PRIu64
	         " were deleted before they were read: going on behind them (a consumer whose "
	         "checkpoint is in the spool does not lose any)",
	         s->options->spool, s->passed, s->reader.missing);
	s->told = s->reader.missing;
}

/* Messages of a spool that starts anew below the number would be passed over without a word. */
static bool is_of_this_spool(struct spool_source *s)
{
	if (s->reader.last == 0 || s->reader.last >= s->after)
		return true;
	msg_warn("'%s': messages after number %" PRIu64 " are wanted, but the last one here is "
	         "%" PRIu64 ": this is another spool, or it lost its end; see mqtt-replay(1), "
	         "DIAGNOSTICS",
	         s->options->spool, s->after, s->reader.last);
	s->base.status = EX_DATAERR;
	return false;
}

static void stop_at_damage(struct spool_source *s)
{
	const struct segment *at = &s->reader.segment;

	msg_warn("'%s/%s': offset %" PRIu64 ": %s; see mqtt-replay --verify, --salvage",
	         s->options->spool, at->name, at->offset, at->fault);
	s->base.status = EX_DATAERR;
}

/* The damaged line becomes a dead letter; where records are missing there is none. */
static void pass_damage(struct spool_source *s)
{
	const struct segment *at = &s->reader.segment;
	struct slice kept = at->line;

	if (at->line.len == 0) {
		msg_warn("'%s/%s': offset %" PRIu64 ": %s", s->options->spool, at->name, at->offset,
		         at->fault);
		return;
	}
	if (kept.len > s->options->common.max_line)
		kept.len = s->options->common.max_line;
	reject_line(s->reject, kept, "damaged", "%s: offset %" PRIu64 ": %s", at->name, at->offset,
	            at->fault);
	s->base.records++;
	s->base.rejected++;
}

static enum source_status at_end(struct spool_source *s)
{
	warn_of_missing(s);
	if (!is_of_this_spool(s))
		return SOURCE_END;
	if (s->options->follow)
		return SOURCE_WAITING;
	if (s->reader.partial)
		msg_info("'%s/%s' ends in %zu bytes of a record that is not finished: left out",
		         s->options->spool, s->reader.segment.name, s->reader.partial);
	return SOURCE_END;
}

static enum source_status next(struct source *base)
{
	struct spool_source *s = (struct spool_source *)base;

	while (!stop_requested()) {
		switch (spool_reader_next(&s->reader)) {
		case SPOOL_RECORD:
			warn_of_missing(s);
			s->passed = s->reader.last;
			base->line = s->reader.segment.line;
			base->message = &s->reader.segment.message;
			base->records++;
			return SOURCE_RECORD;
		case SPOOL_END:
			return at_end(s);
		case SPOOL_DAMAGED:
			if (!s->options->salvage) {
				stop_at_damage(s);
				return SOURCE_END;
			}
			pass_damage(s);
			break;
		}
	}
	return SOURCE_END;
}

static void progress(struct source *base, uint64_t *done, uint64_t *total)
{
	spool_reader_progress(&((struct spool_source *)base)->reader, done, total);
}

static void close_spool(struct source *base)
{
	spool_reader_close(&((struct spool_source *)base)->reader);
	free(base);
}

struct source *spool_source_open(const struct options *o, struct reject *reject, struct out *out)
{
	struct spool_source *s = calloc(1, sizeof(*s));

	(void)out; /* it never waits itself */
	if (!s)
		msg_die(EX_OSERR, "out of memory");
	s->options = o;
	s->reject = reject;
	s->after = s->passed = start_after(o);
	spool_reader_open(&s->reader, o->spool, s->after, o->follow);
	warn_of_missing(s);
	s->base = (struct source){
	    .wake_at = INT64_MAX,
	    .fd = spool_reader_fd(&s->reader),
	    .status = EX_OK,
	    .next = next,
	    .progress = progress,
	    .close = close_spool,
	};
	return &s->base;
}
