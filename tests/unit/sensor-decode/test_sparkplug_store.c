#include "../unit.h"

#include "../../../cmd/sensor-decode/sparkplug/sparkplug_store.h"
#include "../child.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

static char directory[] = "/tmp/sparkplug.XXXXXX", path[sizeof(directory) + 8];
static struct buf given; /* "SEQ:TOPIC " of each message that was restored */

static void keep(struct sparkplug_store *s, uint64_t seq, const char *topic)
{
	const struct message m = {
	    .seq = seq, .topic = slice_of(topic), .payload = SLICE("\x18\x01")};

	sparkplug_store_append(s, &m);
}

static void give(void *self, const struct message *m)
{
	assert_ptr_equal(self, &given);
	assert_slice(m->payload, "\x18\x01");
	buf_printf(&given, "%d:%.*s ", (int)m->seq, (int)m->topic.len - 8, m->topic.ptr + 8);
}

/* Opens the directory and restores. */
static const char *restore(struct sparkplug_store *s, uint64_t before)
{
	buf_clear(&given);
	sparkplug_store_open(s, directory);
	sparkplug_store_restore(s, before, give, &given);
	return buf_string(&given);
}

static size_t file_size(void)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (size_t)st.st_size;
}

static void append_bytes(const char *bytes)
{
	int fd = open(path, O_WRONLY | O_APPEND);

	assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
	close(fd);
}

static int set_up(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

static void gives_what_was_kept(void **state)
{
	struct sparkplug_store s;

	(void)state;
	assert_string_equal(restore(&s, 5), "");
	keep(&s, 5, "spBv1.0/g/NBIRTH/n");
	keep(&s, 6, "spBv1.0/g/DBIRTH/n/d");
	assert_int_equal(file_size(), 0);
	out_flush(&s.out);
	assert_int_equal(file_size(), s.size);
	sparkplug_store_close(&s, SLICE(""));
	assert_string_equal(restore(&s, 0), "5:g/NBIRTH/n 6:g/DBIRTH/n/d ");
	sparkplug_store_close(&s, SLICE(""));
}

/* What a replay brings again is cut off. */
static void gives_what_was_before(void **state)
{
	struct sparkplug_store s;

	(void)state;
	restore(&s, 1);
	keep(&s, 5, "spBv1.0/g/NBIRTH/n");
	keep(&s, 9, "spBv1.0/g/NDEATH/n");
	keep(&s, 12, "spBv1.0/g/NBIRTH/n");
	sparkplug_store_close(&s, SLICE(""));
	assert_string_equal(restore(&s, 9), "5:g/NBIRTH/n ");
	keep(&s, 9, "spBv1.0/g/NDEATH/n");
	sparkplug_store_close(&s, SLICE(""));
	assert_string_equal(restore(&s, 100), "5:g/NBIRTH/n 9:g/NDEATH/n ");
	sparkplug_store_close(&s, SLICE(""));
}

/* The numbers of last messages hold for one start. */
static void gives_the_state_once(void **state)
{
	struct buf line = {0};
	const struct message last = {
	    .seq = 7, .topic = SLICE("spBv1.0/g/NDATA/n"), .payload = SLICE("\x18\x01")};
	struct sparkplug_store s;

	(void)state;
	message_append(&line, &last);
	restore(&s, 1);
	keep(&s, 5, "spBv1.0/g/NBIRTH/n");
	sparkplug_store_close(&s, buf_slice(&line));
	assert_string_equal(restore(&s, 8), "5:g/NBIRTH/n 7:g/NDATA/n ");
	sparkplug_store_close(&s, SLICE(""));
	assert_string_equal(restore(&s, 8), "5:g/NBIRTH/n ");
	sparkplug_store_close(&s, SLICE(""));
	buf_free(&line);
}

static void leaves_out_a_torn_line(void **state)
{
	struct sparkplug_store s;
	size_t size;

	(void)state;
	restore(&s, 1);
	keep(&s, 5, "spBv1.0/g/NBIRTH/n");
	sparkplug_store_close(&s, SLICE(""));
	size = file_size();
	append_bytes("m1\t6\t2026-");
	assert_string_equal(restore(&s, 0), "5:g/NBIRTH/n ");
	assert_int_equal(file_size(), size);
	sparkplug_store_close(&s, SLICE(""));
}

static void replaces_a_large_file(void **state)
{
	struct sparkplug_store s;

	(void)state;
	restore(&s, 1);
	s.large = 1;
	keep(&s, 1, "spBv1.0/g/NBIRTH/n");
	keep(&s, 2, "spBv1.0/g/DBIRTH/n/d");
	keep(&s, 3, "spBv1.0/g/DBIRTH/n/e");
	keep(&s, 4, "spBv1.0/g/NBIRTH/m");
	keep(&s, 5, "spBv1.0/g/DBIRTH/m/d");
	assert_int_equal(s.large, SPARKPLUG_STORE_LARGE);
	keep(&s, 6, "spBv1.0/g/DDEATH/n/d");
	keep(&s, 7, "spBv1.0/g/NDEATH/m");
	keep(&s, 8, "spBv1.0/g/DBIRTH/n/e");
	s.large = 1;
	keep(&s, 9, "spBv1.0/g/NBIRTH/o");
	keep(&s, 10, "spBv1.0/g/DBIRTH/o/d");
	sparkplug_store_close(&s, SLICE(""));
	assert_string_equal(restore(&s, 0),
	                    "1:g/NBIRTH/n 8:g/DBIRTH/n/e 9:g/NBIRTH/o 10:g/DBIRTH/o/d ");
	sparkplug_store_close(&s, SLICE(""));
}

static void restore_in_child(const void *unused)
{
	struct sparkplug_store s;

	(void)unused;
	restore(&s, 0);
}

static void names_damage(void **state)
{
	struct sparkplug_store s;
	struct child child;

	(void)state;
	restore(&s, 1);
	keep(&s, 5, "spBv1.0/g/NBIRTH/n");
	sparkplug_store_close(&s, SLICE(""));
	append_bytes("junk\n");
	run_child(&child, restore_in_child, NULL);
	assert_int_equal(child.status, EX_DATAERR);
	assert_non_null(strstr(child.text, "births' is damaged at offset "));
}

static void is_used_by_one(void **state)
{
	struct sparkplug_store s;
	struct child child;

	(void)state;
	sparkplug_store_open(&s, directory);
	run_child(&child, restore_in_child, NULL);
	assert_int_equal(child.status, EX_TEMPFAIL);
	sparkplug_store_close(&s, SLICE(""));
}

static int make_directory(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/births", directory);
	return 0;
}

static int remove_directory(void **state)
{
	(void)state;
	buf_free(&given);
	unlink(path);
	return rmdir(directory);
}

#define test(function) cmocka_unit_test_setup(function, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    test(gives_what_was_kept),    test(gives_what_was_before), test(gives_the_state_once),
	    test(leaves_out_a_torn_line), test(replaces_a_large_file), test(names_damage),
	    test(is_used_by_one),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
