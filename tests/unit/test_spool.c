/* The spool as it is written and read, by one writer and its readers. */
#include "spool_dir.h"

#include "base/clock.h"
#include "base/msg.h"
#include "durable/mark.h"

#include <poll.h>
#include <sys/resource.h>

static void what_is_written_is_read(void **state)
{
	struct spool_dir d;
	uint64_t last;

	(void)state;
	spool_dir_make(&d);
	last = spool_dir_append(&d, 0, 1000);
	spool_dir_expect(&d, 0, 0, 1000);
	spool_dir_expect(&d, last - 10, 990, 1000);
	spool_dir_expect(&d, last, 1000, 1000);
	spool_dir_remove(&d);
}

static void segments_rotate_and_numbers_go_on(void **state)
{
	struct spool_dir d;
	struct spool_segments segments;
	uint64_t last;

	(void)state;
	spool_dir_make(&d);
	d.options.segment_size = SPOOL_SEGMENT_LEAST;
	last = spool_dir_append(&d, 0, 1000);
	segments = spool_dir_segments(&d);
	assert_in_range(segments.count, 10, 100);
	assert_int_equal(segments.firsts[0], last - 999);
	spool_segments_free(&segments);
	spool_dir_expect(&d, 0, 0, 1000);
	spool_dir_expect(&d, last - 500, 500, 1000);
	spool_dir_remove(&d);
}

/* A writer that starts again begins a segment, with a number of the clock's microseconds. */
static void a_start_begins_a_segment(void **state)
{
	struct spool_dir d;
	struct spool_segments segments;
	int64_t before = clock_now();
	uint64_t first, second;

	(void)state;
	spool_dir_make(&d);
	first = spool_dir_append(&d, 0, 1);
	assert_true(first >= (uint64_t)before);
	usleep(2000);
	second = spool_dir_append(&d, 1, 2);
	assert_true(second > first + 1000);
	segments = spool_dir_segments(&d);
	assert_int_equal(segments.count, 2);
	spool_segments_free(&segments);
	spool_dir_expect(&d, 0, 0, 2);
	spool_dir_expect(&d, first, 1, 2);
	spool_dir_remove(&d);
}

/* Numbers never go back: not behind the last record, a consumer, or what was deleted, all of which
 * a clock that was set back would do. */
static void numbers_do_not_go_back(void **state)
{
	const uint64_t far = (uint64_t)clock_now() + UINT64_C(3600000000);
	struct spool_dir d;
	char path[128];
	int fd;

	(void)state;
	spool_dir_make(&d);
	spool_dir_append(&d, 0, 1);
	snprintf(path, sizeof(path), "%s/" SPOOL_CHECKPOINTS, d.path);
	fd = open(path, O_RDONLY);
	assert_int_equal(mark_write(fd, "a", far), 0);
	close(fd);
	assert_int_equal(spool_dir_append(&d, 1, 2), far + 1);
	assert_int_equal(spool_dir_append(&d, 2, 3), far + 2);
	fd = open(d.path, O_RDONLY);
	assert_int_equal(mark_write(fd, SPOOL_TRIMMED, far + 10), 0);
	close(fd);
	assert_int_equal(spool_dir_append(&d, 3, 4), far + 11);
	spool_dir_expect(&d, 0, 0, 4);
	spool_dir_remove(&d);
}

static bool readable(const struct spool_reader *r)
{
	struct pollfd pfd = {.fd = spool_reader_fd(r), .events = POLLIN};

	return poll(&pfd, 1, 0) > 0;
}

/* A reader that follows is woken by every record, over rotations and a new writer. */
static void a_reader_follows(void **state)
{
	struct spool_dir d;
	struct spool_reader r;
	struct spool_writer *w;
	uint64_t seq;

	(void)state;
	spool_dir_make(&d);
	d.options.segment_size = SPOOL_SEGMENT_LEAST;
	w = spool_writer_open(&d.options);
	spool_reader_open(&r, d.path, 0, true);
	assert_int_equal(spool_reader_next(&r), SPOOL_END);
	for (unsigned i = 0; i < 500; i++) {
		assert_false(readable(&r));
		assert_int_equal(spool_dir_append_one(w, i, &seq), SPOOL_OK);
		assert_true(readable(&r));
		assert_int_equal(spool_reader_next(&r), SPOOL_RECORD);
		assert_int_equal(r.segment.message.seq, seq);
		assert_int_equal(spool_reader_next(&r), SPOOL_END);
		if (i % 100 == 99) {
			assert_int_equal(spool_writer_close(w), 0);
			w = spool_writer_open(&d.options);
			assert_int_equal(spool_reader_next(&r), SPOOL_END);
		}
	}
	spool_writer_close(w);
	spool_reader_close(&r);
	spool_dir_remove(&d);
}

/* What a dead writer left unfinished is not given; the next writer cuts it off under the reader. */
static void a_reader_waits_at_an_unfinished_record(void **state)
{
	struct spool_dir d;
	struct spool_reader r;
	const char *path;

	(void)state;
	spool_dir_make(&d);
	spool_dir_append(&d, 0, 3);
	path = spool_dir_last_segment(&d);
	assert_int_equal(truncate(path, 150), 0);
	spool_reader_open(&r, d.path, 0, false);
	assert_int_equal(spool_reader_next(&r), SPOOL_RECORD);
	assert_int_equal(spool_reader_next(&r), SPOOL_END);
	assert_int_equal(r.partial, 150 - r.segment.end);
	spool_dir_append(&d, 7, 8);
	assert_int_equal(spool_reader_next(&r), SPOOL_RECORD);
	assert_int_equal(spool_dir_count(&r.segment.message), 7);
	assert_int_equal(spool_reader_next(&r), SPOOL_END);
	spool_reader_close(&r);
	spool_dir_remove(&d);
}

static void a_full_spool_refuses(void **state)
{
	struct spool_dir d;
	struct spool_writer *w;
	unsigned count = 0;
	uint64_t seq;

	(void)state;
	spool_dir_make(&d);
	d.options.segment_size = SPOOL_SEGMENT_LEAST;
	d.options.max_size = 4 * SPOOL_SEGMENT_LEAST;
	w = spool_writer_open(&d.options);
	while (spool_dir_append_one(w, count, &seq) == SPOOL_OK)
		count++;
	assert_true(spool_state(w).full);
	assert_int_equal(spool_state(w).full_error, 0);
	assert_in_range(spool_state(w).bytes, 3 * SPOOL_SEGMENT_LEAST, 4 * SPOOL_SEGMENT_LEAST);
	assert_int_equal(spool_state(w).head, seq - 1);
	assert_int_equal(spool_dir_append_one(w, count, &seq), SPOOL_FULL);
	spool_writer_close(w);
	spool_dir_expect(&d, 0, 0, count);
	spool_dir_remove(&d);
}

/* A disk without room, here by a limit on the size of files that gives EFBIG, is an error of the
 * write: nothing was acknowledged, and the spool takes no more. */
static void write_beyond_limit(const void *arg)
{
	const struct spool_dir *d = arg;
	const struct rlimit limit = {1000, 1000};
	struct spool_writer *w = spool_writer_open(&d->options);
	unsigned count = 0;
	uint64_t seq;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	while (spool_dir_append_one(w, count, &seq) == SPOOL_OK)
		count++;
	if (spool_dir_append_one(w, count, &seq) != SPOOL_FAILED)
		_exit(1);
	_exit((int)count);
}

static void a_failed_write_ends_it(void **state)
{
	struct spool_dir d;
	struct child child;

	(void)state;
	spool_dir_make(&d);
	run_child(&child, write_beyond_limit, &d);
	assert_in_range(child.status, 5, 50);
	/* The record that was cut by the limit is taken off by the next writer. */
	spool_dir_append(&d, (unsigned)child.status, 100);
	spool_dir_expect(&d, 0, 0, 100);
	spool_dir_remove(&d);
}

static void open_again(const void *arg)
{
	const struct spool_dir *d = arg;

	spool_writer_open(&d->options);
}

static void two_writers_are_one_too_many(void **state)
{
	struct spool_dir d;
	struct child child;
	struct spool_writer *w;

	(void)state;
	spool_dir_make(&d);
	w = spool_writer_open(&d.options);
	run_child(&child, open_again, &d);
	assert_int_equal(child.status, 75);
	assert_non_null(strstr(child.text, "is being written by process"));
	spool_writer_close(w);
	run_child(&child, open_again, &d);
	assert_int_equal(child.status, 0);
	spool_dir_remove(&d);
}

static uint64_t syncs(struct spool_writer *w)
{
	static struct histogram times;

	spool_sync_times(w, &times);
	return times.count;
}

static void syncs_are_counted(void **state)
{
	struct spool_dir d;
	struct spool_writer *w;
	uint64_t seq;
	int64_t due;

	(void)state;
	spool_dir_make(&d);
	d.options.sync = SPOOL_SYNC_ALWAYS;
	w = spool_writer_open(&d.options);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(spool_dir_append_one(w, i, &seq), SPOOL_OK);
	assert_int_equal(syncs(w), 5);
	spool_writer_close(w);
	d.options.sync = SPOOL_SYNC_INTERVAL;
	d.options.interval = 1000;
	w = spool_writer_open(&d.options);
	assert_int_equal(spool_dir_append_one(w, 5, &seq), SPOOL_OK);
	usleep(2000);
	due = spool_due(w);
	assert_true(due <= clock_monotonic());
	assert_int_equal(spool_tick(w), 0);
	assert_true(spool_due(w) > due);
	assert_int_equal(syncs(w), 0);
	spool_writer_close(w);
	spool_dir_expect(&d, 0, 0, 6);
	spool_dir_remove(&d);
}

static void marks(void **state)
{
	char top[] = "/tmp/test_mark.XXXXXX", command[64], text[24];
	static const char *const wrong[] = {"",
	                                    "\n",
	                                    "12",
	                                    "12 \n",
	                                    "-1\n",
	                                    "18446744073709551616\n",
	                                    "123456789012345678901234\n"};
	uint64_t seq = 7;
	int top_fd, fd;

	(void)state;
	assert_non_null(mkdtemp(top));
	top_fd = open(top, O_RDONLY);
	assert_int_equal(mark_read(top_fd, "m", &seq), 0);
	assert_int_equal(mark_write(top_fd, "m", UINT64_MAX), 0);
	assert_int_equal(mark_read(top_fd, "m", &seq), 1);
	assert_true(seq == UINT64_MAX);
	assert_int_equal(mark_write(top_fd, "m", 0), 0);
	assert_int_equal(mark_read(top_fd, "m", &seq), 1);
	assert_int_equal(seq, 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		fd = openat(top_fd, "w", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		assert_int_equal(write(fd, wrong[i], strlen(wrong[i])), strlen(wrong[i]));
		close(fd);
		assert_int_equal(mark_read(top_fd, "w", &seq), -1);
	}
	fd = openat(top_fd, "m", O_RDONLY);
	assert_int_equal(read(fd, text, sizeof(text)), 2);
	close(fd);
	close(top_fd);
	snprintf(command, sizeof(command), "rm -r '%s'", top);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written_is_read),
	    cmocka_unit_test(segments_rotate_and_numbers_go_on),
	    cmocka_unit_test(a_start_begins_a_segment),
	    cmocka_unit_test(numbers_do_not_go_back),
	    cmocka_unit_test(a_reader_follows),
	    cmocka_unit_test(a_reader_waits_at_an_unfinished_record),
	    cmocka_unit_test(a_full_spool_refuses),
	    cmocka_unit_test(a_failed_write_ends_it),
	    cmocka_unit_test(two_writers_are_one_too_many),
	    cmocka_unit_test(syncs_are_counted),
	    cmocka_unit_test(marks),
	};

	msg_init("test_spool");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
