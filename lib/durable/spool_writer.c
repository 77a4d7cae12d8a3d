#include "durable/spool_writer.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/msg.h"
#include "durable/spool_recover.h"
#include "durable/spool_trim.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct spool_writer {
	struct spool_options options;
	int directory, lock;
	int64_t sync_due, trim_due; /* clock_monotonic(); of the thread that calls spool_tick() */

	pthread_mutex_t mutex; /* for what follows */
	int fd;                /* of the segment that is written; -1: none is begun */
	uint64_t size;         /* of it */
	uint64_t next;         /* the number of the next record */
	bool dirty;            /* not synced since the last append */
	bool failed;
	struct spool_state state;
	struct histogram sync_times;
	struct buf line;
};

/* ---- opening ---- */

static _Noreturn void die_opening(const struct spool_writer *w, const char *what)
{
	msg_die(EX_CANTCREAT, "cannot write the spool '%s': %s: %s", w->options.path, what,
	        strerror(errno));
}

/* Makes the directory where it is missing, for good. */
static void make_directory(const struct spool_writer *w)
{
	struct buf parent = {0};
	int fd;

	if (mkdir(w->options.path, 0750) < 0) {
		if (errno == EEXIST)
			return;
		die_opening(w, "mkdir");
	}
	buf_printf(&parent, "%s/..", w->options.path);
	fd = open(buf_string(&parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		die_opening(w, "the directory above");
	close(fd);
	buf_free(&parent);
}

/* Who has the lock, for the message. */
static long lock_holder(int lock)
{
	char text[24] = "";

	return pread(lock, text, sizeof(text) - 1, 0) > 0 ? strtol(text, NULL, 10) : 0;
}

static void take_lock(struct spool_writer *w)
{
	w->lock = openat(w->directory, SPOOL_LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (w->lock < 0)
		die_opening(w, SPOOL_LOCK);
	if (flock(w->lock, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			die_opening(w, SPOOL_LOCK);
		msg_die(EX_TEMPFAIL, "the spool '%s' is being written by process %ld",
		        w->options.path, lock_holder(w->lock));
	}
	if (ftruncate(w->lock, 0) < 0 || dprintf(w->lock, "%ld\n", (long)getpid()) < 0)
		die_opening(w, SPOOL_LOCK);
}

static void open_directory(struct spool_writer *w)
{
	make_directory(w);
	w->directory = open(w->options.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w->directory < 0 || faccessat(w->directory, ".", W_OK, AT_EACCESS) < 0)
		die_opening(w, "open");
	if (mkdirat(w->directory, SPOOL_CHECKPOINTS, 0750) < 0 && errno != EEXIST)
		die_opening(w, SPOOL_CHECKPOINTS);
}

/* What is there already. */
static void count_segments(struct spool_writer *w)
{
	struct spool_segments segments = {0};
	char name[SPOOL_NAME_SIZE];
	struct stat st;

	spool_list(w->directory, w->options.path, &segments);
	for (size_t i = 0; i < segments.count; i++) {
		spool_segment_name(segments.firsts[i], name);
		if (fstatat(w->directory, name, &st, 0) < 0)
			continue;
		w->state.bytes += (uint64_t)st.st_size;
		w->state.segments++;
	}
	spool_segments_free(&segments);
}

/* The first number: over all that were given, and the clock's microseconds. */
static void choose_number(struct spool_writer *w)
{
	uint64_t due = spool_recover(w->directory, w->options.path);
	int64_t now = clock_now();

	w->state.head = due ? due - 1 : 0;
	w->next = now > 0 && (uint64_t)now > due ? (uint64_t)now : due;
	/* The database's type of it ends there. */
	if (w->next > INT64_MAX / 2)
		msg_die(EX_DATAERR,
		        "the spool '%s' has run out of numbers (the next is %" PRIu64 ")",
		        w->options.path, w->next);
}

struct spool_writer *spool_writer_open(const struct spool_options *options)
{
	struct spool_writer *w = calloc(1, sizeof(*w));

	if (!w)
		msg_die(EX_OSERR, "out of memory");
	w->options = *options;
	w->fd = -1;
	pthread_mutex_init(&w->mutex, NULL);
	open_directory(w);
	take_lock(w);
	choose_number(w);
	count_segments(w);
	w->sync_due = options->sync == SPOOL_SYNC_INTERVAL ? clock_monotonic() + options->interval
	                                                   : INT64_MAX;
	return w;
}

/* ---- appending ---- */

static bool is_full_disk(int error)
{
	return error == ENOSPC || error == EDQUOT;
}

static enum spool_result full(struct spool_writer *w, int error)
{
	w->state.full = true;
	w->state.full_error = error;
	return SPOOL_FULL;
}

static enum spool_result failed(struct spool_writer *w)
{
	w->failed = true;
	return SPOOL_FAILED;
}

static enum spool_result begin_segment(struct spool_writer *w)
{
	char name[SPOOL_NAME_SIZE];

	spool_segment_name(w->next, name);
	w->fd = openat(w->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
	               0640);
	if (w->fd < 0)
		return is_full_disk(errno) ? full(w, errno) : failed(w);
	w->size = 0;
	w->state.segments++;
	if (w->options.sync != SPOOL_SYNC_NONE && fsync(w->directory) < 0)
		return failed(w);
	return SPOOL_OK;
}

/* Writes the line. What was written of one that does not fit on the disk is taken back. */
static enum spool_result write_line(struct spool_writer *w)
{
	const char *p = w->line.ptr;
	size_t left = w->line.len;

	while (left > 0) {
		ssize_t n = write(w->fd, p, left);
		int error = errno;

		if (n >= 0) {
			p += n;
			left -= (size_t)n;
		} else if (is_full_disk(error) && ftruncate(w->fd, (off_t)w->size) == 0) {
			return full(w, error);
		} else if (error != EINTR) {
			errno = error;
			return failed(w);
		}
	}
	return SPOOL_OK;
}

static int sync_timed(struct spool_writer *w)
{
	int64_t since = clock_monotonic();

	if (fdatasync(w->fd) < 0)
		return -1;
	histogram_add(&w->sync_times, clock_monotonic() - since, 1);
	w->dirty = false;
	return 0;
}

/* A segment that is long enough: the next record begins another one. */
static int end_segment(struct spool_writer *w)
{
	if (w->dirty && w->options.sync != SPOOL_SYNC_NONE && sync_timed(w) < 0)
		return -1;
	if (close(w->fd) < 0 && errno != EINTR)
		return -1;
	w->fd = -1;
	return 0;
}

/* Appends w->line, which has the number w->next. */
static enum spool_result append_line(struct spool_writer *w)
{
	enum spool_result result = w->fd < 0 ? begin_segment(w) : SPOOL_OK;

	if (result == SPOOL_OK)
		result = write_line(w);
	if (result != SPOOL_OK)
		return result;
	w->dirty = true;
	if (w->options.sync == SPOOL_SYNC_ALWAYS && sync_timed(w) < 0)
		return failed(w);
	w->size += w->line.len;
	w->state.bytes += w->line.len;
	w->state.head = w->next++;
	w->state.full = false;
	if (w->size >= w->options.segment_size && end_segment(w) < 0)
		return failed(w);
	return SPOOL_OK;
}

enum spool_result spool_append(struct spool_writer *w, struct message *m, struct slice *line)
{
	enum spool_result result;

	pthread_mutex_lock(&w->mutex);
	m->seq = w->next;
	buf_clear(&w->line);
	message_append_crc(&w->line, m);
	if (w->line.len > SPOOL_RECORD_MAX) {
		errno = EMSGSIZE;
		w->failed = true;
	}
	if (w->failed)
		result = SPOOL_FAILED;
	else if (w->state.bytes + w->line.len > w->options.max_size)
		result = full(w, 0);
	else
		result = append_line(w);
	if (line)
		*line = buf_slice(&w->line);
	pthread_mutex_unlock(&w->mutex);
	return result;
}

/* ---- meanwhile ---- */

/* Syncs what was appended, without keeping appends out. */
static int sync_behind(struct spool_writer *w)
{
	int fd = -1, error;

	pthread_mutex_lock(&w->mutex);
	if (w->failed) {
		pthread_mutex_unlock(&w->mutex);
		errno = EIO;
		return -1;
	}
	if (w->dirty && w->fd >= 0)
		fd = fcntl(w->fd, F_DUPFD_CLOEXEC, 0);
	w->dirty &= fd < 0;
	pthread_mutex_unlock(&w->mutex);
	if (fd < 0)
		return 0;
	if (fdatasync(fd) == 0) {
		close(fd);
		return 0;
	}
	error = errno;
	close(fd);
	pthread_mutex_lock(&w->mutex);
	w->failed = true;
	pthread_mutex_unlock(&w->mutex);
	errno = error;
	return -1;
}

/* How many bytes must go so that there is room for another segment. */
static uint64_t room_needed(struct spool_writer *w)
{
	uint64_t wanted = w->state.bytes + w->options.segment_size, room = 0;

	if (wanted > w->options.max_size)
		room = wanted - w->options.max_size;
	if (w->state.full && room < w->options.segment_size)
		room = w->options.segment_size;
	return room;
}

static void trim(struct spool_writer *w)
{
	struct spool_trimmed trimmed;
	uint64_t room;

	pthread_mutex_lock(&w->mutex);
	room = room_needed(w);
	pthread_mutex_unlock(&w->mutex);
	trimmed = spool_trim(w->directory, w->options.path, w->options.keep, room);
	pthread_mutex_lock(&w->mutex);
	w->state.bytes -= trimmed.bytes;
	w->state.segments -= trimmed.segments;
	pthread_mutex_unlock(&w->mutex);
}

int64_t spool_due(const struct spool_writer *w)
{
	return w->sync_due < w->trim_due ? w->sync_due : w->trim_due;
}

int spool_tick(struct spool_writer *w)
{
	int64_t now = clock_monotonic();

	if (now >= w->sync_due) {
		w->sync_due = now + w->options.interval;
		if (sync_behind(w) < 0)
			return -1;
	}
	if (now >= w->trim_due) {
		w->trim_due = now + SPOOL_TICK;
		trim(w);
	}
	return 0;
}

struct spool_state spool_state(struct spool_writer *w)
{
	struct spool_state state;

	pthread_mutex_lock(&w->mutex);
	state = w->state;
	pthread_mutex_unlock(&w->mutex);
	return state;
}

void spool_sync_times(struct spool_writer *w, struct histogram *copy)
{
	pthread_mutex_lock(&w->mutex);
	*copy = w->sync_times;
	pthread_mutex_unlock(&w->mutex);
}

int spool_writer_close(struct spool_writer *w)
{
	int result = w->fd >= 0 && !w->failed ? end_segment(w) : 0;

	close(w->lock);
	close(w->directory);
	pthread_mutex_destroy(&w->mutex);
	buf_free(&w->line);
	free(w);
	return result;
}
