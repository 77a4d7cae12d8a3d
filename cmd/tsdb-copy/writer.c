#include "writer.h"

#include "base/clock.h"
#include "base/msg.h"
#include "link/backoff.h"
#include "store.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct writer {
	struct writer_options options;
	pthread_t thread;
	int event; /* eventfd: something was done */
	atomic_bool down;
	atomic_uint_fast64_t retries;
	bool busy; /* of the other thread: what it was told last */

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wake;  /* given, finish, quit or give_up_at changed */
	struct batch *given, *done;
	bool idle, finish, quit;
	int64_t give_up_at;
	int failure;
	char why[PG_MESSAGE_MAX + 128];

	/* Of the thread. */
	struct store store;
	struct backoff backoff;
	int64_t down_since; /* 0: up */
	char told[6];       /* SQLSTATE of the failure last reported */
	bool proven;        /* the connection worked once: worth an attempt at once */
	int64_t quiet_from; /* see latest_due() */
};

static void signal_done(struct writer *w)
{
	uint64_t one = 1;

	/* Never blocks: the counter is far from full. */
	if (write(w->event, &one, sizeof(one)) < 0)
		msg_die(EX_OSERR, "eventfd: %s", strerror(errno));
}

/* ---- the thread: outages ---- */

static void fail(struct writer *w, int status, const char *before, const char *error,
                 const char *after)
{
	pthread_mutex_lock(&w->lock);
	snprintf(w->why, sizeof(w->why), "%s%s%s", before, error, after);
	w->failure = status;
	pthread_mutex_unlock(&w->lock);
	signal_done(w);
}

static void note_failure(struct writer *w)
{
	const struct session *s = &w->store.session;
	bool told = w->down_since && strcmp(w->told, s->sqlstate) == 0;

	session_close(&w->store.session);
	atomic_store(&w->down, true);
	if (!w->down_since)
		w->down_since = clock_monotonic();
	if (!told)
		msg_warn("database: %s; trying again", s->error);
	memcpy(w->told, s->sqlstate, sizeof(w->told));
}

static void note_success(struct writer *w)
{
	backoff_reset(&w->backoff);
	w->proven = true;
	atomic_store(&w->down, false);
	if (!w->down_since)
		return;
	msg_warn("database: works again after %.1f s",
	         (double)(clock_monotonic() - w->down_since) / (double)CLOCK_SECOND);
	w->down_since = 0;
}

/* When to give up: at the end of what was allowed for, or of what is left after a stop. */
static int64_t last_moment(const struct writer *w)
{
	int64_t limit = w->options.retry_for;
	int64_t by_option = limit == INT64_MAX ? INT64_MAX : w->down_since + limit;

	return by_option < w->give_up_at ? by_option : w->give_up_at;
}

static void wait_until(struct writer *w, int64_t deadline)
{
	struct timespec at = {deadline / CLOCK_SECOND, deadline % CLOCK_SECOND * 1000};

	pthread_cond_timedwait(&w->wake, &w->lock, &at);
}

/* Waits before the next attempt; false when there is none. */
static bool wait_to_retry(struct writer *w)
{
	int64_t until = clock_monotonic();
	bool in_time;

	if (!w->proven)
		until += backoff_next(&w->backoff);
	w->proven = false;
	pthread_mutex_lock(&w->lock);
	while (clock_monotonic() < until && clock_monotonic() < last_moment(w) && !w->quit)
		wait_until(w, until < last_moment(w) ? until : last_moment(w));
	in_time = clock_monotonic() < last_moment(w) && !w->quit;
	pthread_mutex_unlock(&w->lock);
	atomic_fetch_add(&w->retries, 1);
	return in_time;
}

/* After a command that did not succeed; true when it is to be tried again. */
static bool try_again(struct writer *w, enum db_status status)
{
	const char *sqlstate = w->store.session.sqlstate;

	if (status == DB_TRANSIENT) {
		note_failure(w);
		if (wait_to_retry(w))
			return true;
		fail(w, EX_TEMPFAIL, "database: given up: ", w->store.session.error, "");
	} else {
		fail(w, db_exit_status(sqlstate), "database: ", w->store.session.error,
		     db_way_out(sqlstate));
	}
	return false;
}

/* What a database lost that went back is behind this tool: only a replay brings it back. */
static bool went_back(struct writer *w, uint64_t before)
{
	if (w->store.session.watermark >= before)
		return false;
	fail(w, EX_TEMPFAIL, "database: ", "its watermark went back: it has an older state", "");
	return true;
}

/* Connects, however long that takes; false when the writer is to end. */
static bool connect_database(struct writer *w)
{
	uint64_t before = w->store.session.watermark;

	for (;;) {
		enum db_status status = store_open(&w->store, w->options.conninfo);

		if (status == DB_OK)
			return !went_back(w, before);
		if (!try_again(w, status == DB_TRANSIENT ? DB_TRANSIENT : DB_FATAL))
			return false;
	}
}

/* ---- the thread: batches ---- */

/* Stores a batch, however long that takes; false when the writer is to end. */
static bool write_batch(struct writer *w, struct batch *b)
{
	const struct session *s = &w->store.session;
	uint64_t before = s->watermark;

	for (;;) {
		bool committed;
		enum db_status status;

		if (!s->conn && !connect_database(w))
			return false;
		committed = b->watermark > before && s->watermark >= b->watermark;
		status = store_batch(&w->store, b, committed);
		if (status == DB_OK)
			break;
		if (!try_again(w, status))
			return false;
	}
	note_success(w);
	return true;
}

/* ---- the thread: latest readings ---- */

/* Writes a slice of them. One attempt, also to connect: there may be a batch next, which insists.
 * False when the writer is to end. */
static bool write_latest(struct writer *w)
{
	struct session *s = &w->store.session;
	struct latest *l = &w->store.latest;
	uint64_t before = s->watermark;

	if (!s->conn && store_open(&w->store, w->options.conninfo) != DB_OK) {
		note_failure(w);
		latest_postpone(l);
		return true;
	}
	if (went_back(w, before))
		return false;
	if (latest_write(l, s) == DB_OK)
		note_success(w);
	else if (PQstatus(s->conn) != CONNECTION_OK)
		note_failure(w);
	return true;
}

/* ---- the thread: the loop ---- */

enum task { TASK_BATCH, TASK_LATEST, TASK_FINISH, TASK_QUIT };

/* What is to be done now; false: nothing, until *due. */
static bool next_task(const struct writer *w, enum task *task, int64_t *due)
{
	*due = latest_due(&w->store.latest, w->given ? INT64_MAX : w->quiet_from);
	if (w->quit)
		*task = TASK_QUIT;
	else if (*due <= clock_monotonic())
		*task = TASK_LATEST;
	else if (w->given)
		*task = TASK_BATCH;
	else if (w->finish)
		*task = TASK_FINISH;
	else
		return false;
	return true;
}

static enum task wait_for_task(struct writer *w, struct batch **b)
{
	enum task task;
	int64_t due;

	pthread_mutex_lock(&w->lock);
	while (!next_task(w, &task, &due))
		if (due == INT64_MAX)
			pthread_cond_wait(&w->wake, &w->lock);
		else
			wait_until(w, due);
	if (task == TASK_BATCH) {
		*b = w->given;
		w->given = NULL;
	}
	pthread_mutex_unlock(&w->lock);
	return task;
}

/* Ready for the next batch; `b` is done. */
static void hand_back(struct writer *w, struct batch *b)
{
	pthread_mutex_lock(&w->lock);
	w->done = b;
	w->idle = true;
	w->finish = false;
	pthread_mutex_unlock(&w->lock);
	signal_done(w);
}

/* False when the writer is to end. */
static bool do_task(struct writer *w)
{
	struct batch *b = NULL;

	switch (wait_for_task(w, &b)) {
	case TASK_BATCH:
		if (!write_batch(w, b))
			return false;
		w->quiet_from = clock_monotonic() + LATEST_QUIET;
		hand_back(w, b);
		return true;
	case TASK_LATEST:
		return write_latest(w);
	case TASK_FINISH:
		latest_finish(&w->store.latest, &w->store.session);
		hand_back(w, NULL);
		return true;
	case TASK_QUIT:
		break;
	}
	return false;
}

static void *run(void *arg)
{
	struct writer *w = arg;

	if (!connect_database(w))
		return NULL;
	note_success(w);
	hand_back(w, NULL);
	while (do_task(w))
		;
	return NULL;
}

/* ---- the other thread ---- */

/* A condition whose deadlines are those of clock_monotonic(). */
static void init_wake(pthread_cond_t *wake)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(wake, &attr);
	pthread_condattr_destroy(&attr);
}

/* Signals are the main thread's. */
static int start_thread(struct writer *w)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	error = pthread_create(&w->thread, NULL, run, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

struct writer *writer_start(const struct writer_options *options)
{
	struct writer *w = calloc(1, sizeof(*w));
	int error;

	if (!w)
		msg_die(EX_OSERR, "out of memory");
	w->options = *options;
	w->busy = true;
	w->give_up_at = INT64_MAX;
	w->store.copy_min = options->copy_min;
	w->store.replace = options->replace;
	w->store.session.source = options->source;
	atomic_store(&w->down, true);
	w->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->event < 0)
		msg_die(EX_OSERR, "cannot make an eventfd: %s", strerror(errno));
	pthread_mutex_init(&w->lock, NULL);
	init_wake(&w->wake);
	error = start_thread(w);
	if (error)
		msg_die(EX_OSERR, "cannot start a thread: %s", strerror(error));
	return w;
}

int writer_fd(const struct writer *w)
{
	return w->event;
}

void writer_give(struct writer *w, struct batch *b)
{
	w->busy = true;
	pthread_mutex_lock(&w->lock);
	w->given = b;
	w->idle = false;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

void writer_finish(struct writer *w)
{
	w->busy = true;
	pthread_mutex_lock(&w->lock);
	w->finish = true;
	w->idle = false;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

struct batch *writer_take(struct writer *w)
{
	struct batch *b;
	uint64_t times;

	/* First the event, then what it tells of: so nothing is told of without an event. */
	if (read(w->event, &times, sizeof(times)) < 0 && errno != EAGAIN)
		msg_die(EX_OSERR, "eventfd: %s", strerror(errno));
	pthread_mutex_lock(&w->lock);
	b = w->done;
	w->done = NULL;
	w->busy = !w->idle;
	pthread_mutex_unlock(&w->lock);
	return b;
}

bool writer_busy(const struct writer *w)
{
	return w->busy;
}

void writer_give_up_at(struct writer *w, int64_t deadline)
{
	pthread_mutex_lock(&w->lock);
	w->give_up_at = deadline;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

bool writer_is_down(const struct writer *w)
{
	return atomic_load(&w->down);
}

uint64_t writer_retries(const struct writer *w)
{
	return atomic_load(&w->retries);
}

int writer_failure(struct writer *w, const char **why)
{
	int failure;

	pthread_mutex_lock(&w->lock);
	failure = w->failure;
	*why = w->why;
	pthread_mutex_unlock(&w->lock);
	return failure;
}

void writer_stop(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->quit = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	close(w->event);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->wake);
	store_free(&w->store);
	free(w);
}
