#include "verify.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "durable/mark.h"
#include "durable/segment.h"
#include "durable/spool.h"
#include "durable/spool_trim.h"
#include "packed_file.h"
#include "progress.h"
#include "record/mosquitto_json.h"
#include "stream/out.h"
#include "tally.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TOLD_MAX = 20, /* places of damage in a segment or file, each with a message */
	TICK_RECORDS = 256,
};

struct verifier {
	const struct options *options;
	struct out out;
	struct progress progress;
	uint64_t passed, size; /* bytes of what is done with, and of all */
	uint64_t records, damaged;
	uint64_t before; /* the number of the record before */
	struct tally tally;
	struct buf scratch;
};

static void tick(struct verifier *v, uint64_t done)
{
	if (clock_monotonic() >= progress_due(&v->progress))
		progress_show(&v->progress, v->passed + done, v->size,
		              v->records + v->tally.records);
}

static void add_record(struct verifier *v, const struct message *m, uint64_t done)
{
	tally_add(&v->tally, m, &v->before);
	if (v->tally.records % TICK_RECORDS == 0)
		tick(v, done);
}

/* True when this damage is to be told; else only its count is, at the end. */
static bool add_damage(struct verifier *v)
{
	return ++v->tally.damaged <= TOLD_MAX;
}

/* Prints the line of what was gone through. */
static void end_part(struct verifier *v, const char *name, uint64_t bytes)
{
	if (v->tally.damaged > TOLD_MAX)
		msg_warn("'%s': %" PRIu64 " more places of damage", name,
		         v->tally.damaged - TOLD_MAX);
	tally_append(&v->out.buf, &v->tally, name, bytes);
	out_line(&v->out);
	v->passed += bytes;
	v->records += v->tally.records;
	v->damaged += v->tally.damaged;
	v->tally = (struct tally){0};
}

/* ---- a spool ---- */

static uint64_t size_of_segments(int directory, const struct spool_segments *segments)
{
	uint64_t size = 0;

	for (size_t i = 0; i < segments->count; i++) {
		char name[SPOOL_NAME_SIZE];
		struct stat st;

		spool_segment_name(segments->firsts[i], name);
		if (fstatat(directory, name, &st, 0) == 0)
			size += (uint64_t)st.st_size;
	}
	return size;
}

static void tell_damage(struct verifier *v, const struct segment *s)
{
	if (add_damage(v))
		msg_warn("'%s/%s': offset %" PRIu64 ": %s", v->options->spool, s->name, s->offset,
		         s->fault);
}

/* To its end, or until asked to stop. */
static void walk_segment(struct verifier *v, struct segment *s, bool is_last)
{
	while (!stop_requested()) {
		switch (segment_next(s)) {
		case SEGMENT_RECORD:
			add_record(v, &s->message, s->end);
			break;
		case SEGMENT_DAMAGED:
			tell_damage(v, s);
			break;
		case SEGMENT_PARTIAL:
			if (is_last) {
				msg_info("'%s/%s' ends in %zu bytes of a record that is not "
				         "finished",
				         v->options->spool, s->name, s->line.len);
				return;
			}
			segment_give_up(s);
			tell_damage(v, s);
			break;
		case SEGMENT_END:
			return;
		case SEGMENT_FAILED:
			msg_die(EX_IOERR, "cannot read '%s/%s': %s", v->options->spool, s->name,
			        strerror(errno));
		}
	}
}

static void check_segment(struct verifier *v, int directory, uint64_t first, bool is_last)
{
	struct segment s;

	if (segment_open(&s, directory, first) < 0) {
		if (errno != ENOENT)
			msg_die(EX_IOERR, "cannot read '%s/%s': %s", v->options->spool, s.name,
			        strerror(errno));
		msg_info("'%s/%s' was deleted meanwhile", v->options->spool, s.name);
		return;
	}
	/* Numbers that were used before are found as damage. */
	if (v->before >= first)
		s.due = v->before + 1;
	walk_segment(v, &s, is_last);
	end_part(v, s.name, s.end);
	segment_close(&s);
}

/* What stands beside the segments: a mark that cannot be read keeps all of them. */
static void check_marks(struct verifier *v, int directory)
{
	uint64_t seq;

	if (!spool_checkpoints(directory, v->options->spool).readable)
		v->damaged++;
	if (mark_read(directory, SPOOL_TRIMMED, &seq) < 0) {
		msg_warn("cannot read '%s/" SPOOL_TRIMMED "': %s", v->options->spool,
		         errno == EINVAL ? "it is not a number" : strerror(errno));
		v->damaged++;
	}
}

static void check_spool(struct verifier *v)
{
	const char *path = v->options->spool;
	int directory = spool_open_directory(path);
	struct spool_segments segments = {0};

	spool_list(directory, path, &segments);
	v->size = size_of_segments(directory, &segments);
	check_marks(v, directory);
	for (size_t i = 0; i < segments.count && !stop_requested(); i++)
		check_segment(v, directory, segments.firsts[i], i + 1 == segments.count);
	spool_segments_free(&segments);
	close(directory);
}

/* ---- files ---- */

/* NULL, or what is wrong with the line, which is read into *m. */
static const char *line_fault(struct verifier *v, enum line_status status, struct slice line,
                              struct message *m)
{
	struct record_error error = {0};
	int parsed;

	if (status == LINE_TOO_LONG)
		return "longer than --max-line";
	if (status == LINE_TRUNCATED)
		return "the input ends inside this line";
	switch (record_kind(line)) {
	case RECORD_MESSAGE:
		parsed = message_parse(line, &v->scratch, m, &error);
		break;
	case RECORD_JSON:
		parsed = mosquitto_json_parse(line, &v->scratch, m, &error);
		break;
	case RECORD_LATER:
		return "a record of a later version: use a newer version of this tool";
	default:
		return "not a message record (m1), nor a JSON line of mosquitto_sub";
	}
	return parsed < 0 ? error.what : NULL;
}

static void check_line(struct verifier *v, const struct line_reader *lines, enum line_status status,
                       struct slice line, uint64_t done)
{
	struct message m;
	const char *fault = line_fault(v, status, line, &m);

	if (!fault)
		add_record(v, &m, done);
	else if (add_damage(v))
		msg_at(lines->name, lines->number, "%s", fault);
}

static void check_file(struct verifier *v, const char *path, struct line_reader *lines)
{
	struct packed_file file;
	enum line_status status;
	struct slice line;

	packed_file_open(&file, path, lines);
	while ((status = line_next(lines, &line)) != LINE_END) {
		if (status == LINE_ERROR)
			msg_die(EX_IOERR, "%s: %s", lines->name, strerror(errno));
		check_line(v, lines, status, line, file.unpack.offset);
	}
	if (!packed_file_is_whole(&file, lines))
		v->tally.damaged++;
	end_part(v, file.name, file.unpack.offset);
	packed_file_close(&file);
}

static void check_files(struct verifier *v)
{
	const struct options *o = v->options;
	struct line_reader lines;

	v->size = packed_file_sizes(o->inputs, o->input_count);
	line_init(&lines, STDIN_FILENO, "", o->common.max_line);
	for (size_t i = 0; i < o->input_count && !stop_requested(); i++)
		check_file(v, o->inputs[i], &lines);
	line_free(&lines);
}

int verify(const struct options *o)
{
	struct verifier v = {.options = o};

	out_init(&v.out, STDOUT_FILENO, "stdout");
	progress_open(&v.progress, o->progress, true);
	tally_append_head(&v.out.buf);
	(o->spool ? check_spool : check_files)(&v);
	progress_close(&v.progress);
	out_close(&v.out);
	buf_free(&v.scratch);
	msg_info("records %" PRIu64 ", places of damage %" PRIu64, v.records, v.damaged);
	if (stop_requested()) {
		msg_warn("asked to stop: not all was checked");
		return EX_TEMPFAIL;
	}
	return v.damaged ? EX_DATAERR : EX_OK;
}
