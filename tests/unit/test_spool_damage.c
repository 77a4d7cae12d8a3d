/* A spool that was torn, or damaged in any bit: never lost in silence, never given as sound. */
#include "spool_dir.h"

#include "base/msg.h"

enum { RECORDS = 4 };

static const char *path; /* of the one segment */
static char whole[1024];
static size_t size;
static size_t starts[RECORDS + 1]; /* of the records, and the end of the last one */

static struct spool_dir dir;

static void put(const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static int make(void **state)
{
	int fd, record = 0;

	(void)state;
	spool_dir_make(&dir);
	spool_dir_append(&dir, 0, RECORDS);
	path = spool_dir_last_segment(&dir);
	fd = open(path, O_RDONLY);
	size = (size_t)read(fd, whole, sizeof(whole));
	close(fd);
	for (size_t i = 0; i < size; i++)
		if (whole[i] == '\n')
			starts[++record] = i + 1;
	assert_int_equal(record, RECORDS);
	assert_int_equal(starts[RECORDS], size);
	return 0;
}

static int clean(void **state)
{
	(void)state;
	spool_dir_remove(&dir);
	return 0;
}

/* What a child did that opened the spool and appended message 9. */
static void append_one(const void *arg)
{
	(void)arg;
	spool_dir_append(&dir, 9, 10);
}

/* Deletes the segments. */
static void start_anew(void)
{
	struct spool_segments segments = spool_dir_segments(&dir);
	char name[SPOOL_NAME_SIZE];
	int fd = spool_open_directory(dir.path);

	for (size_t i = 0; i < segments.count; i++) {
		spool_segment_name(segments.firsts[i], name);
		assert_int_equal(unlinkat(fd, name, 0), 0);
	}
	close(fd);
	spool_segments_free(&segments);
}

/* The segment holds `sound` whole records and then what is torn. */
static void expect_recovered(unsigned sound)
{
	struct spool_reader r;
	struct child child;

	run_child(&child, append_one, NULL);
	assert_int_equal(child.status, 0);
	spool_reader_open(&r, dir.path, 0, false);
	for (unsigned i = 0; i < sound; i++) {
		assert_int_equal(spool_reader_next(&r), SPOOL_RECORD);
		assert_int_equal(spool_dir_count(&r.segment.message), i);
	}
	assert_int_equal(spool_reader_next(&r), SPOOL_RECORD);
	assert_int_equal(spool_dir_count(&r.segment.message), 9);
	assert_int_equal(spool_reader_next(&r), SPOOL_END);
	spool_reader_close(&r);
}

static void torn_at_every_byte(void **state)
{
	(void)state;
	for (size_t len = starts[RECORDS - 1]; len <= size; len++) {
		start_anew();
		put(whole, len);
		/* A record without nothing but its line end is as good as whole. */
		expect_recovered(len >= size - 1 ? RECORDS : RECORDS - 1);
	}
}

/* Blocks that were not written when the power went are zeros. */
static void zeros_at_the_end(void **state)
{
	char bytes[sizeof(whole)];

	(void)state;
	for (size_t len = starts[RECORDS - 2]; len < size; len += 7) {
		memcpy(bytes, whole, size);
		memset(bytes + len, 0, size - len);
		start_anew();
		put(bytes, size);
		expect_recovered(len < starts[RECORDS - 1] - 1 ? RECORDS - 2 : RECORDS - 1);
	}
}

/* How often the reader gives records, and whether it tells of damage; stops at it. */
static unsigned read_sound(bool *damaged, size_t *partial)
{
	struct spool_reader r;
	enum spool_status status;
	unsigned count = 0;

	spool_reader_open(&r, dir.path, 0, false);
	while ((status = spool_reader_next(&r)) == SPOOL_RECORD) {
		assert_int_equal(spool_dir_count(&r.segment.message), count);
		count++;
	}
	*damaged = status == SPOOL_DAMAGED;
	*partial = r.partial;
	spool_reader_close(&r);
	return count;
}

/* Every bit of the segment: the reader stops at the damage, and gives the records before it; the
 * writer does not start on it. Only a last line end that is damaged looks, to a reader, like a
 * record that is being written. */
static void every_bit(void **state)
{
	char bytes[sizeof(whole)];
	struct child child;
	bool damaged;
	size_t partial;

	(void)state;
	for (size_t bit = 0; bit < 8 * size; bit++) {
		unsigned sound = 0, count;

		memcpy(bytes, whole, size);
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
		start_anew();
		put(bytes, size);
		while (starts[sound + 1] <= bit / 8)
			sound++;
		count = read_sound(&damaged, &partial);
		assert_int_equal(count, sound);
		assert_true(damaged || (bit / 8 == size - 1 && partial));
		if (bit % 5)
			continue;
		run_child(&child, append_one, NULL);
		assert_int_equal(child.status, 65);
		assert_non_null(strstr(child.text, "offset "));
	}
}

/* A record that is missing, or there twice, is damage too. */
static void records_out_of_order(void **state)
{
	char bytes[2 * sizeof(whole)];
	bool damaged;
	size_t partial;

	(void)state;
	start_anew();
	memcpy(bytes, whole, starts[1]);
	memcpy(bytes + starts[1], whole + starts[2], size - starts[2]);
	put(bytes, size - (starts[2] - starts[1]));
	assert_int_equal(read_sound(&damaged, &partial), 1);
	assert_true(damaged);
	memcpy(bytes, whole, starts[2]);
	memcpy(bytes + starts[2], whole + starts[1], size - starts[1]);
	put(bytes, size + (starts[2] - starts[1]));
	assert_int_equal(read_sound(&damaged, &partial), 2);
	assert_true(damaged);
}

/* Reading on behind damage gives all that is sound. */
static void salvage(void **state)
{
	char bytes[sizeof(whole)];
	enum spool_status status;
	struct spool_reader r;
	unsigned damage = 0, records = 0;

	(void)state;
	memcpy(bytes, whole, size);
	bytes[starts[1] + 20] ^= 1;
	start_anew();
	put(bytes, size);
	spool_reader_open(&r, dir.path, 0, false);
	while ((status = spool_reader_next(&r)) != SPOOL_END) {
		damage += status == SPOOL_DAMAGED;
		records += status == SPOOL_RECORD;
		if (status == SPOOL_DAMAGED) {
			assert_int_equal(r.segment.offset, starts[1]);
			assert_int_equal(r.segment.line.len, starts[2] - starts[1] - 1);
		}
	}
	assert_int_equal(damage, 1);
	assert_int_equal(records, RECORDS - 1);
	spool_reader_close(&r);
}

/* An unfinished record where a later segment is there already. */
static void torn_in_the_middle(void **state)
{
	const char *first = path;
	bool damaged;
	size_t partial;
	char keep[128];

	(void)state;
	start_anew();
	put(whole, size);
	strcpy(keep, first);
	spool_dir_append(&dir, 9, 10);
	path = keep;
	put(whole, size - 5);
	assert_int_equal(read_sound(&damaged, &partial), RECORDS - 1);
	assert_true(damaged);
	path = first;
}

/* The last record of a segment, from its end. */
static void last_record(void **state)
{
	struct spool_segments segments;
	struct segment s;
	int fd;

	(void)state;
	start_anew();
	put(whole, size);
	segments = spool_dir_segments(&dir);
	fd = spool_open_directory(dir.path);
	for (size_t len = starts[RECORDS - 1]; len < size; len += 3) {
		put(whole, len);
		assert_int_equal(segment_open(&s, fd, segments.firsts[0]), 0);
		assert_int_equal(segment_last(&s), SEGMENT_RECORD);
		assert_int_equal(spool_dir_count(&s.message), RECORDS - 2);
		assert_int_equal(s.offset, starts[RECORDS - 2]);
		segment_close(&s);
	}
	put(whole, 0);
	assert_int_equal(segment_open(&s, fd, segments.firsts[0]), 0);
	assert_int_equal(segment_last(&s), SEGMENT_END);
	segment_close(&s);
	put(whole, starts[1]);
	assert_int_equal(segment_open(&s, fd, segments.firsts[0]), 0);
	assert_int_equal(segment_last(&s), SEGMENT_RECORD);
	assert_int_equal(spool_dir_count(&s.message), 0);
	segment_close(&s);
	close(fd);
	spool_segments_free(&segments);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(torn_at_every_byte),
	    cmocka_unit_test(zeros_at_the_end),
	    cmocka_unit_test(every_bit),
	    cmocka_unit_test(records_out_of_order),
	    cmocka_unit_test(salvage),
	    cmocka_unit_test(torn_in_the_middle),
	    cmocka_unit_test(last_record),
	};

	msg_init("test_spool_damage");
	return cmocka_run_group_tests(tests, make, clean);
}
