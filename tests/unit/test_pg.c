#include "link/pg.h"

#include "base/msg.h"
#include "child.h"
#include "unit.h"

#include <string.h>

static void transient_errors(void **state)
{
	static const char *const transient[] = {
	    "08000", "08006", "40001", "40P01", "53100", "53300", "55P03", "57P01",
	    "57P02", "57P03", "57P05", "25006", "25P03", "",      NULL,
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

static void check_body(const void *conninfo)
{
	msg_init("test_pg");
	pg_check_conninfo("-d", conninfo);
}

/* What pg_check_conninfo() does in a process of its own. */
static struct child check_conninfo(const char *conninfo)
{
	struct child child;

	run_child(&child, check_body, conninfo);
	return child;
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

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct child child = check_conninfo(good[i]);

		assert_int_equal(child.status, EX_OK);
		assert_string_equal(child.text, "");
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

	(void)state;
	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		struct child child = check_conninfo(secret[i]);

		assert_int_equal(child.status, EX_USAGE);
		assert_non_null(strstr(child.text, ".pgpass"));
		assert_null(strstr(child.text, "hunter2"));
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
	struct child child;

	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		child = check_conninfo(malformed[i]);
		assert_int_equal(child.status, EX_USAGE);
		assert_null(strstr(child.text, "ter2"));
	}
	child = check_conninfo("hots=db");
	assert_int_equal(child.status, EX_USAGE);
	assert_non_null(strstr(child.text, "hots"));
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
