#include "stream/line.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "base/stop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_SIZE = 256 * 1024 };

size_t line_max_option(const char *value)
{
	return opt_bytes("--max-line", value, LINE_MAX_LEAST, LINE_MAX_MOST);
}

void line_init(struct line_reader *r, int fd, const char *name, size_t max_line)
{
	*r = (struct line_reader){
	    .wake_fd = -1,
	    .deadline = INT64_MAX,
	    .max_line = max_line,
	    .cap = READ_SIZE,
	};
	r->ptr = malloc(r->cap);
	if (!r->ptr)
		msg_die(EX_OSERR, "out of memory");
	line_reopen(r, fd, name);
}

void line_reopen(struct line_reader *r, int fd, const char *name)
{
	struct stat st;

	r->fd = fd;
	r->name = name;
	r->source = (struct line_source){0};
	r->number = r->line_size = 0;
	r->fault = NULL;
	r->at_end = false;
	r->start = r->scanned = r->end = r->skipped = 0;
	r->drains = fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

void line_flush_before_block(struct line_reader *r, struct out *o)
{
	for (int i = 0; i < LINE_OUTS; i++) {
		if (!r->outs[i]) {
			r->outs[i] = o;
			return;
		}
	}
	msg_die(EX_SOFTWARE, "more than %d outputs to flush", LINE_OUTS);
}

void line_flush_outs(struct line_reader *r)
{
	for (int i = 0; i < LINE_OUTS && r->outs[i]; i++)
		if (r->outs[i]->buf.len)
			out_flush(r->outs[i]);
}

void line_free(struct line_reader *r)
{
	free(r->ptr);
	r->ptr = NULL;
}

/* Makes room to read into: moves the unfinished line to the front, grows up to the bound. */
static void make_room(struct line_reader *r)
{
	size_t most = r->max_line + 1 + READ_SIZE;

	if (r->start > 0) {
		memmove(r->ptr, r->ptr + r->start, r->end - r->start);
		r->end -= r->start;
		r->scanned -= r->start;
		r->start = 0;
	}
	if (r->cap - r->end < READ_SIZE / 4 && r->cap < most) {
		size_t cap = r->cap * 2 < most ? r->cap * 2 : most;
		char *ptr = realloc(r->ptr, cap);

		if (!ptr)
			msg_die(EX_OSERR, "out of memory (%zu bytes for a line)", cap);
		r->ptr = ptr;
		r->cap = cap;
	}
}

/* How long to wait for input, in poll(2)'s milliseconds (rounded up); 0 when it is time already. */
static int milliseconds_until(int64_t deadline, int64_t now)
{
	int64_t left = deadline - now;

	if (deadline == INT64_MAX)
		return -1;
	if (left <= 0)
		return 0;
	return left > INT32_MAX ? INT32_MAX : (int)((left + 999) / 1000);
}

/* Once stopping: the moment to give the input up. */
static int64_t drain_deadline(struct line_reader *r, int64_t now)
{
	int64_t idle, total;

	if (!r->drains)
		return now;
	if (r->drain_since == 0)
		r->drain_since = r->last_input = now;
	idle = r->last_input + LINE_DRAIN_IDLE;
	total = r->drain_since + LINE_DRAIN_TOTAL;
	return idle < total ? idle : total;
}

static bool pending(const struct line_reader *r)
{
	return r->source.read && r->source.pending(r->source.self);
}

static bool readable(struct line_reader *r)
{
	struct pollfd pfd = {.fd = r->fd, .events = POLLIN};

	return pending(r) || poll(&pfd, 1, 0) != 0;
}

/* What is waited for besides the outputs' readers. */
enum { FD_INPUT, FD_WAKE, FD_STOP, FD_OUTS, FDS = FD_OUTS + LINE_OUTS };

/* An output whose reader is gone ends the process now, not with the next record. */
static void watch_outs(const struct line_reader *r, struct pollfd fds[FDS])
{
	for (int i = 0; i < LINE_OUTS; i++)
		fds[FD_OUTS + i] = (struct pollfd){.fd = r->outs[i] ? r->outs[i]->fd : -1};
}

static void check_outs(const struct line_reader *r, const struct pollfd fds[FDS])
{
	for (int i = 0; i < LINE_OUTS && r->outs[i]; i++)
		if (fds[FD_OUTS + i].revents & (POLLERR | POLLHUP))
			out_die_broken(r->outs[i]);
}

/* Waits until there is input: LINE_OK; or for what else is to be told. Outputs are flushed before
 * waiting. */
static enum line_status wait_for_input(struct line_reader *r)
{
	line_flush_outs(r);
	for (;;) {
		bool stopping = stop_requested();
		int64_t now = clock_monotonic(), until = r->deadline, give_up = INT64_MAX;
		struct pollfd fds[FDS] = {
		    [FD_INPUT] = {.fd = r->fd, .events = POLLIN},
		    [FD_WAKE] = {.fd = r->wake_fd, .events = POLLIN},
		    [FD_STOP] = {.fd = stopping ? -1 : stop_fd(), .events = POLLIN},
		};

		watch_outs(r, fds);
		if (stopping) {
			give_up = drain_deadline(r, now);
			if (now >= give_up)
				return LINE_END;
			until = until < give_up ? until : give_up;
		}
		if (pending(r))
			return LINE_OK;
		if (poll(fds, FDS, milliseconds_until(until, now)) < 0 && errno != EINTR)
			return LINE_ERROR;
		if (stop_reload_requested())
			return LINE_RELOAD;
		if (fds[FD_INPUT].revents)
			return LINE_OK;
		check_outs(r, fds);
		if (fds[FD_WAKE].revents || clock_monotonic() >= r->deadline)
			return LINE_WAKE;
	}
}

/* As read(2); at the end of the input, too, when the source finds fault with what it has read. */
static ssize_t read_some(struct line_reader *r, char *bytes, size_t len)
{
	ssize_t n;

	do
		n = r->source.read ? r->source.read(r->source.self, bytes, len)
		                   : read(r->fd, bytes, len);
	while (n < 0 && errno == EINTR);
	if (n < 0 && r->source.read)
		r->fault = r->source.fault(r->source.self);
	return r->fault ? 0 : n;
}

/* Reads once. LINE_OK when bytes came, LINE_END at the end of the input. */
static enum line_status fill(struct line_reader *r)
{
	ssize_t n;

	make_room(r);
	n = read_some(r, r->ptr + r->end, r->cap - r->end);
	if (n < 0)
		return errno == EAGAIN ? LINE_OK : LINE_ERROR;
	if (n == 0) {
		r->at_end = true;
		return LINE_END;
	}
	r->end += (size_t)n;
	if (r->drain_since)
		r->last_input = clock_monotonic();
	return LINE_OK;
}

/* The whole line that ends before `lf`. */
static enum line_status take(struct line_reader *r, const char *lf, struct slice *line)
{
	size_t len = (size_t)(lf - (r->ptr + r->start));

	*line = (struct slice){r->ptr + r->start, len};
	r->start = r->scanned = (size_t)(lf + 1 - r->ptr);
	r->number++;
	r->line_size = len + r->skipped;
	r->skipped = 0;
	if (r->line_size <= r->max_line)
		return LINE_OK;
	line->len = r->max_line;
	return LINE_TOO_LONG;
}

/* A line over the bound whose end is not read yet: its head is kept at the front of the buffer,
 * the rest is read over it. */
static void skip_more(struct line_reader *r)
{
	size_t kept = r->start + r->max_line;

	r->skipped += r->end - kept;
	r->end = r->scanned = kept;
}

/* What there is when the input ends. */
static enum line_status take_rest(struct line_reader *r, struct slice *line)
{
	if (r->start == r->end)
		return LINE_END;
	*line = (struct slice){r->ptr + r->start, r->end - r->start};
	r->start = r->scanned = r->end;
	r->number++;
	r->line_size = line->len + r->skipped;
	return LINE_TRUNCATED;
}

enum line_status line_next(struct line_reader *r, struct slice *line)
{
	for (;;) {
		enum line_status status;
		const char *lf = memchr(r->ptr + r->scanned, '\n', r->end - r->scanned);

		if (lf)
			return take(r, lf, line);
		r->scanned = r->end;
		if (r->end - r->start > r->max_line)
			skip_more(r);
		if (r->at_end)
			return take_rest(r, line);
		if (stop_reload_requested())
			return LINE_RELOAD;
		if (!readable(r) || stop_requested()) {
			status = wait_for_input(r);
			if (status != LINE_OK)
				return status;
		}
		status = fill(r);
		if (status == LINE_ERROR)
			return status;
	}
}
