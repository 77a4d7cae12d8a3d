/* How far the database is behind: what a look at it says, and the exit status it deserves. */
#include "../../../cmd/tsdb-admin/lag_text.h"
#include "../unit.h"

#include "base/msg.h"

/* Two messages behind, the older one for 65.25 seconds. */
static const struct lag behind = {
    .now = INT64_C(1700000100000000),
    .committed = {.status = EX_OK, .seq = 1000},
    .has_checkpoint = true,
    .checkpoint = 998,
    .known = true,
    .backlog = {.head = 5001,
                .head_received = INT64_C(1700000090000000),
                .messages = 2,
                .oldest = INT64_C(1700000034750000),
                .segments = 3,
                .bytes = 1500000},
};

static const struct lag_options no_limits = {.max_age = INT64_MAX, .max_messages = UINT64_MAX};

static void limits(void **state)
{
	struct lag_options o = no_limits;

	(void)state;
	assert_int_equal(lag_age(&behind), 65250000);
	assert_int_equal(lag_status(&behind, &o), EX_OK);
	o.max_messages = 2;
	o.max_age = 65250000;
	assert_int_equal(lag_status(&behind, &o), EX_OK);
	o.max_messages = 1;
	assert_int_equal(lag_status(&behind, &o), EX_TEMPFAIL);
	o.max_messages = 2;
	o.max_age = 65249999;
	assert_int_equal(lag_status(&behind, &o), EX_TEMPFAIL);
}

/* What is wrong with the database or the spool comes before the limits. */
static void statuses(void **state)
{
	struct lag_options o = {.max_age = 0, .max_messages = 0};
	struct lag lag = behind;

	(void)state;
	lag.committed.status = EX_UNAVAILABLE;
	assert_int_equal(lag_status(&lag, &o), EX_UNAVAILABLE);
	lag = behind;
	lag.ahead = true;
	assert_int_equal(lag_status(&lag, &o), EX_DATAERR);
	lag = behind;
	lag.backlog.missing = 1500;
	assert_int_equal(lag_status(&lag, &o), EX_DATAERR);
}

static void no_age_when_nothing_is_behind_or_the_clock_was_set_back(void **state)
{
	struct lag lag = behind;

	(void)state;
	lag.backlog.oldest = 0;
	assert_int_equal(lag_age(&lag), 0);
	lag.backlog.oldest = lag.now + 1;
	assert_int_equal(lag_age(&lag), 0);
}

static void sources(void **state)
{
	(void)state;
	assert_null(lag_source_fault("worker-1"));
	assert_non_null(lag_source_fault(""));
	assert_non_null(lag_source_fault(".hidden"));
	assert_non_null(lag_source_fault("../x"));
	assert_non_null(lag_source_fault("a/b"));
	assert_non_null(lag_source_fault("a\tb"));
}

static void check_page(const struct lag *lag, const char *expected)
{
	struct buf b = {0};

	lag_append_page(&b, lag, "worker-1");
	assert_string_equal(buf_string(&b), expected);
	buf_free(&b);
}

static void page(void **state)
{
	struct lag lag = behind;

	(void)state;
	check_page(&lag, "source      worker-1\n"
	                 "head        5001, received 2023-11-14T22:14:50.000000Z, 10 s ago\n"
	                 "committed   1000\n"
	                 "checkpoint  998\n"
	                 "behind      2 messages, 1 min 5 s\n"
	                 "spool       3 segments, 1.5 MB\n");
	lag.backlog.messages = lag.backlog.segments = 1;
	check_page(&lag, "source      worker-1\n"
	                 "head        5001, received 2023-11-14T22:14:50.000000Z, 10 s ago\n"
	                 "committed   1000\n"
	                 "checkpoint  998\n"
	                 "behind      1 message, 1 min 5 s\n"
	                 "spool       1 segment, 1.5 MB\n");
	/* The database is away and nothing was ever stored. */
	lag.committed.status = EX_UNAVAILABLE;
	lag.has_checkpoint = lag.known = false;
	lag.backlog.head_received = 0;
	check_page(&lag, "source      worker-1\n"
	                 "head        5001\n"
	                 "committed   -\n"
	                 "checkpoint  -\n"
	                 "behind      -\n"
	                 "spool       1 segment, 1.5 MB\n");
}

static void lines(void **state)
{
	struct buf b = {0};
	struct lag lag = behind;

	(void)state;
	lag_append_line(&b, &lag, true);
	lag.committed.status = EX_UNAVAILABLE;
	lag.known = false;
	lag_append_line(&b, &lag, false);
	assert_string_equal(buf_string(&b), "time                                         head     "
	                                    "        committed      messages  age\n"
	                                    "2023-11-14T22:15:00.000000Z                  5001     "
	                                    "             1000             2  1 min 5 s\n"
	                                    "2023-11-14T22:15:00.000000Z                  5001     "
	                                    "                -             -  -\n");
	buf_free(&b);
}

static void json(void **state)
{
	struct buf b = {0};
	struct lag lag = behind;

	(void)state;
	lag_append_json(&b, &lag, "wor\"ker");
	assert_string_equal(
	    buf_string(&b),
	    "{\"source\":\"wor\\\"ker\",\"time\":\"2023-11-14T22:15:00.000000Z\","
	    "\"head\":5001,\"head_received\":\"2023-11-14T22:14:50.000000Z\","
	    "\"committed\":1000,\"checkpoint\":998,\"behind_messages\":2,"
	    "\"behind_seconds\":65.250000,"
	    "\"oldest_received\":\"2023-11-14T22:13:54.750000Z\","
	    "\"missing_up_to\":null,\"spool_segments\":3,\"spool_bytes\":1500000}\n");
	buf_clear(&b);
	lag = (struct lag){.now = behind.now, .committed = {.status = EX_UNAVAILABLE}};
	lag_append_json(&b, &lag, "w");
	assert_string_equal(buf_string(&b),
	                    "{\"source\":\"w\",\"time\":\"2023-11-14T22:15:00.000000Z\","
	                    "\"head\":null,\"head_received\":null,"
	                    "\"committed\":null,\"checkpoint\":null,\"behind_messages\":null,"
	                    "\"behind_seconds\":null,\"oldest_received\":null,"
	                    "\"missing_up_to\":null,\"spool_segments\":0,\"spool_bytes\":0}\n");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(limits),
	    cmocka_unit_test(statuses),
	    cmocka_unit_test(no_age_when_nothing_is_behind_or_the_clock_was_set_back),
	    cmocka_unit_test(sources),
	    cmocka_unit_test(page),
	    cmocka_unit_test(lines),
	    cmocka_unit_test(json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
