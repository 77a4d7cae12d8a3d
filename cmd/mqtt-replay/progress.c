#include "progress.h"

#include "base/clock.h"
#include "base/msg.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	WIDTH_DEFAULT = 80,
	BAR_LEAST = 10,
	BAR_MOST = 50,
};
#define SMOOTHING (3 * (double)CLOCK_SECOND) /* of the rate */

/* ---- rendering ---- */

static void append_span(struct buf *b, int64_t us)
{
	int64_t s = us / CLOCK_SECOND;

	if (s >= 86400)
		buf_printf(b, "%" PRId64 " d %" PRId64 " h", s / 86400, s / 3600 % 24);
	else if (s >= 3600)
		buf_printf(b, "%" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600, s / 60 % 60,
		           s % 60);
	else
		buf_printf(b, "%" PRId64 ":%02" PRId64, s / 60, s % 60);
}

static void append_numbers(struct buf *b, const struct progress_view *v)
{
	buf_printf(b, "%" PRIu64 " messages, %.0f/s", v->messages, v->rate);
	if (v->left >= 0) {
		buf_append_string(b, ", ");
		append_span(b, v->left);
		buf_append_string(b, " left");
	}
}

static double fraction_of(const struct progress_view *v)
{
	return v->done < v->total ? (double)v->done / (double)v->total : 1;
}

/* "[====>     ] " in `width` columns. */
static void append_bar(struct buf *b, double fraction, unsigned width)
{
	unsigned inner = width - 3, full = (unsigned)(fraction * inner);

	buf_putc(b, '[');
	for (unsigned i = 0; i < inner; i++)
		buf_putc(b, i < full ? '=' : i == full ? '>' : ' ');
	buf_append_string(b, "] ");
}

void progress_render(struct buf *b, const struct progress_view *v, unsigned width)
{
	size_t from = b->len, numbers;
	struct buf text = {0};

	append_numbers(&text, v);
	numbers = text.len;
	if (v->total) {
		size_t room;

		/* 100% only at the end. */
		buf_printf(b, "%3d%% ", (int)(fraction_of(v) * 100));
		room = width > b->len - from + numbers ? width - (b->len - from) - numbers : 0;
		if (room >= BAR_LEAST)
			append_bar(b, fraction_of(v), room < BAR_MOST ? (unsigned)room : BAR_MOST);
	}
	buf_append_slice(b, buf_slice(&text));
	buf_free(&text);
	if (b->len - from > width)
		b->len = from + width;
}

int64_t progress_left(uint64_t done, uint64_t total, int64_t elapsed)
{
	double left;

	if (done == 0 || total == 0 || done > total)
		return -1;
	left = (double)elapsed * (double)(total - done) / (double)done;
	return left < (double)CLOCK_MAX ? (int64_t)left : -1;
}

/* ---- on standard error ---- */

void progress_open(struct progress *p, enum progress_wish wish, bool finite)
{
	int64_t now = clock_monotonic();

	*p = (struct progress){
	    .is_terminal = isatty(STDERR_FILENO),
	    .begun = now,
	    .shown = now,
	};
	p->on = wish == PROGRESS_YES ||
	        (wish == PROGRESS_WHERE_SEEN && p->is_terminal && finite && !isatty(STDOUT_FILENO));
	p->due = now + (p->is_terminal ? PROGRESS_REDRAW : PROGRESS_REPEAT);
}

int64_t progress_due(const struct progress *p)
{
	return p->on ? p->due : INT64_MAX;
}

static unsigned terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 2)
		return WIDTH_DEFAULT;
	return size.ws_col;
}

/* A progress that cannot be shown is no reason to end. */
static void put(const struct buf *text)
{
	if (write(STDERR_FILENO, text->ptr, text->len) < 0)
		(void)0;
}

/* The cursor is left at the start of the line, so that a message overwrites it. */
static void draw(struct progress *p, const struct progress_view *view)
{
	buf_clear(&p->text);
	progress_render(&p->text, view, terminal_width() - 1);
	buf_append_string(&p->text, "\x1b[K\r");
	put(&p->text);
	p->is_drawn = true;
}

static void tell(struct progress *p, const struct progress_view *view)
{
	buf_clear(&p->text);
	if (view->total)
		buf_printf(&p->text, "%d%%, ", (int)(fraction_of(view) * 100));
	append_numbers(&p->text, view);
	msg_info("%s", buf_string(&p->text));
}

void progress_show(struct progress *p, uint64_t done, uint64_t total, uint64_t messages)
{
	int64_t now = clock_monotonic();
	double span = (double)(now - p->shown + 1);
	double rate = (double)(messages - p->messages) * (double)CLOCK_SECOND / span;
	struct progress_view view;

	/* The first rate as it is, then smoothed. */
	p->rate += p->shown == p->begun ? rate : (rate - p->rate) * span / (span + SMOOTHING);
	p->shown = now;
	p->messages = messages;
	view = (struct progress_view){done, total, messages, p->rate,
	                              progress_left(done, total, now - p->begun)};
	if (p->is_terminal)
		draw(p, &view);
	else
		tell(p, &view);
	p->due = now + (p->is_terminal ? PROGRESS_REDRAW : PROGRESS_REPEAT);
}

void progress_close(struct progress *p)
{
	if (p->is_drawn) {
		buf_clear(&p->text);
		buf_append_string(&p->text, "\r\x1b[K");
		put(&p->text);
	}
	buf_free(&p->text);
	p->is_drawn = p->on = false;
}
