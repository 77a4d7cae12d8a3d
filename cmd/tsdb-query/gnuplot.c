#include "gnuplot.h"

#include "base/clock.h"
#include "base/msg.h"
#include "stream/out.h"
#include "text/number.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool ends_with(const char *path, const char *ending)
{
	size_t len = strlen(path), end = strlen(ending);

	return len > end && strcmp(path + len - end, ending) == 0;
}

bool gnuplot_takes(const char *path)
{
	return ends_with(path, ".png") || ends_with(path, ".svg");
}

/* In single quotes only these quotes mean anything; labels have no control characters. */
void gnuplot_append_quoted(struct buf *b, struct slice text)
{
	buf_putc(b, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'')
			buf_putc(b, '\'');
		buf_putc(b, text.ptr[i]);
	}
	buf_putc(b, '\'');
}

/* Seconds since 1970 and the value; an empty line is a gap. */
static void append_points(struct buf *b, const struct chart_line *line)
{
	for (size_t i = 0; i < line->count; i++) {
		const struct chart_point *p = &line->points[i];

		if (isnan(p->value)) {
			buf_putc(b, '\n');
			continue;
		}
		buf_printf(b, "%.6f ", (double)p->time / (double)CLOCK_SECOND);
		number_append(b, p->value);
		buf_putc(b, '\n');
	}
}

void gnuplot_append_terminal(struct buf *b, const struct gnuplot *g)
{
	buf_printf(b, "set terminal %s size %zu,%zu noenhanced\n",
	           ends_with(g->path, ".png") ? "pngcairo" : "svg", g->width, g->height);
}

void gnuplot_append(struct buf *b, const struct gnuplot *g, const struct chart *chart)
{
	gnuplot_append_terminal(b, g);
	buf_append_string(b, "set xdata time\nset timefmt '%s'\nset grid\nset key outside top\n");
	for (size_t i = 0; i < chart->count; i++) {
		buf_printf(b, "$line%zu << END\n", i);
		append_points(b, &chart->lines[i]);
		buf_append_string(b, "END\n");
	}
	for (size_t i = 0; i < chart->count; i++) {
		buf_printf(b, "%s$line%zu using 1:2 with lines title ", i == 0 ? "plot " : ", ", i);
		gnuplot_append_quoted(b, buf_slice(&chart->lines[i].label));
	}
	buf_putc(b, '\n');
}

/* Starts gnuplot, which reads `input` and writes the file. */
static pid_t start(const struct gnuplot *g, int input)
{
	static char name[] = "gnuplot";
	char *argv[] = {name, NULL};
	posix_spawn_file_actions_t actions;
	int file = open(g->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), error;
	pid_t pid;

	if (file < 0)
		msg_die(EX_CANTCREAT, "cannot open '%s': %s", g->path, strerror(errno));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, file, STDOUT_FILENO);
	error = posix_spawnp(&pid, name, &actions, NULL, argv, environ);
	if (error != 0)
		msg_die(EX_UNAVAILABLE, "cannot run gnuplot: %s; install it: gnuplot-nox on Debian",
		        strerror(error));
	posix_spawn_file_actions_destroy(&actions);
	close(file);
	return pid;
}

static void wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			msg_die(EX_OSERR, "cannot wait for gnuplot: %s", strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		msg_die(EX_SOFTWARE, "gnuplot failed");
}

void gnuplot_run(const struct gnuplot *g, struct slice commands)
{
	struct out out;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		msg_die(EX_OSERR, "cannot make a pipe: %s", strerror(errno));
	pid = start(g, ends[0]);
	close(ends[0]);
	out_init(&out, ends[1], "gnuplot");
	buf_append_slice(&out.buf, commands);
	out_close(&out);
	wait_for(pid);
}

void gnuplot_draw(const struct gnuplot *g, const struct chart *chart)
{
	struct chart_bounds bounds;
	struct buf commands = {0};

	if (!chart_bounds(chart, &bounds)) {
		msg_warn("nothing to draw: '%s' is not written", g->path);
		return;
	}
	gnuplot_append(&commands, g, chart);
	gnuplot_run(g, buf_slice(&commands));
	buf_free(&commands);
}
