/* What a service manager hears. */
#include "observe/notify.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

/* A manager's socket under an abstract name. */
static int listen_as(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
	                      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
	                 0);
	return fd;
}

/* The next datagram; "" for none. */
static const char *heard(int fd)
{
	static char text[1024];
	ssize_t len = recv(fd, text, sizeof(text) - 1, 0);

	text[len < 0 ? 0 : len] = '\0';
	return text;
}

static void nothing_without_a_manager(void **state)
{
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	setenv("WATCHDOG_USEC", "1000", 1);
	notify_init();
	notify_alive();
	notify_status("unheard");
	assert_true(notify_due() == INT64_MAX);
}

static void states(void **state)
{
	char name[64], long_text[400];
	int fd;

	(void)state;
	snprintf(name, sizeof(name), "@test_notify.%ld", (long)getpid());
	fd = listen_as(name);
	setenv("NOTIFY_SOCKET", name, 1);
	setenv("WATCHDOG_USEC", "40000000", 1);
	notify_init();
	assert_string_equal(heard(fd), "");

	notify_ready();
	notify_ready();
	assert_string_equal(heard(fd), "READY=1");
	assert_string_equal(heard(fd), "");

	notify_status("%d messages", 7);
	assert_string_equal(heard(fd), "STATUS=7 messages");
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	notify_status("%s", long_text);
	assert_int_equal(strlen(heard(fd)), strlen("STATUS=") + 255);

	assert_true(notify_due() <= clock_monotonic());
	notify_alive();
	notify_alive();
	assert_string_equal(heard(fd), "WATCHDOG=1");
	assert_string_equal(heard(fd), "");
	assert_true(notify_due() > clock_monotonic());
	assert_true(notify_due() <= clock_monotonic() + 10 * CLOCK_SECOND);

	notify_stopping();
	notify_stopping();
	assert_string_equal(heard(fd), "STOPPING=1");
	assert_string_equal(heard(fd), "");

	close(fd);
	notify_status("nobody is there"); /* neither blocks nor ends the process */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_without_a_manager),
	    cmocka_unit_test(states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
