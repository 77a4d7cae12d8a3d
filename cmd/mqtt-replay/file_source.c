/* The messages of files, one after the other; what is none becomes a dead letter. */
#include "source.h"

#include "base/msg.h"
#include "base/stop.h"
#include "packed_file.h"
#include "record/input.h"
#include "record/mosquitto_json.h"

#include <stdlib.h>

struct file_source {
	struct source base; /* first: a pointer to it is one to this */
	const struct options *options;
	struct input in;
	struct packed_file file;
	size_t opened;         /* inputs that were opened */
	bool is_open;          /* file */
	uint64_t passed, size; /* bytes of the files before it, and of all */
	struct message message;
	struct buf scratch;   /* of the parsers */
	struct buf converted; /* a JSON line as a record */
};

/* Goes to the next file; false: there is none, or this is to stop. */
static bool open_next(struct file_source *s)
{
	if (s->opened == s->options->input_count || stop_requested())
		return false;
	packed_file_open(&s->file, s->options->inputs[s->opened++], &s->in.lines);
	s->is_open = true;
	return true;
}

static void close_file(struct file_source *s)
{
	if (!packed_file_is_whole(&s->file, &s->in.lines))
		s->in.status = EX_DATAERR;
	s->passed += s->file.unpack.offset;
	packed_file_close(&s->file);
	s->is_open = false;
}

/* The line as a message, and as the record it goes out as. False: it is a dead letter. */
static bool take(struct file_source *s)
{
	struct record_error error;
	int parsed;

	if (s->in.kind == RECORD_MESSAGE) {
		parsed = message_parse(s->in.line, &s->scratch, &s->message, &error);
		s->base.line = s->in.line;
	} else {
		parsed = mosquitto_json_parse(s->in.line, &s->scratch, &s->message, &error);
	}
	if (parsed < 0) {
		input_reject_as(&s->in, error.damaged ? "damaged" : "malformed", &error);
		return false;
	}
	if (s->in.kind == RECORD_JSON) {
		buf_clear(&s->converted);
		message_append(&s->converted, &s->message);
		s->base.line = buf_slice(&s->converted);
		s->base.line.len--; /* its LF */
	}
	return true;
}

static enum source_status next_status(struct file_source *s)
{
	s->in.lines.deadline = s->base.wake_at;
	for (;;) {
		if (!s->is_open && !open_next(s))
			return SOURCE_END;
		/* What is left of a pipe would be lost; a file stays. */
		if (stop_requested() && s->file.is_regular)
			return SOURCE_END;
		switch (input_next(&s->in)) {
		case INPUT_RECORD:
			if (take(s))
				return SOURCE_RECORD;
			break;
		case INPUT_END:
			close_file(s);
			break;
		case INPUT_WAKE:
			return SOURCE_WAKE;
		case INPUT_RELOAD:
			break;
		}
	}
}

static enum source_status next(struct source *base)
{
	struct file_source *s = (struct file_source *)base;
	enum source_status status = next_status(s);

	base->records = s->in.records;
	base->rejected = s->in.rejected;
	/* What was cut off is told, and that is all there is to salvage. */
	base->status = s->options->salvage ? EX_OK : s->in.status;
	return status;
}

static void progress(struct source *base, uint64_t *done, uint64_t *total)
{
	const struct file_source *s = (const struct file_source *)base;

	*done = s->passed + (s->is_open ? s->file.unpack.offset : 0);
	*total = s->size;
}

static void close_source(struct source *base)
{
	struct file_source *s = (struct file_source *)base;

	if (s->is_open)
		packed_file_close(&s->file);
	input_free(&s->in);
	buf_free(&s->scratch);
	buf_free(&s->converted);
	free(s);
}

struct source *file_source_open(const struct options *o, struct reject *reject, struct out *out)
{
	struct file_source *s = calloc(1, sizeof(*s));

	if (!s)
		msg_die(EX_OSERR, "out of memory");
	s->options = o;
	s->size = packed_file_sizes(o->inputs, o->input_count);
	input_init(&s->in, INPUT_MESSAGES, o->common.max_line, reject);
	line_flush_before_block(&s->in.lines, out);
	s->base = (struct source){
	    .wake_at = INT64_MAX,
	    .message = &s->message,
	    .fd = -1,
	    .status = EX_OK,
	    .next = next,
	    .progress = progress,
	    .close = close_source,
	};
	return &s->base;
}
