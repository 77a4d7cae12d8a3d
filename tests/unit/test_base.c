/* buf, msg, opt and out: growth, diagnostics, option values, and what ends a process. */
#include "child.h"

#include "base/msg.h"
#include "base/opt.h"
#include "stream/out.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static struct child child;

static void slices_are_equal_by_every_byte(void **state)
{
	char text[] = "names of up to thirty characters", other[sizeof(text)];

	(void)state;
	assert_true(slice_equal((struct slice){0}, SLICE("")));
	for (size_t len = 1; len < sizeof(text); len++) {
		struct slice a = exact_copy((struct slice){text, len}), b;

		for (size_t i = 0; i < len; i++) {
			memcpy(other, text, sizeof(text));
			other[i] ^= 0x20;
			assert_false(slice_equal(a, (struct slice){other, len}));
		}
		b = exact_copy((struct slice){text, len});
		assert_true(slice_equal(a, b));
		b.len--;
		assert_false(slice_equal(a, b));
		exact_free(b);
		exact_free(a);
	}
}

static void buffers_grow(void **state)
{
	struct buf b = {0};

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_putc(&b, (char)('a' + i % 26));
	assert_int_equal(b.len, 100000);
	assert_int_equal(b.ptr[99999], 'a' + 99999 % 26);
	buf_clear(&b);
	buf_append_u64(&b, 0);
	buf_putc(&b, ' ');
	buf_append_u64(&b, UINT64_MAX);
	buf_printf(&b, " %s %d", "text", -5);
	assert_string_equal(buf_string(&b), "0 18446744073709551615 text -5");
	buf_clear(&b);
	buf_printf(&b, "%2000d", 7);
	assert_int_equal(b.len, 2000);
	assert_int_equal(b.ptr[1999], '7');
	buf_free(&b);
	assert_int_equal(b.cap, 0);
}

static void warn(const void *arg)
{
	msg_init("tool");
	msg_at("stdin", 7, "a bad '%s'", (const char *)arg);
}

static void messages_are_harmless_lines(void **state)
{
	(void)state;
	run_child(&child, warn, "name");
	assert_string_equal(child.text, "tool: stdin:7: a bad 'name'\n");
	run_child(&child, warn, "\x1b[2J\n\xff gr\xc3\xbc\xc3\x9f \xc2\x9b");
	assert_string_equal(
	    child.text,
	    "tool: stdin:7: a bad '\\x1b[2J\\x0a\\xff gr\xc3\xbc\xc3\x9f \\xc2\\x9b'\n");
}

static void messages_are_bounded(void **state)
{
	static char text[10 * MSG_MAX];

	(void)state;
	memset(text, '\x01', sizeof(text) - 1);
	run_child(&child, warn, text);
	assert_in_range(strlen(child.text), MSG_MAX - 10, MSG_MAX);
	assert_int_equal(child.text[strlen(child.text) - 1], '\n');
}

static void die(const void *arg)
{
	(void)arg;
	msg_set_quiet();
	msg_info("not to be seen");
	msg_die(EX_CONFIG, "the end");
}

static void dying_gives_the_status(void **state)
{
	(void)state;
	run_child(&child, die, NULL);
	assert_int_equal(child.status, 78);
	assert_string_equal(child.text, "sensorpipe: the end\n");
}

static void reads_numbers_and_sizes(void **state)
{
	static const char *const words[] = {"auto", "left", NULL};

	(void)state;
	assert_int_equal(opt_u64("-n", "0", 0, 9), 0);
	assert_true(opt_u64("-n", "18446744073709551615", 0, UINT64_MAX) == UINT64_MAX);
	assert_true(opt_double("-n", "2.5e-1", 0, 1) == 0.25);
	assert_int_equal(opt_bytes("-n", "3", 1, 4), 3);
	assert_int_equal(opt_bytes("-n", "64K", 1, 1 << 20), 65536);
	assert_int_equal(opt_bytes("-n", "2G", 1, UINT64_MAX), INT64_C(2) << 30);
	assert_int_equal(opt_choice("-n", "left", words), 1);
}

static void take_u64(const void *arg)
{
	opt_u64("--count", arg, 1, 10);
}

static void take_double(const void *arg)
{
	opt_double("--share", arg, 0, 1);
}

static void take_bytes(const void *arg)
{
	opt_bytes("--size", arg, 1, 1 << 20);
}

static void take_choice(const void *arg)
{
	static const char *const words[] = {"auto", "left", NULL};

	opt_choice("--side", arg, words);
}

static void refuse(void (*take)(const void *), const char *const values[], const char *says)
{
	for (; *values; values++) {
		run_child(&child, take, *values);
		if (child.status != EX_USAGE)
			fail_msg("'%s': status %d", *values, child.status);
		assert_non_null(strstr(child.text, says));
	}
}

static void refuses_other_values(void **state)
{
	static const char *const numbers[] = {
	    "", "0", "11", "-1", "+1", "1x", " 1", "1.0", "x", "18446744073709551617", NULL};
	static const char *const doubles[] = {"",     "nan",  "inf",   "1.1",
	                                      "-0.1", "0.5x", "1e999", NULL};
	static const char *const sizes[] = {
	    "", "0", "2M", "1T", "K", "1KB", "18446744073709551615G", NULL};
	static const char *const choices[] = {"", "Auto", "right", "lef", NULL};

	(void)state;
	refuse(take_u64, numbers, "--count '");
	refuse(take_double, doubles, "--share '");
	refuse(take_bytes, sizes, "--size '");
	refuse(take_choice, choices, "not one of: auto, left");
}

static char secret_path[] = "/tmp/sp-secret.XXXXXX";

static void write_secret(const char *text, size_t len)
{
	int fd = open(secret_path, O_WRONLY | O_TRUNC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static void take_secret(const void *arg)
{
	struct buf secret = {0};

	opt_secret_file("--password-file", secret_path, &secret);
	if (!slice_is(buf_slice(&secret), arg))
		_exit(1);
	opt_wipe(&secret);
	if (secret.ptr || secret.len)
		_exit(2);
}

static void reads_secrets_from_files_only(void **state)
{
	int fd = mkstemp(secret_path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	write_secret("hunter2 \n", 9);
	run_child(&child, take_secret, "hunter2 ");
	assert_int_equal(child.status, 0);
	assert_string_equal(child.text, "");

	assert_int_equal(chmod(secret_path, 0644), 0);
	run_child(&child, take_secret, "hunter2 ");
	assert_int_equal(child.status, 0);
	assert_non_null(strstr(child.text, "open to others"));
	assert_null(strstr(child.text, "hunter2"));

	write_secret("\n", 1);
	run_child(&child, take_secret, "");
	assert_int_equal(child.status, EX_NOINPUT);
	unlink(secret_path);
	run_child(&child, take_secret, "");
	assert_int_equal(child.status, EX_NOINPUT);
}

static void write_to(const void *path)
{
	struct out o;

	msg_init("tool");
	signal(SIGPIPE, SIG_IGN);
	out_init(&o, open(path, O_WRONLY), "stdout");
	buf_append_string(&o.buf, "text\n");
	out_close(&o);
}

static void write_to_broken_pipe(const void *arg)
{
	int ends[2];
	struct out o;

	(void)arg;
	msg_init("tool");
	signal(SIGPIPE, SIG_IGN);
	if (pipe(ends) < 0)
		_exit(1);
	close(ends[0]);
	out_init(&o, ends[1], "stdout");
	buf_append_string(&o.buf, "text\n");
	out_flush(&o);
}

static void failed_output_ends_the_process(void **state)
{
	(void)state;
	run_child(&child, write_to, "/dev/full");
	assert_int_equal(child.status, EX_IOERR);
	assert_string_equal(child.text, "tool: stdout: No space left on device\n");
	run_child(&child, write_to_broken_pipe, NULL);
	assert_int_equal(child.status, EX_IOERR);
	assert_string_equal(child.text, "tool: stdout: Broken pipe\n");
	run_child(&child, write_to, "/dev/null");
	assert_int_equal(child.status, 0);
}

/* Names as sensors have them, which differ in a digit or two somewhere: few share a slot. */
static void hashes_spread(void **state)
{
	static const char *const around[][2] = {{"channel_", ""},
	                                        {"", ""},
	                                        {"s", ".temperature"},
	                                        {"plant.", ".motor.current"},
	                                        {"a_rather_long_name_", ""},
	                                        {"", "_a_rather_long_name"}};
	enum { NAMES = 1000, SLOTS = 4096 };

	(void)state;
	for (size_t f = 0; f < sizeof(around) / sizeof(*around); f++) {
		static unsigned char used[SLOTS];
		unsigned shared = 0;

		memset(used, 0, sizeof(used));
		for (unsigned i = 0; i < NAMES; i++) {
			char name[64];

			snprintf(name, sizeof(name), "%s%03u%s", around[f][0], i, around[f][1]);
			shared += used[slice_hash(slice_of(name)) % SLOTS]++ > 0;
		}
		assert_true(shared < 200); /* by chance it is 113 */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(slices_are_equal_by_every_byte),
	    cmocka_unit_test(buffers_grow),
	    cmocka_unit_test(hashes_spread),
	    cmocka_unit_test(messages_are_harmless_lines),
	    cmocka_unit_test(messages_are_bounded),
	    cmocka_unit_test(dying_gives_the_status),
	    cmocka_unit_test(reads_numbers_and_sizes),
	    cmocka_unit_test(refuses_other_values),
	    cmocka_unit_test(reads_secrets_from_files_only),
	    cmocka_unit_test(failed_output_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
