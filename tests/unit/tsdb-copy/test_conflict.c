/* Values that come for one key: which is written, and what becomes of the readings of the others.
 */
#include "fixture.h"

#include "../../../cmd/tsdb-copy/attempt.h"

#include <math.h>

/* The attempt of a test, with its readings; its rows are not the fixture's. */
static struct attempt attempt;
static struct session session; /* without a connection */

static void begin(struct fixture *f, bool replace)
{
	give_ids(f);
	attempt.session = &session;
	attempt_begin(&attempt, &f->batch, 0, f->batch.count, replace, 7);
}

/* All keys were new. */
static void settle_new(struct fixture *f)
{
	attempt_all_written(&attempt);
	attempt_count_written(&attempt);
	attempt_settle(&attempt);
	assert_int_equal(f->batch.rows, rows_total(&attempt.rows));
}

/* The value that is written, where there is one number. */
static double number(const struct fixture *f)
{
	assert_int_equal(attempt.rows.numbers.count, 1);
	return f->batch.values[attempt.rows.numbers.keys[0].value].number;
}

/* One letter a reading: Stored, Duplicate, Rejected, open ('-'). */
static const char *outcomes(const struct fixture *f)
{
	static char letters[32];
	size_t i;

	for (i = 0; i < f->batch.count; i++)
		letters[i] = "-SDR"[f->batch.readings[i].outcome];
	letters[i] = '\0';
	return letters;
}

static const char *detail(const struct fixture *f, size_t rejection)
{
	const struct rejection *r = &f->batch.rejections[rejection];

	assert_true(rejection < f->batch.rejection_count);
	assert_string_equal(r->code, "conflict");
	assert_true(f->batch.readings[r->reading].conflict);
	return f->batch.details.ptr + r->detail_at;
}

static void equal_values_are_no_conflict(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1.50\tt=\"x\"");
	add(f, "2", 1, "s", "a=15e-1;3\tt=\"\\\\u0078\";4");
	begin(f, false);
	assert_false(rows_differ(&attempt.rows));
	assert_int_equal(attempt.watermark, 7);
	settle_new(f);
	assert_string_equal(outcomes(f), "SD");
}

static void the_first_value_is_kept(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1");
	add(f, "2", 1, "s", "a=2");
	add(f, "3", 1, "s", "a=1");
	add(f, "4", 1, "s", "a=3\tb=3");
	add(f, "5", 2, "s", "a=9");
	begin(f, false);
	/* Dead letters come first: no step may write the watermark. */
	assert_int_equal(attempt.watermark, 0);
	settle_new(f);
	assert_string_equal(outcomes(f), "SRDRS");
	assert_string_equal(detail(f, 0), "a: 1 is stored, not 2");
	assert_string_equal(detail(f, 1), "a: 1 is stored, not 3");
	assert_int_equal(f->batch.rows, 3); /* b of the rejected one too */
	assert_int_equal(attempt.rows.numbers.repeated_count, 4);
}

static void the_last_value_replaces(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1");
	add(f, "2", 1, "s", "a=2;3");
	add(f, "3", 1, "s", "a=2;4");
	begin(f, true);
	assert_int_equal(attempt.watermark, 7);
	assert_true(number(f) == 2);
	/* The one that brought the value, with its quality. */
	assert_int_equal(attempt.rows.numbers.keys[0].value, 1);
	settle_new(f);
	assert_string_equal(outcomes(f), "SSD");
	assert_false(f->batch.readings[0].conflict);
	assert_true(f->batch.readings[1].conflict);
	assert_false(f->batch.readings[2].conflict);
}

static void a_value_replaced_and_back(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1");
	add(f, "2", 1, "s", "a=2");
	add(f, "3", 1, "s", "a=1");
	begin(f, true);
	assert_true(number(f) == 1);
	assert_int_equal(attempt.rows.numbers.keys[0].value, 2);
	settle_new(f);
	assert_string_equal(outcomes(f), "SSS");
}

static void texts_conflict_by_their_bytes(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "t=\"on\"");
	add(f, "2", 1, "s", "t=\"on \"");
	add(f, "3", 1, "s", "t=\"\"");
	add(f, "4", 1, "s", "t=\"\\\\u006fn\"");
	begin(f, false);
	settle_new(f);
	assert_string_equal(outcomes(f), "SRRD");
	assert_string_equal(detail(f, 0), "t: \"on\" is stored, not \"on \"");
	assert_string_equal(detail(f, 1), "t: \"on\" is stored, not \"\"");
}

static void empty_texts_alone(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "t=\"\"");
	add(f, "2", 1, "s", "t=\"\"");
	begin(f, false);
	settle_new(f);
	assert_string_equal(outcomes(f), "SD");
}

/* They are rows of two tables. */
static void a_number_and_a_text_do_not_conflict(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1");
	add(f, "2", 1, "s", "a=\"1\"");
	begin(f, false);
	settle_new(f);
	assert_string_equal(outcomes(f), "SS");
	assert_int_equal(f->batch.rows, 2);
}

/* As float8 compares: 0 is -0, neighbours differ, and there is no NaN to be unequal to itself. */
static void numbers_compare_exactly(void **state)
{
	struct fixture *f = *state;
	struct record_error error;

	add(f, "1", 1, "s", "a=0");
	add(f, "2", 1, "s", "a=-0.0");
	add(f, "3", 2, "s", "a=0.1");
	add(f, "4", 2, "s", "a=0.10000000000000001");
	add(f, "5", 2, "s", "a=0.10000000000000002");
	assert_true(signbit(f->batch.values[1].number));
	begin(f, false);
	settle_new(f);
	assert_string_equal(outcomes(f), "SDSDR");
	assert_string_equal(detail(f, 0), "a: 0.1 is stored, not 0.10000000000000002");
	assert_int_equal(reading_parse(SLICE("r1\t1\t2026-01-01T00:00:00Z\t2026-01-01T00:00:00Z\tt"
	                                     "\ts\t1\ta=NaN"),
	                               &f->scratch, &f->reading, &error),
	                 -1);
}

static void a_reading_is_rejected_once(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1\tt=\"x\"\tb=2\tc=3");
	add(f, "2", 1, "s", "c=3\tt=\"y\"\tb=5\ta=4");
	begin(f, false);
	settle_new(f);
	assert_string_equal(outcomes(f), "SR");
	assert_int_equal(f->batch.rejection_count, 1);
	/* The first in the reading's own order, whatever table and key. */
	assert_string_equal(detail(f, 0),
	                    "t: \"x\" is stored, not \"y\"; 2 more of its metrics differ");
}

static void long_texts_are_shown_by_their_start(void **state)
{
	struct fixture *f = *state;
	struct buf metrics = {0};

	buf_append_string(&metrics, "t=\"");
	for (int i = 0; i < 100; i++)
		buf_append_string(&metrics, "\xc3\xa9");
	buf_append_string(&metrics, "\"");
	add(f, "1", 1, "s", "t=\"short\"");
	add(f, "2", 1, "s", buf_string(&metrics));
	begin(f, false);
	settle_new(f);
	assert_memory_equal(detail(f, 0), "t: \"short\" is stored, not \"\xc3\xa9", 29);
	assert_non_null(strstr(detail(f, 0), "\xc3\xa9\"... (200 bytes)"));
	assert_int_equal(strlen(detail(f, 0)), 27 + 50 * 2 + 16);
	buf_free(&metrics);
}

/* What a comparison with the table finds, given by hand. */
static void present_rows(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1");
	add(f, "2", 1, "s", "a=2");
	add(f, "3", 2, "s", "a=1\tb=1");
	begin(f, false);
	/* a at 1 s holds 2; a at 2 s is new; b at 2 s holds 1. */
	for (size_t i = 0; i < 3; i++)
		attempt.rows.numbers.keys[i].mark = ROW_PRESENT;
	conflict_with_number(&attempt.conflicts, 0, 2);
	conflict_with_number(&attempt.conflicts, 0, 2); /* compared once more */
	for (size_t i = 0; i < 3; i++)
		if (attempt.rows.numbers.keys[i].value == 2)
			attempt.rows.numbers.keys[i].mark = ROW_WRITTEN;
	assert_int_equal(attempt_watermark(&attempt), 0);
	attempt_count_written(&attempt);
	attempt_settle(&attempt);
	assert_string_equal(outcomes(f), "RDS");
	assert_string_equal(detail(f, 0), "a: 2 is stored, not 1");
	assert_int_equal(f->batch.rows, 1);
}

/* What others have put into the table can be any double, and any text. */
static void stored_values_of_others(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1");
	add(f, "2", 2, "s", "a=1");
	add(f, "3", 3, "s", "t=\"x\"");
	begin(f, false);
	conflict_with_number(&attempt.conflicts, 0, NAN);
	conflict_with_number(&attempt.conflicts, 1, -INFINITY);
	conflict_with_text(&attempt.conflicts, 2, SLICE("a\"b\n"), 1000);
	attempt_settle(&attempt);
	assert_string_equal(outcomes(f), "RRR");
	assert_string_equal(detail(f, 0), "a: nan is stored, not 1");
	assert_string_equal(detail(f, 1), "a: -inf is stored, not 1");
	assert_string_equal(detail(f, 2), "t: \"a\\\"b\\n\"... (1000 bytes) is stored, not \"x\"");
}

/* An attempt that failed leaves no conflict to the next, which finds its own. */
static void attempts_do_not_add_up(void **state)
{
	struct fixture *f = *state;

	add(f, "1", 1, "s", "a=1");
	add(f, "2", 1, "s", "a=2");
	begin(f, false);
	conflict_with_number(&attempt.conflicts, 0, 5);
	attempt.marked = true;
	begin(f, false);
	assert_int_equal(attempt.conflicts.count, 0);
	assert_false(attempt.marked);
	settle_new(f);
	assert_string_equal(outcomes(f), "SR");
	assert_int_equal(f->batch.rejection_count, 1);
	/* Settled readings are not tried again. */
	begin(f, false);
	assert_int_equal(rows_total(&attempt.rows), 0);
}

static int free_attempt(void **state)
{
	(void)state;
	attempt_free(&attempt);
	attempt = (struct attempt){0};
	return 0;
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    test(equal_values_are_no_conflict),
	    test(the_first_value_is_kept),
	    test(the_last_value_replaces),
	    test(a_value_replaced_and_back),
	    test(texts_conflict_by_their_bytes),
	    test(empty_texts_alone),
	    test(a_number_and_a_text_do_not_conflict),
	    test(numbers_compare_exactly),
	    test(a_reading_is_rejected_once),
	    test(long_texts_are_shown_by_their_start),
	    test(present_rows),
	    test(stored_values_of_others),
	    test(attempts_do_not_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, free_attempt);
}
