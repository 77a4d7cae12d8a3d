#include "link/pg.h"

#include "base/msg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void transient_errors(void **state)
{
	static const char *const transient[] = {
	    "08000", "08006", "40001", "40P01", "53100", "53300", "55P03", "57P01",
	    "57P02", "57P03", "57P05", "25006", "25P03", "",	  NULL,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(transient) / sizeof(transient[0]); i++)
		assert_true(pg_is_transient(transient[i]));
}

static void permanent_errors(void **state)
{
	static const char *const permanent[] = {
	    "22003", "23505", "28P01", "3D000", "42P01",
	    "42501", "57014", "57P04", "55006", "XX000",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(permanent) / sizeof(permanent[0]); i++)
		assert_false(pg_is_transient(permanent[i]));
}

/* What pg_check_conninfo() does in a process of its own: its exit status, and what it says. */
static int check_conninfo(const char *conninfo, char *said, size_t size)
{
	int fds[2], status;
	ssize_t n;
	size_t len = 0;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		msg_init("test_pg");
		pg_check_conninfo("-d", conninfo);
		_exit(EX_OK);
	}
	close(fds[1]);
	while (len < size - 1 && (n = read(fds[0], said + len, size - 1 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void conninfo_accepted(void **state)
{
	static const char *const good[] = {
	    "",
	    "sensors",
	    "host=db.example port=5433 dbname=sensors user=ingest passfile=/etc/sensorpipe/pgpass",
	    "service=sensors",
	    "postgresql://ingest@db.example:5433,db2.example/sensors?sslmode=verify-full",
	    "password=''",
	};
	char said[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(check_conninfo(good[i], said, sizeof(said)), EX_OK);
		assert_string_equal(said, "");
	}
}

static void conninfo_with_secret_refused(void **state)
{
	static const char *const secret[] = {
	    "host=db password=hunter2",
	    "host=db sslpassword=hunter2",
	    "postgresql://me:hunter2@db/sensors",
	    "postgres://db/sensors?password=hunter2",
	};
	char said[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		assert_int_equal(check_conninfo(secret[i], said, sizeof(said)), EX_USAGE);
		assert_non_null(strstr(said, ".pgpass"));
		assert_null(strstr(said, "hunter2"));
	}
}

static void conninfo_malformed_refused(void **state)
{
	static const char *const malformed[] = {
	    "host=db password=hun ter2",
	    "password='hunter2",
	    "postgresql://me:hunter2@[::1/sensors",
	    "postgresql://me:hunter2@db/sensors?nonsense=1",
	};
	char said[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		assert_int_equal(check_conninfo(malformed[i], said, sizeof(said)), EX_USAGE);
		assert_null(strstr(said, "ter2"));
	}
	assert_int_equal(check_conninfo("hots=db", said, sizeof(said)), EX_USAGE);
	assert_non_null(strstr(said, "hots"));
}

static void unreachable_server(void **state)
{
	const char *why = NULL;

	(void)state;
	assert_null(pg_connect("host=/nonexistent port=1", &why));
	assert_non_null(strstr(why, "/nonexistent"));
	assert_null(strchr(why, '\n'));
	assert_string_equal(pg_connect_sqlstate(), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(transient_errors),
	    cmocka_unit_test(permanent_errors),
	    cmocka_unit_test(conninfo_accepted),
	    cmocka_unit_test(conninfo_with_secret_refused),
	    cmocka_unit_test(conninfo_malformed_refused),
	    cmocka_unit_test(unreachable_server),
	};

	msg_init("test_pg");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
