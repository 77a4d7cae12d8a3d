/* What a spool deletes, and what it keeps. */
#include "spool_dir.h"

#include "base/clock.h"
#include "base/msg.h"
#include "durable/mark.h"
#include "durable/spool_trim.h"

#include <time.h>

static struct spool_dir dir;
static int fd, checkpoints;
static struct spool_segments segments;

static int make(void **state)
{
	char path[128];

	(void)state;
	spool_dir_make(&dir);
	dir.options.segment_size = SPOOL_SEGMENT_LEAST;
	spool_dir_append(&dir, 0, 500);
	segments = spool_dir_segments(&dir);
	fd = spool_open_directory(dir.path);
	snprintf(path, sizeof(path), "%s/" SPOOL_CHECKPOINTS, dir.path);
	checkpoints = open(path, O_RDONLY);
	return 0;
}

static int clean(void **state)
{
	(void)state;
	close(fd);
	close(checkpoints);
	spool_segments_free(&segments);
	spool_dir_remove(&dir);
	return 0;
}

static unsigned trim(int64_t keep, uint64_t room)
{
	return spool_trim(fd, dir.path, keep, room).segments;
}

static uint64_t trimmed(void)
{
	uint64_t seq;

	return mark_read(fd, SPOOL_TRIMMED, &seq) == 1 ? seq : 0;
}

static void without_a_checkpoint_all_is_kept(void **state)
{
	(void)state;
	assert_int_equal(trim(0, UINT64_MAX), 0);
	assert_int_equal(trimmed(), 0);
}

/* A segment goes with its last record, not before. */
static void behind_the_least_checkpoint(void **state)
{
	(void)state;
	mark_write(checkpoints, "a", segments.firsts[2] - 1);
	mark_write(checkpoints, "b", segments.firsts[1] - 2);
	assert_int_equal(trim(0, 0), 0);
	mark_write(checkpoints, "b", segments.firsts[1] - 1);
	assert_int_equal(trim(0, 0), 1);
	assert_int_equal(trimmed(), segments.firsts[1] - 1);
	unlinkat(checkpoints, "b", 0);
	assert_int_equal(trim(0, 0), 1);
	assert_int_equal(trimmed(), segments.firsts[2] - 1);
}

static void the_keep_time_holds_until_room_is_needed(void **state)
{
	const struct timespec old[2] = {{time(NULL) - 100, 0}, {time(NULL) - 100, 0}};
	char name[SPOOL_NAME_SIZE];

	(void)state;
	mark_write(checkpoints, "a", segments.firsts[8] - 1);
	assert_int_equal(trim(60 * CLOCK_SECOND, 0), 0);
	spool_segment_name(segments.firsts[2], name);
	assert_int_equal(utimensat(fd, name, old, 0), 0);
	assert_int_equal(trim(60 * CLOCK_SECOND, 0), 1);
	/* One byte of room costs one segment. */
	assert_int_equal(trim(60 * CLOCK_SECOND, 1), 1);
	assert_int_equal(trim(60 * CLOCK_SECOND, 2 * SPOOL_SEGMENT_LEAST), 2);
	assert_int_equal(trimmed(), segments.firsts[6] - 1);
}

static void a_checkpoint_that_cannot_be_read_holds_all(void **state)
{
	int file = openat(checkpoints, "c", O_WRONLY | O_CREAT, 0600);

	(void)state;
	assert_int_equal(write(file, "x\n", 2), 2);
	close(file);
	assert_false(spool_checkpoints(fd, dir.path).readable);
	assert_int_equal(trim(0, UINT64_MAX), 0);
	unlinkat(checkpoints, "c", 0);
}

/* A temporary file that a crash left behind is no checkpoint. */
static void temporary_files_do_not_count(void **state)
{
	(void)state;
	mark_write(checkpoints, "d.tmp", 1);
	assert_int_equal(spool_checkpoints(fd, dir.path).count, 1);
	assert_int_equal(spool_checkpoints(fd, dir.path).least, segments.firsts[8] - 1);
}

/* A reader that comes too late for what was deleted is told how much it misses. */
static void a_late_reader_misses_it(void **state)
{
	struct spool_reader r;
	uint64_t gone = segments.firsts[6] - 1;

	(void)state;
	spool_reader_open(&r, dir.path, gone - 1, false);
	assert_int_equal(r.missing, gone);
	assert_int_equal(spool_reader_next(&r), SPOOL_RECORD);
	assert_int_equal(r.segment.message.seq, gone + 1);
	spool_reader_close(&r);
	spool_reader_open(&r, dir.path, gone, false);
	assert_int_equal(r.missing, 0);
	spool_reader_close(&r);
	/* A new consumer starts with what there is. */
	spool_reader_open(&r, dir.path, 0, false);
	assert_int_equal(r.missing, 0);
	/* Under the reader: it holds the segment it reads, the ones after that go. */
	assert_int_equal(spool_reader_next(&r), SPOOL_RECORD);
	mark_write(checkpoints, "a", segments.firsts[9] - 1);
	assert_int_equal(trim(0, 0), 3);
	while (r.missing == 0 && spool_reader_next(&r) == SPOOL_RECORD)
		;
	assert_int_equal(r.missing, segments.firsts[9] - 1);
	assert_int_equal(r.segment.message.seq, segments.firsts[9]);
	spool_reader_close(&r);
}

static void the_last_segment_stays(void **state)
{
	(void)state;
	mark_write(checkpoints, "a", segments.firsts[segments.count - 1] + 10000);
	assert_int_equal(trim(0, UINT64_MAX), segments.count - 1 - 9);
	assert_int_equal(trim(0, UINT64_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_a_checkpoint_all_is_kept),
	    cmocka_unit_test(behind_the_least_checkpoint),
	    cmocka_unit_test(the_keep_time_holds_until_room_is_needed),
	    cmocka_unit_test(a_checkpoint_that_cannot_be_read_holds_all),
	    cmocka_unit_test(temporary_files_do_not_count),
	    cmocka_unit_test(a_late_reader_misses_it),
	    cmocka_unit_test(the_last_segment_stays),
	};

	msg_init("test_spool_trim");
	return cmocka_run_group_tests(tests, make, clean);
}
