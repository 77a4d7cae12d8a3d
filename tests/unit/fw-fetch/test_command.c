/* command: how it is started, how it ends, and what is left of it. */
#include "../unit.h"

#include "../../../cmd/fw-fetch/command.h"

#include "base/stop.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/sp-command-XXXXXX";
static char program[sizeof(directory) + 16];
static struct command command;
static char reason[128];

static int begin_all(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(program, sizeof(program), "%s/install", directory);
	command_init(&command);
	return 0;
}

static int end_all(void **state)
{
	(void)state;
	unlink(program);
	return rmdir(directory);
}

/* Starts this script as the command. */
static void start(const char *script, int64_t timeout, int inherited)
{
	struct command_options o = {.program = program,
	                            .image = "/images/1.0.bin",
	                            .version = "1.0",
	                            .timeout = timeout,
	                            .inherited = inherited};
	FILE *file = fopen(program, "w");

	fprintf(file, "#!/bin/sh\n%s\n", script);
	fclose(file);
	chmod(program, 0755);
	assert_int_equal(command_start(&command, &o), 0);
}

/* Waits for its end, as long as it may take. */
static enum command_end end_of_it(void)
{
	struct pollfd pfd = {.fd = command.fd, .events = POLLIN};
	enum command_end end;

	reason[0] = '\0';
	while ((end = command_ended(&command, reason, sizeof(reason))) == COMMAND_RUNNING)
		poll(&pfd, 1, 10);
	assert_int_equal(command.fd, -1);
	assert_int_equal(command.deadline, INT64_MAX);
	return end;
}

enum { LONG = 60000000 };

static void it_gets_image_and_version_and_little_else(void **state)
{
	(void)state;
	setenv("SECRET", "x", 1);
	start("[ \"$1\" = /images/1.0.bin ] && [ \"$2\" = 1.0 ] && [ $# = 2 ] || exit 1\n"
	      "[ -z \"$SECRET\" ] && [ \"$LC_ALL\" = C.UTF-8 ] && [ -n \"$PATH\" ] || exit 2\n"
	      "read line && exit 3\n"
	      "[ /proc/self/fd/1 -ef /proc/self/fd/2 ] || exit 4\n"
	      "for n in 3 4 5 6 7 8 9; do [ /dev/null -ef /proc/$$/fd/$n ] && exit 5; done; exit 0",
	      LONG, STDERR_FILENO);
	assert_int_equal(end_of_it(), COMMAND_SUCCEEDED);
}

static void its_status_and_its_signal_are_told(void **state)
{
	(void)state;
	start("exit 3", LONG, STDERR_FILENO);
	assert_int_equal(end_of_it(), COMMAND_FAILED);
	assert_string_equal(reason, "command: exit status 3");
	start("kill -SEGV $$", LONG, STDERR_FILENO);
	assert_int_equal(end_of_it(), COMMAND_FAILED);
	assert_string_equal(reason, "command: ended by signal 11");
	start("kill -TERM $$", LONG, STDERR_FILENO);
	assert_int_equal(end_of_it(), COMMAND_INTERRUPTED);
	assert_string_equal(reason, "command: ended by signal 15");
	start("sh -c 'kill -TERM $$'; exit $?", LONG, STDERR_FILENO);
	assert_int_equal(end_of_it(), COMMAND_INTERRUPTED);
	assert_string_equal(reason, "command: exit status 143");
	start("exit 139", LONG, STDERR_FILENO); /* what it waited for crashed */
	assert_int_equal(end_of_it(), COMMAND_FAILED);
}

static void what_cannot_be_executed_has_a_status(void **state)
{
	struct command_options o = {
	    .program = directory, .image = "", .version = "", .timeout = LONG};

	(void)state;
	assert_int_equal(command_start(&command, &o), 0);
	assert_int_equal(end_of_it(), COMMAND_FAILED);
	assert_string_equal(reason, "command: exit status 127");
}

/* As a parent leaves it who does not want to wait for its children. */
static void its_end_is_seen_though_it_was_ignored(void **state)
{
	(void)state;
	signal(SIGCHLD, SIG_IGN);
	command_init(&command);
	start("exit 3", LONG, STDERR_FILENO);
	assert_int_equal(poll(&(struct pollfd){.fd = command.fd, .events = POLLIN}, 1, 60000), 1);
	assert_int_equal(command_ended(&command, reason, sizeof(reason)), COMMAND_FAILED);
	assert_string_equal(reason, "command: exit status 3");
}

/* "Blk" or "Ign": none of its signals are so, but for 32 and 33, the C library's own, which nobody
 * can set: posix_spawn(3), by which make(1) starts what runs this, leaves them ignored. */
static void expect_no_signals(const char *kind)
{
	char script[128];

	snprintf(script, sizeof(script),
	         "exec grep -qE '^Sig%s:[[:space:]]*0+(180000000)?$' /proc/self/status", kind);
	start(script, LONG, STDERR_FILENO);
	assert_int_equal(end_of_it(), COMMAND_SUCCEEDED);
}

/* Whatever the tool was started with. */
static void its_signals_are_as_by_default(void **state)
{
	sigset_t set;

	(void)state;
	signal(SIGQUIT, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	expect_no_signals("Blk");
	expect_no_signals("Ign");
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGQUIT, SIG_DFL);
}

static bool strikes;

static void strike(void)
{
	if (strikes)
		raise(SIGTERM);
}

/* A signal that finds the child before it is the program ends it, and is not taken for one of the
 * tool's. */
static void a_signal_while_it_is_started_is_its_own(void **state)
{
	(void)state;
	stop_init();
	assert_int_equal(pthread_atfork(NULL, NULL, strike), 0);
	strikes = true;
	start("exit 0", LONG, STDERR_FILENO);
	strikes = false;
	assert_int_equal(end_of_it(), COMMAND_INTERRUPTED);
	assert_int_equal(poll(&(struct pollfd){.fd = stop_fd(), .events = POLLIN}, 1, 0), 0);
	assert_false(stop_requested());
}

/* Over its time: it goes, and what it started with it. */
static void its_whole_group_is_killed(void **state)
{
	int ends[2];
	char byte;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	start("sleep 1000 & wait", 50000, ends[1]);
	close(ends[1]);
	assert_int_equal(end_of_it(), COMMAND_FAILED);
	assert_string_equal(reason, "command: killed, over its time");
	assert_int_equal(read(ends[0], &byte, 1), 0); /* nobody has the other end */
	close(ends[0]);
}

static void it_keeps_the_lock(void **state)
{
	int lock = open(directory, O_RDONLY | O_CLOEXEC), other = open(directory, O_RDONLY);

	(void)state;
	assert_int_equal(flock(lock, LOCK_EX | LOCK_NB), 0);
	start("sleep 1000", LONG, lock);
	close(lock);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
	command.deadline = 0;
	assert_int_equal(end_of_it(), COMMAND_FAILED);
	assert_string_equal(reason, "command: killed, over its time");
	assert_int_equal(flock(other, LOCK_EX), 0);
	close(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_gets_image_and_version_and_little_else),
	    cmocka_unit_test(its_status_and_its_signal_are_told),
	    cmocka_unit_test(what_cannot_be_executed_has_a_status),
	    cmocka_unit_test(its_end_is_seen_though_it_was_ignored),
	    cmocka_unit_test(its_signals_are_as_by_default),
	    cmocka_unit_test(a_signal_while_it_is_started_is_its_own),
	    cmocka_unit_test(its_whole_group_is_killed),
	    cmocka_unit_test(it_keeps_the_lock),
	};

	return cmocka_run_group_tests(tests, begin_all, end_all);
}
