/* The bytes of COPY BINARY and of arrays, as the PostgreSQL manual describes them. */
#include "../unit.h"

#include "../../../cmd/tsdb-copy/encode.h"

#include <float.h>

#define assert_bytes(b, literal)                                             \
	do {                                                                 \
		assert_int_equal((b)->len, sizeof(literal) - 1);             \
		assert_memory_equal((b)->ptr, literal, sizeof(literal) - 1); \
	} while (0)

static void copy_frame(void **state)
{
	struct buf b = {0};

	(void)state;
	encode_copy_begin(&b);
	assert_bytes(&b, "PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
	buf_clear(&b);
	encode_copy_end(&b);
	assert_bytes(&b, "\xff\xff");
	buf_free(&b);
}

static void number_row(void **state)
{
	/* One microsecond after 2000-01-01. */
	struct row_head head = {PG_EPOCH + 1, 0x01020304, 0x0506, 4};
	struct buf b = {0};

	(void)state;
	encode_copy_number(&b, &head, 1.0);
	assert_bytes(&b, "\0\5"
	                 "\0\0\0\x8\0\0\0\0\0\0\0\1"
	                 "\0\0\0\x8\x3f\xf0\0\0\0\0\0\0"
	                 "\0\0\0\4\1\2\3\4"
	                 "\0\0\0\2\5\6"
	                 "\0\0\0\2\0\4");
	buf_free(&b);
}

static void text_row(void **state)
{
	/* Before 2000-01-01: negative. */
	struct row_head head = {PG_EPOCH - 1, 1, 2, 1};
	struct buf b = {0};

	(void)state;
	encode_copy_text(&b, &head, SLICE("on"));
	assert_bytes(&b, "\0\5"
	                 "\0\0\0\x8\xff\xff\xff\xff\xff\xff\xff\xff"
	                 "\0\0\0\2on"
	                 "\0\0\0\4\0\0\0\1"
	                 "\0\0\0\2\0\2"
	                 "\0\0\0\2\0\1");
	buf_free(&b);
}

static void arrays(void **state)
{
	struct buf b = {0};

	(void)state;
	encode_array_begin(&b, OID_TEXT, 3);
	encode_element_text(&b, SLICE("ab"));
	encode_element_null(&b);
	encode_element_text(&b, SLICE(""));
	assert_bytes(&b, "\0\0\0\1\0\0\0\1\0\0\0\x19\0\0\0\3\0\0\0\1"
	                 "\0\0\0\2ab\xff\xff\xff\xff\0\0\0\0");
	buf_clear(&b);
	encode_element_i16(&b, -2);
	encode_element_i32(&b, -2);
	encode_element_time(&b, PG_EPOCH + 256);
	encode_element_f64(&b, -DBL_MAX);
	assert_bytes(&b, "\0\0\0\2\xff\xfe"
	                 "\0\0\0\4\xff\xff\xff\xfe"
	                 "\0\0\0\x8\0\0\0\0\0\0\1\0"
	                 "\0\0\0\x8\xff\xef\xff\xff\xff\xff\xff\xff");
	buf_free(&b);
}

static void values_come_back(void **state)
{
	(void)state;
	assert_int_equal(decode_i16("\x7f\xff"), INT16_MAX);
	assert_int_equal(decode_i32("\x80\0\0\0"), INT32_MIN);
	assert_true(decode_time("\xff\xff\xff\xff\xff\xff\xff\xff") == PG_EPOCH - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(copy_frame),       cmocka_unit_test(number_row),
	    cmocka_unit_test(text_row),         cmocka_unit_test(arrays),
	    cmocka_unit_test(values_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
