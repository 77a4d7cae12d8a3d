#include "lag.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/msg.h"
#include "durable/mark.h"
#include "durable/spool.h"
#include "lag_text.h"
#include "record/record.h"
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- looking ---- */

const char *lag_source_fault(const char *source)
{
	const char *fault = record_name_fault(slice_of(source), false);

	if (fault == NULL && (source[0] == '.' || strchr(source, '/') != NULL))
		fault = "starts with a dot or has a '/' in it: it can have no checkpoint";
	return fault;
}

static void read_checkpoint(struct lag *lag, const struct lag_options *o)
{
	int spool = spool_open_directory(o->spool);
	int directory = openat(spool, SPOOL_CHECKPOINTS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int read = directory < 0 ? 0 : mark_read(directory, o->source, &lag->checkpoint);

	if (read < 0)
		msg_warn("cannot read the checkpoint '%s/" SPOOL_CHECKPOINTS "/%s': %s", o->spool,
		         o->source, strerror(errno));
	lag->has_checkpoint = read > 0;
	if (directory >= 0)
		close(directory);
	close(spool);
}

static void look(struct lag *lag, const struct lag_options *o)
{
	uint64_t after;

	*lag = (struct lag){.committed = watermark_try(o->conninfo, o->source)};
	read_checkpoint(lag, o);
	lag->known = lag->committed.status == EX_OK || lag->has_checkpoint;
	after = lag->committed.status == EX_OK ? lag->committed.seq : lag->checkpoint;
	backlog_read(&lag->backlog, o->spool, after);
	lag->ahead = lag->known && lag->backlog.head > 0 && after > lag->backlog.head;
	lag->now = clock_now();
}

/* ---- judging ---- */

int lag_status(const struct lag *lag, const struct lag_options *o)
{
	if (lag->committed.status != EX_OK)
		return lag->committed.status;
	if (lag->ahead || lag->backlog.missing > 0)
		return EX_DATAERR;
	if (lag_age(lag) > o->max_age || lag->backlog.messages > o->max_messages)
		return EX_TEMPFAIL;
	return EX_OK;
}

/* What is wrong, said when it was not at the look before. */
static void warn(const struct lag *lag, const struct lag *before)
{
	const struct backlog *b = &lag->backlog;

	if (lag->committed.status != EX_OK && before->committed.status != lag->committed.status)
		msg_warn("%s%s", lag->committed.why,
		         lag->has_checkpoint ? "; counting from the checkpoint" : "");
	if (lag->ahead && !before->ahead)
		msg_warn("the watermark is beyond the head of the spool: this is not the spool of "
		         "this source, or it lost messages");
	if (b->missing > before->backlog.missing)
		msg_warn("messages up to number %" PRIu64
		         " were deleted from the spool before they were stored",
		         b->missing);
}

/* ---- once, or again and again ---- */

static void print(const struct lag *lag, const struct lag_options *o, bool first)
{
	struct buf b = {0};

	if (o->json)
		lag_append_json(&b, lag, o->source);
	else if (o->watch > 0)
		lag_append_line(&b, lag, first);
	else
		lag_append_page(&b, lag, o->source);
	if (fwrite(b.ptr, 1, b.len, stdout) != b.len || fflush(stdout) != 0)
		msg_die(EX_IOERR, "stdout: %m");
	buf_free(&b);
}

struct watcher {
	const struct lag_options *o;
	struct lag before;
	bool first;
};

static void look_again(void *arg)
{
	struct watcher *w = arg;
	struct lag lag;

	look(&lag, w->o);
	warn(&lag, &w->before);
	print(&lag, w->o, w->first);
	w->before = lag;
	w->first = false;
}

static int watch(const struct lag_options *o)
{
	struct watcher w = {.o = o, .first = true};

	watch_run(o->watch, look_again, &w);
	return EX_OK;
}

int lag_run(const struct lag_options *o)
{
	const struct lag nothing = {0};
	struct lag lag;

	if (o->watch > 0)
		return watch(o);
	look(&lag, o);
	warn(&lag, &nothing);
	print(&lag, o, true);
	return lag_status(&lag, o);
}
