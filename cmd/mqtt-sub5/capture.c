#include "capture.h"

#include "base/clock.h"
#include "base/msg.h"
#include "durable/spool_trim.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int64_t patience(unsigned keep_alive)
{
	int64_t quarter = (int64_t)keep_alive * CLOCK_SECOND / 4;

	return keep_alive && quarter < CAPTURE_PATIENCE ? quarter : CAPTURE_PATIENCE;
}

void capture_open(struct capture *c, const struct spool_options *options, unsigned keep_alive,
                  uint64_t most, struct handover *tee)
{
	*c = (struct capture){
	    .options = options,
	    .writer = spool_writer_open(options),
	    .tee = tee,
	    .patience = patience(keep_alive),
	    .wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
	    .mutex = PTHREAD_MUTEX_INITIALIZER,
	    .changed = PTHREAD_COND_INITIALIZER,
	    .most = most,
	};
	if (c->wake < 0)
		msg_die(EX_OSERR, "eventfd: %s", strerror(errno));
}

void capture_add_metrics(struct capture *c, struct metrics *m)
{
	metrics_gauge(m, "spool_head", "", "Sequence number of the last record.",
	              &c->observed.head);
	metrics_gauge(m, "spool_bytes", "", "Bytes of all segments.", &c->observed.bytes);
	metrics_gauge(m, "spool_max_bytes", "", "Bytes that the spool may have (--max-spool).",
	              &c->observed.most_bytes);
	metrics_gauge(m, "spool_free_bytes", "", "Bytes that are free on the disk of the spool.",
	              &c->observed.free_bytes);
	metrics_gauge(m, "spool_segments", "", "Segments.", &c->observed.segments);
	metrics_gauge(m, "spool_full", "", "1 while a message has no room, else 0.",
	              &c->observed.full);
	metrics_histogram(m, "spool_sync_seconds", "Syncs that messages waited for.",
	                  &c->observed.sync_times);
}

int capture_fd(const struct capture *c)
{
	return c->wake;
}

/* ---- the receiver ---- */

/* With the mutex held, as all that changes what the other thread may be waiting for. */
static void wake_main(const struct capture *c)
{
	if (eventfd_write(c->wake, 1) < 0)
		msg_die(EX_OSERR, "eventfd: %s", strerror(errno));
}

static void note_error(struct capture *c, int error)
{
	pthread_mutex_lock(&c->mutex);
	if (!c->error)
		c->error = error;
	c->closed = true;
	wake_main(c);
	pthread_mutex_unlock(&c->mutex);
}

/* Holds the message until it is worth another try; false: until there will be none. */
static bool wait_for_room(struct capture *c)
{
	bool again;

	pthread_mutex_lock(&c->mutex);
	if (c->hold == CAPTURE_NOT_HELD)
		c->held_at = clock_monotonic();
	c->hold = CAPTURE_HELD;
	wake_main(c);
	while (c->hold == CAPTURE_HELD && !c->closed)
		pthread_cond_wait(&c->changed, &c->mutex);
	again = !c->closed;
	pthread_mutex_unlock(&c->mutex);
	return again;
}

static enum mqtt_verdict append(struct capture *c, struct message *m, struct slice *line)
{
	enum spool_result result;

	while ((result = spool_append(c->writer, m, line)) == SPOOL_FULL) {
		if (!wait_for_room(c))
			return MQTT_REFUSED;
	}
	if (result == SPOOL_OK)
		return MQTT_TAKEN;
	note_error(c, errno);
	return MQTT_REFUSED;
}

/* The record is in the spool whether the hand-over, being closed, takes it or not. */
static void copy_to_output(struct handover *h, struct slice line, size_t payload)
{
	struct buf *b = handover_begin(h);

	if (!b)
		return;
	buf_append_slice(b, line);
	handover_end(h, payload);
}

static bool begin(struct capture *c)
{
	bool open;

	pthread_mutex_lock(&c->mutex);
	open = c->appending = !c->closed;
	pthread_mutex_unlock(&c->mutex);
	return open;
}

static enum mqtt_verdict end(struct capture *c, enum mqtt_verdict verdict, size_t payload)
{
	pthread_mutex_lock(&c->mutex);
	if (verdict == MQTT_TAKEN) {
		c->counts.lines++;
		c->counts.payload += payload;
		if (c->counts.lines >= c->most) {
			c->closed = true;
			verdict = MQTT_LAST;
		}
	}
	if (c->hold != CAPTURE_NOT_HELD)
		wake_main(c);
	c->hold = CAPTURE_NOT_HELD;
	c->appending = false;
	pthread_cond_signal(&c->changed);
	pthread_mutex_unlock(&c->mutex);
	return verdict;
}

enum mqtt_verdict capture_message(struct capture *c, const struct message *m)
{
	struct message numbered = *m;
	struct slice line;
	enum mqtt_verdict verdict;

	if (!begin(c))
		return MQTT_REFUSED;
	verdict = append(c, &numbered, &line);
	if (verdict == MQTT_TAKEN && c->tee)
		copy_to_output(c->tee, line, m->payload.len);
	return end(c, verdict, m->payload.len);
}

/* ---- the main thread ---- */

static void retry(struct capture *c)
{
	pthread_mutex_lock(&c->mutex);
	if (c->hold == CAPTURE_HELD) {
		c->hold = CAPTURE_RETRIED;
		pthread_cond_signal(&c->changed);
	}
	pthread_mutex_unlock(&c->mutex);
}

/* Why it is full, and so what is to be done. */
static void say_full(const struct capture *c, const struct spool_state *state)
{
	const char *path = c->options->path;
	struct spool_checkpoints consumers;
	int directory;

	if (state->full_error) {
		msg_warn("the spool '%s' cannot grow: %s; the broker keeps the messages until it "
		         "can",
		         path, strerror(state->full_error));
		return;
	}
	directory = spool_open_directory(path);
	consumers = spool_checkpoints(directory, path);
	close(directory);
	if (consumers.count == 0)
		msg_warn("the spool '%s' is full (--max-spool) and has no checkpoint, so that "
		         "nothing may be deleted; the broker keeps the messages until it is",
		         path);
	else
		msg_warn("the spool '%s' is full (--max-spool), its slowest checkpoint is at "
		         "%" PRIu64 " and its head at %" PRIu64
		         "; the broker keeps the messages until there is room",
		         path, consumers.least, state->head);
}

/* Once an interval: it is of use for metrics only. */
static void observe_disk(struct capture *c)
{
	int64_t now = clock_monotonic();
	struct statvfs disk;

	if (now < c->observed.disk_due)
		return;
	c->observed.disk_due = now + METRICS_INTERVAL;
	if (statvfs(c->options->path, &disk) == 0)
		c->observed.free_bytes = (double)disk.f_bavail * (double)disk.f_frsize;
}

static void observe(struct capture *c, const struct spool_state *state)
{
	observe_disk(c);
	c->observed.most_bytes = (double)c->options->max_size;
	c->observed.head = (double)state->head;
	c->observed.bytes = (double)state->bytes;
	c->observed.segments = (double)state->segments;
	c->observed.full = state->full;
	spool_sync_times(c->writer, &c->observed.sync_times);
}

/* Once, when it is full for longer than a moment, and once, when it is not any more. */
static void say_what_changed(struct capture *c, enum capture_hold hold, bool stuck)
{
	struct spool_state state = spool_state(c->writer);

	observe(c, &state);
	if (stuck && !c->told) {
		say_full(c, &state);
		c->told = true;
	} else if (hold == CAPTURE_NOT_HELD && c->told) {
		msg_info("the spool '%s' has room again", c->options->path);
		c->told = false;
	}
}

enum capture_state capture_tick(struct capture *c)
{
	enum capture_hold hold;
	eventfd_t count;
	bool stuck;
	int error;

	if (eventfd_read(c->wake, &count) < 0 && errno != EAGAIN)
		msg_die(EX_OSERR, "eventfd: %s", strerror(errno));
	if (clock_monotonic() >= spool_due(c->writer)) {
		if (spool_tick(c->writer) < 0)
			note_error(c, errno);
		retry(c);
	}
	pthread_mutex_lock(&c->mutex);
	hold = c->hold;
	stuck = hold == CAPTURE_HELD && clock_monotonic() - c->held_at >= c->patience;
	error = c->error;
	pthread_mutex_unlock(&c->mutex);
	say_what_changed(c, hold, stuck);
	if (error)
		return CAPTURE_FAILED;
	return stuck ? CAPTURE_STUCK : CAPTURE_FLOWS;
}

int64_t capture_due(struct capture *c)
{
	int64_t due = spool_due(c->writer), patient_until;

	if (c->told)
		return due;
	pthread_mutex_lock(&c->mutex);
	patient_until = c->hold == CAPTURE_HELD ? c->held_at + c->patience : INT64_MAX;
	pthread_mutex_unlock(&c->mutex);
	return patient_until < due ? patient_until : due;
}

struct handover_counts capture_counts(struct capture *c)
{
	struct handover_counts counts;

	pthread_mutex_lock(&c->mutex);
	counts = c->counts;
	pthread_mutex_unlock(&c->mutex);
	return counts;
}

void capture_close(struct capture *c)
{
	pthread_mutex_lock(&c->mutex);
	c->closed = true;
	pthread_cond_signal(&c->changed);
	pthread_mutex_unlock(&c->mutex);
}

void capture_settle(struct capture *c)
{
	struct spool_state state;

	capture_close(c);
	pthread_mutex_lock(&c->mutex);
	while (c->appending)
		pthread_cond_wait(&c->changed, &c->mutex);
	pthread_mutex_unlock(&c->mutex);
	state = spool_state(c->writer);
	observe(c, &state);
}

bool capture_finish(struct capture *c)
{
	if (spool_writer_close(c->writer) < 0)
		note_error(c, errno);
	if (c->error)
		msg_warn("cannot write the spool '%s': %s", c->options->path, strerror(c->error));
	return c->error == 0;
}
