#include "status.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/msg.h"
#include "link/db.h"
#include "schema.h"
#include "screen.h"
#include "sections.h"
#include "text/json.h"
#include "watch.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ---- one look ---- */

/* The statements are short: compiling them, or starting workers for them, would take longer. */
static bool set_up(PGconn *conn, struct db_failure *failure)
{
	static const char sql[] = "SELECT set_config('lock_timeout', '" STATUS_LOCK_WAIT
				  "', false), "
				  "set_config('statement_timeout', '" STATUS_TIME "', false), "
				  "set_config('jit', 'off', false), "
				  "set_config('max_parallel_workers_per_gather', '0', false)";
	PGresult *result = db_try(conn, "cannot set the session up", sql, 0, NULL, failure);

	PQclear(result);
	return result != NULL;
}

static bool read_database(struct buf *out, PGconn *conn, bool json, struct db_failure *failure)
{
	struct schema schema;
	bool ok;

	if (!set_up(conn, failure) || !schema_try(conn, &schema, failure))
		return false;
	ok = json ? sections_append_json(out, conn, &schema, failure)
	          : sections_append_text(out, conn, &schema, failure);
	schema_free(&schema);
	return ok;
}

/* Appends the sections; false: it failed, and nothing was appended. */
static bool look(struct buf *out, const struct status_options *o, struct db_failure *failure)
{
	size_t before = out->len;
	const char *why;
	PGconn *conn = pg_connect(o->conninfo, &why);
	bool ok;

	if (conn == NULL) {
		failure->status = db_connect_status();
		snprintf(failure->why, sizeof(failure->why), "cannot connect: %s", why);
		return false;
	}
	ok = read_database(out, conn, o->json, failure);
	PQfinish(conn);
	if (!ok)
		out->len = before;
	return ok;
}

/* ---- once, or again and again ---- */

static void print(const struct buf *out)
{
	if (fwrite(out->ptr, 1, out->len, stdout) != out->len || fflush(stdout) != 0)
		msg_die(EX_IOERR, "stdout: %m");
}

static void append_now(struct buf *out)
{
	clock_append(out, clock_now());
}

static void begin_json(struct buf *out)
{
	buf_append_string(out, "{\"time\":\"");
	append_now(out);
	buf_putc(out, '"');
}

struct watcher {
	const struct status_options *o;
	bool terminal; /* one page, drawn again and again */
	bool first;
	int failed; /* the exit status that the look before deserves */
};

/* What a failure is on a page, and in a line of JSON. */
static void append_failure(struct buf *out, const struct db_failure *failure, bool json)
{
	if (json) {
		buf_append_string(out, ",\"error\":");
		json_append_string(out, slice_of(failure->why));
	} else {
		buf_printf(out, "%s\n", failure->why);
	}
}

static unsigned terminal_rows(void)
{
	struct winsize size = {0};

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

static void print_page(const struct watcher *w, const struct buf *page)
{
	struct buf out = {0};

	if (w->terminal)
		screen_append(&out, buf_slice(page), terminal_rows());
	else if (!w->first && !w->o->json)
		buf_putc(&out, '\n');
	if (!w->terminal)
		buf_append_slice(&out, buf_slice(page));
	print(&out);
	buf_free(&out);
}

static void look_again(void *arg)
{
	struct watcher *w = arg;
	const struct status_options *o = w->o;
	struct db_failure failure = {.status = EX_OK};
	struct buf page = {0};

	if (o->json) {
		begin_json(&page);
	} else {
		append_now(&page);
		buf_append_string(&page, "\n\n");
	}
	if (!look(&page, o, &failure)) {
		append_failure(&page, &failure, o->json);
		if (!w->terminal && failure.status != w->failed)
			msg_warn("%s", failure.why);
	}
	if (o->json)
		buf_append_string(&page, "}\n");
	print_page(w, &page);
	buf_free(&page);
	w->failed = failure.status;
	w->first = false;
}

static void look_once(const struct status_options *o)
{
	struct db_failure failure;
	struct buf out = {0};

	if (o->json)
		begin_json(&out);
	if (!look(&out, o, &failure))
		msg_die(failure.status, "%s", failure.why);
	if (o->json)
		buf_append_string(&out, "}\n");
	print(&out);
	buf_free(&out);
}

int status_run(const struct status_options *o)
{
	struct watcher w = {.o = o, .first = true, .failed = EX_OK};

	w.terminal = !o->json && isatty(STDOUT_FILENO);
	if (o->watch > 0)
		watch_run(o->watch, look_again, &w);
	else
		look_once(o);
	return EX_OK;
}
