/* What a spool holds beyond a number, counted without reading all of it. */
#include "../../../cmd/tsdb-admin/backlog.h"
#include "../spool_dir.h"

#include "base/msg.h"
#include "durable/mark.h"
#include "durable/spool_trim.h"

#include <unistd.h>

enum { RECEIVED = 1700000000 }; /* seconds: when spool_dir's message 0 was */

static struct backlog backlog(const struct spool_dir *d, uint64_t after)
{
	struct backlog b;

	backlog_read(&b, d->path, after);
	return b;
}

static void assert_received(int64_t time, unsigned count)
{
	assert_int_equal(time, RECEIVED * INT64_C(1000000) + count);
}

static void a_spool_without_messages_has_no_head(void **state)
{
	struct spool_dir d;
	struct backlog b;

	(void)state;
	spool_dir_make(&d);
	spool_dir_append(&d, 0, 0);
	b = backlog(&d, 0);
	assert_int_equal(b.head, 0);
	assert_int_equal(b.head_received, 0);
	assert_int_equal(b.messages, 0);
	assert_int_equal(b.oldest, 0);
	assert_int_equal(b.missing, 0);
	spool_dir_remove(&d);
}

/* Many small segments, and a jump of the numbers in the middle. */
static void messages_are_counted_not_numbers(void **state)
{
	struct spool_dir d;
	uint64_t first, second;
	struct backlog b;

	(void)state;
	spool_dir_make(&d);
	d.options.segment_size = SPOOL_SEGMENT_LEAST;
	first = spool_dir_append(&d, 0, 500);
	usleep(2000);
	second = spool_dir_append(&d, 500, 1000);
	assert_true(second > first + 1000);

	b = backlog(&d, 0);
	assert_int_equal(b.head, second);
	assert_received(b.head_received, 999);
	assert_int_equal(b.messages, 1000);
	assert_received(b.oldest, 0);
	assert_true(b.segments > 10);
	assert_true(b.bytes > 1000 * 80);
	for (unsigned stored = 1; stored < 1000; stored += 7) {
		b = backlog(&d, stored <= 500 ? first - 500 + stored : second - 1000 + stored);
		assert_int_equal(b.messages, 1000 - stored);
		assert_received(b.oldest, stored);
	}
	b = backlog(&d, second);
	assert_int_equal(b.messages, 0);
	assert_int_equal(b.oldest, 0);
	/* Between the last number before the jump and the first one after it. */
	b = backlog(&d, first + 10);
	assert_int_equal(b.messages, 500);
	assert_received(b.oldest, 500);
	spool_dir_remove(&d);
}

/* The last record lacks its end, as while it is being written: it is not there yet. */
static void an_unfinished_record_does_not_count(void **state)
{
	struct spool_dir d;
	struct backlog b;
	uint64_t head;
	FILE *file;

	(void)state;
	spool_dir_make(&d);
	head = spool_dir_append(&d, 0, 10);
	file = fopen(spool_dir_last_segment(&d), "a");
	assert_non_null(file);
	fputs("m1\t17", file);
	fclose(file);
	b = backlog(&d, head - 1);
	assert_int_equal(b.head, head);
	assert_int_equal(b.messages, 1);
	assert_received(b.oldest, 9);
	spool_dir_remove(&d);
}

static void what_was_deleted_is_missing(void **state)
{
	struct spool_dir d;
	struct backlog b;
	struct spool_segments segments;
	uint64_t head, trimmed;
	int fd, checkpoints;

	(void)state;
	spool_dir_make(&d);
	d.options.segment_size = SPOOL_SEGMENT_LEAST;
	head = spool_dir_append(&d, 0, 500);
	fd = spool_open_directory(d.path);
	checkpoints = openat(fd, SPOOL_CHECKPOINTS, O_RDONLY | O_DIRECTORY);
	assert_int_equal(mark_write(checkpoints, "one", head - 100), 0);
	assert_true(spool_trim(fd, d.path, 0, 0).segments > 0);
	segments = spool_dir_segments(&d);
	trimmed = segments.firsts[0] - 1;

	b = backlog(&d, head - 100);
	assert_int_equal(b.missing, 0);
	assert_int_equal(b.messages, 100);
	b = backlog(&d, trimmed - 1);
	assert_int_equal(b.missing, trimmed);
	assert_int_equal(b.messages, head - trimmed);
	assert_received(b.oldest, (unsigned)(500 - (head - trimmed)));
	assert_int_equal(backlog(&d, trimmed).missing, 0);
	/* Nothing was stored yet: then from the first message there is. */
	assert_int_equal(backlog(&d, 0).missing, 0);

	spool_segments_free(&segments);
	close(checkpoints);
	close(fd);
	spool_dir_remove(&d);
}

static void look_at_the_end(const void *path)
{
	struct backlog b;

	msg_init("test");
	backlog_read(&b, path, 0);
}

static void damage_is_told_with_its_place(void **state)
{
	struct spool_dir d;
	struct child child;
	FILE *file;

	(void)state;
	spool_dir_make(&d);
	spool_dir_append(&d, 0, 10);
	file = fopen(spool_dir_last_segment(&d), "r+");
	assert_non_null(file);
	fseek(file, -20, SEEK_END);
	fputc('#', file);
	fclose(file);
	run_child(&child, look_at_the_end, d.path);
	assert_int_equal(child.status, EX_DATAERR);
	assert_non_null(strstr(child.text, ".m1': offset "));
	run_child(&child, look_at_the_end, "/nonexistent");
	assert_int_equal(child.status, EX_NOINPUT);
	spool_dir_remove(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_spool_without_messages_has_no_head),
	    cmocka_unit_test(messages_are_counted_not_numbers),
	    cmocka_unit_test(an_unfinished_record_does_not_count),
	    cmocka_unit_test(what_was_deleted_is_missing),
	    cmocka_unit_test(damage_is_told_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
