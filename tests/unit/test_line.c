#include "unit.h"

#include "base/clock.h"
#include "base/stop.h"
#include "stream/line.h"
#include "stream/out.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The read end of a pipe into which a child writes the text in pieces of `piece` bytes. */
static int feed(struct slice text, size_t piece)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	if (fork() == 0) {
		close(ends[0]);
		while (text.len) {
			size_t n = piece < text.len ? piece : text.len;

			if (write(ends[1], text.ptr, n) != (ssize_t)n)
				_exit(1);
			text.ptr += n;
			text.len -= n;
		}
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

static void finish(struct line_reader *r, int fd)
{
	line_free(r);
	close(fd);
	while (wait(NULL) > 0)
		;
}

static void gives_lines_whatever_the_pieces(void **state)
{
	static const size_t pieces[] = {1, 2, 3, 7, 1000};

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		int fd = feed(SLICE("one\n\nthree \t\0x\n"), pieces[i]);
		struct line_reader r;
		struct slice line;

		line_init(&r, fd, "test", 100);
		assert_int_equal(line_next(&r, &line), LINE_OK);
		assert_slice(line, "one");
		assert_int_equal(r.number, 1);
		assert_int_equal(line_next(&r, &line), LINE_OK);
		assert_slice(line, "");
		assert_int_equal(line_next(&r, &line), LINE_OK);
		assert_slice(line, "three \t\0x");
		assert_int_equal(r.number, 3);
		assert_int_equal(line_next(&r, &line), LINE_END);
		assert_int_equal(line_next(&r, &line), LINE_END);
		finish(&r, fd);
	}
}

static void a_last_line_without_its_end_is_told(void **state)
{
	int fd = feed(SLICE("whole\npart"), 100);
	struct line_reader r;
	struct slice line;

	(void)state;
	line_init(&r, fd, "test", 100);
	assert_int_equal(line_next(&r, &line), LINE_OK);
	assert_int_equal(line_next(&r, &line), LINE_TRUNCATED);
	assert_slice(line, "part");
	assert_int_equal(r.number, 2);
	assert_int_equal(line_next(&r, &line), LINE_END);
	finish(&r, fd);
}

static void lines_over_the_bound_are_cut_and_passed(void **state)
{
	static const size_t sizes[] = {10, 11, 12, 1000, 255 * 1024, 300000, 3000000};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct buf text = {0};
		struct line_reader r;
		struct slice line;
		int fd;

		for (size_t k = 0; k < sizes[i]; k++)
			buf_putc(&text, (char)('a' + k % 26));
		buf_append_string(&text, "\nnext\n");
		fd = feed(buf_slice(&text), 60000);
		line_init(&r, fd, "test", 10);
		assert_int_equal(line_next(&r, &line), sizes[i] <= 10 ? LINE_OK : LINE_TOO_LONG);
		assert_slice(line, "abcdefghij");
		assert_int_equal(r.line_size, sizes[i]);
		assert_int_equal(line_next(&r, &line), LINE_OK);
		assert_slice(line, "next");
		assert_int_equal(r.line_size, 4);
		assert_int_equal(r.number, 2);
		finish(&r, fd);
		buf_free(&text);
	}
}

static void grows_to_the_longest_line_allowed(void **state)
{
	struct buf text = {0};
	struct line_reader r;
	struct slice line;
	int fd;

	(void)state;
	for (size_t k = 0; k < 2000000; k++)
		buf_putc(&text, 'x');
	buf_append_string(&text, "\n");
	fd = feed(buf_slice(&text), 65536);
	line_init(&r, fd, "test", 2000000);
	assert_int_equal(line_next(&r, &line), LINE_OK);
	assert_int_equal(line.len, 2000000);
	assert_int_equal(line_next(&r, &line), LINE_END);
	finish(&r, fd);
	buf_free(&text);
}

static void outputs_leave_before_blocking_and_not_earlier(void **state)
{
	int in[2], out[2];
	struct line_reader r;
	struct slice line;
	struct out o;
	char got[16];

	(void)state;
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	assert_int_equal(write(in[1], "a\nb\n", 4), 4);
	line_init(&r, in[0], "test", 100);
	out_init(&o, out[1], "out");
	line_flush_before_block(&r, &o);
	for (int i = 0; i < 2; i++) {
		struct pollfd pfd = {.fd = out[0], .events = POLLIN};

		assert_int_equal(line_next(&r, &line), LINE_OK);
		buf_append_slice(&o.buf, line);
		out_line(&o);
		assert_int_equal(poll(&pfd, 1, 0), 0);
	}
	r.deadline = clock_monotonic();
	assert_int_equal(line_next(&r, &line), LINE_WAKE);
	assert_int_equal(read(out[0], got, sizeof(got)), 2);
	assert_memory_equal(got, "ab", 2);
	close(in[0]);
	close(in[1]);
	close(out[0]);
	close(out[1]);
	buf_free(&o.buf);
	line_free(&r);
}

static void wakes_for_a_descriptor(void **state)
{
	int in[2], wake[2];
	struct line_reader r;
	struct slice line;

	(void)state;
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(wake), 0);
	line_init(&r, in[0], "test", 100);
	r.wake_fd = wake[0];
	assert_int_equal(write(wake[1], "", 1), 1);
	assert_int_equal(line_next(&r, &line), LINE_WAKE);
	/* Input comes first. */
	assert_int_equal(write(in[1], "x\n", 2), 2);
	assert_int_equal(line_next(&r, &line), LINE_OK);
	for (int i = 0; i < 2; i++) {
		close(in[i]);
		close(wake[i]);
	}
	line_free(&r);
}

/* In a child, because a stop request is for good. Returns its exit status. */
static int in_child(int (*body)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		stop_init();
		stop_init_reload();
		stop_init_leave();
		_exit(body());
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Asked to stop, a reader of a pipe still takes what its writer sends until it closes. */
static int drain_until_end(void)
{
	int fd = feed(SLICE("a\nb\n"), 1);
	struct line_reader r;
	struct slice line;
	int lines = 0;

	line_init(&r, fd, "test", 100);
	raise(SIGTERM);
	while (line_next(&r, &line) == LINE_OK)
		lines++;
	return lines;
}

/* Asked to stop, a reader of an idle pipe gives up by itself. */
static int give_up_idle(void)
{
	struct line_reader r;
	struct slice line;
	int in[2];

	if (pipe(in) < 0)
		return 1;
	line_init(&r, in[0], "test", 100);
	raise(SIGINT);
	return line_next(&r, &line) == LINE_END && stop_requested() ? 42 : 1;
}

/* A file ends at once. */
static int stop_file(void)
{
	int fd = open("/dev/zero", O_RDONLY);
	struct line_reader r;
	struct slice line;

	line_init(&r, fd, "test", 100);
	raise(SIGTERM);
	return line_next(&r, &line) == LINE_END ? 42 : 1;
}

static int reload(void)
{
	struct line_reader r;
	struct slice line;
	int in[2];

	if (pipe(in) < 0)
		return 1;
	line_init(&r, in[0], "test", 100);
	raise(SIGHUP);
	if (line_next(&r, &line) != LINE_RELOAD)
		return 2;
	r.deadline = clock_monotonic();
	return line_next(&r, &line) == LINE_WAKE ? 42 : 3;
}

/* Asked for two things at once, each is told once, and the descriptor is readable until both are.
 */
static int leave_and_reload(void)
{
	struct pollfd fd = {.fd = stop_fd(), .events = POLLIN};

	raise(SIGUSR1);
	raise(SIGHUP);
	if (!stop_leave_requested() || stop_leave_requested() || poll(&fd, 1, 0) != 1)
		return 1;
	if (!stop_reload_requested() || poll(&fd, 1, 0) != 0)
		return 2;
	return stop_requested() ? 3 : 42;
}

static void stop_and_reload(void **state)
{
	(void)state;
	assert_int_equal(in_child(drain_until_end), 2);
	assert_int_equal(in_child(give_up_idle), 42);
	assert_int_equal(in_child(stop_file), 42);
	assert_int_equal(in_child(reload), 42);
	assert_int_equal(in_child(leave_and_reload), 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gives_lines_whatever_the_pieces),
	    cmocka_unit_test(a_last_line_without_its_end_is_told),
	    cmocka_unit_test(lines_over_the_bound_are_cut_and_passed),
	    cmocka_unit_test(grows_to_the_longest_line_allowed),
	    cmocka_unit_test(outputs_leave_before_blocking_and_not_earlier),
	    cmocka_unit_test(wakes_for_a_descriptor),
	    cmocka_unit_test(stop_and_reload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
