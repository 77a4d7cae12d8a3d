/* consumer: which names are taken, and what is written for a new one. */
#include "../child.h"

#include "../../../cmd/mqtt-replay/consumer.h"
#include "base/msg.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static struct child child;

static void names_are_checked(void **state)
{
	static const char *const wrong[] = {"", ".", "..", ".hidden", "a/b", "/", "a.tmp", ".tmp"};
	char longest[CONSUMER_NAME_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (!consumer_name_fault(wrong[i]))
			fail_msg("taken: '%s'", wrong[i]);
	assert_null(consumer_name_fault("plant-1"));
	assert_null(consumer_name_fault("tmp"));
	memset(longest, 'x', sizeof(longest));
	longest[CONSUMER_NAME_MAX] = '\0';
	assert_null(consumer_name_fault(longest));
	longest[CONSUMER_NAME_MAX] = 'x';
	longest[CONSUMER_NAME_MAX + 1] = '\0';
	assert_non_null(consumer_name_fault(longest));
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void get(const char *path, char text[64])
{
	FILE *file = fopen(path, "r");
	size_t len;

	assert_non_null(file);
	len = fread(text, 1, 63, file);
	text[len] = '\0';
	fclose(file);
}

static int in_directory(void **state)
{
	static char path[] = "/tmp/sp-consumer.XXXXXX";

	msg_set_quiet();
	*state = path;
	return mkdtemp(path) && chdir(path) == 0 && mkdir("spool", 0700) == 0 ? 0 : -1;
}

static int clean_up(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", (const char *)*state);
	return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void a_new_consumer_needs_all_there_is(void **state)
{
	char text[64];

	(void)state;
	assert_int_equal(consumer_checkpoint("spool", "early"), 0);
	put("spool/00000000000000001000.m1", "");
	put("spool/00000000000000002000.m1", "");
	assert_int_equal(consumer_checkpoint("spool", "late"), 999);
	get("spool/checkpoints/late", text);
	assert_string_equal(text, "999\n");
	get("spool/checkpoints/early", text);
	assert_string_equal(text, "0\n");
}

static void a_known_one_is_left_alone(void **state)
{
	char text[64];

	(void)state;
	put("spool/checkpoints/known", "1500\n");
	assert_int_equal(consumer_checkpoint("spool", "known"), 1500);
	get("spool/checkpoints/known", text);
	assert_string_equal(text, "1500\n");
}

static void ask_for(const void *name)
{
	consumer_checkpoint("spool", name);
}

static void what_is_no_number_is_an_error(void **state)
{
	(void)state;
	put("spool/checkpoints/broken", "15x\n");
	run_child(&child, ask_for, "broken");
	assert_int_equal(child.status, EX_DATAERR);
	assert_non_null(strstr(child.text, "'spool/checkpoints/broken': it is not a number"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_checked),
	    cmocka_unit_test(a_new_consumer_needs_all_there_is),
	    cmocka_unit_test(a_known_one_is_left_alone),
	    cmocka_unit_test(what_is_no_number_is_an_error),
	};

	return cmocka_run_group_tests(tests, in_directory, clean_up);
}
