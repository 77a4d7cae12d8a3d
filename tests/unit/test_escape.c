#include "unit.h"

#include "record/crc32c.h"
#include "record/escape.h"

static void assert_escaped(struct slice bytes, const char *text)
{
	struct buf b = {0};

	escape_append(&b, bytes);
	assert_string_equal(buf_string(&b), text);
	buf_free(&b);
}

static void escapes_only_what_must_be(void **state)
{
	(void)state;
	assert_escaped(SLICE(""), "");
	assert_escaped(SLICE("{\"t\": 21.5}"), "{\"t\": 21.5}");
	assert_escaped(SLICE("a\\b"), "a\\\\b");
	assert_escaped(SLICE("\t\n\r"), "\\t\\n\\r");
	assert_escaped(SLICE("\0\x1f\x7f"), "\\x00\\x1f\\x7f");
	assert_escaped(SLICE("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
	assert_escaped(SLICE("\xff\xc3"), "\\xff\\xc3");
	assert_escaped(SLICE("\xed\xa0\x80"), "\\xed\\xa0\\x80");
}

/* Every pair of byte values, at every alignment to the word-wise scan. */
static void round_trips_every_byte(void **state)
{
	struct buf text = {0}, back = {0};
	size_t at;

	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		for (unsigned second = 0; second < 256; second++) {
			char bytes[20];
			size_t offset = (first + second) % 17;
			struct escape_scan scan;

			memset(bytes, 'x', sizeof(bytes));
			bytes[offset] = (char)first;
			bytes[offset + 1] = (char)second;
			buf_clear(&text);
			buf_clear(&back);
			escape_append(&text, (struct slice){bytes, sizeof(bytes)});
			escape_scan(buf_slice(&text), &scan);
			assert_true(scan.sound);
			assert_null(memchr(text.ptr, '\t', text.len));
			assert_null(memchr(text.ptr, '\n', text.len));
			assert_int_equal(unescape_append(&back, buf_slice(&text), &at), 0);
			assert_int_equal(back.len, sizeof(bytes));
			assert_memory_equal(back.ptr, bytes, sizeof(bytes));
		}
	}
	buf_free(&text);
	buf_free(&back);
}

static void names_the_place_of_a_bad_escape(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} cases[] = {{"\\", 0},   {"ab\\", 2},  {"a\\q", 1},   {"\\x", 0},
	             {"\\x0", 0}, {"\\xg0", 0}, {"\\\\\\", 2}, {"abc\\n\\X41", 5}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice text = exact_copy(slice_of(cases[i].text));
		struct buf b = {0};
		size_t at = 99;

		assert_int_equal(unescape_append(&b, text, &at), -1);
		assert_int_equal(at, cases[i].at);
		buf_free(&b);
		exact_free(text);
	}
}

/* Each byte value at each place of lines of every length around a block's. */
static void scans_every_place(void **state)
{
	enum { LONGEST = 40 };

	(void)state;
	for (size_t len = 1; len <= LONGEST; len++) {
		for (size_t at = 0; at < len; at++) {
			for (int c = 0; c < 256; c++) {
				char text[LONGEST];
				struct slice line;
				struct escape_scan scan;
				bool sound = c == '\t' || (c >= 0x20 && c < 0x7f);

				memset(text, 'a', len);
				text[at] = (char)c;
				line = exact_copy((struct slice){text, len});
				escape_scan(line, &scan);
				assert_int_equal(scan.sound, sound);
				if (!sound)
					assert_int_equal(scan.bad_at, at);
				assert_int_equal(scan.backslash, c == '\\');
				exact_free(line);
			}
		}
	}
}

static void scans_lines(void **state)
{
	struct escape_scan scan;

	(void)state;
	escape_scan(SLICE("m1\t0\tplain"), &scan);
	assert_true(scan.sound);
	assert_false(scan.backslash);
	escape_scan(SLICE("with \\\\ in it, gr\xc3\xbc\xc3\x9f"), &scan);
	assert_true(scan.sound);
	assert_true(scan.backslash);
	escape_scan(SLICE("a carriage return\r"), &scan);
	assert_false(scan.sound);
	assert_int_equal(scan.bad_at, 17);
	escape_scan(SLICE("12345678\xc3"), &scan);
	assert_false(scan.sound);
	assert_int_equal(scan.bad_at, 8);
}

static void keeps_the_fields_of_a_broken_line(void **state)
{
	struct buf b = {0};

	(void)state;
	escape_append_line(&b, SLICE("m1\ta\\nb\tc\0d\xff"
	                             "e\r"));
	assert_string_equal(buf_string(&b), "m1\ta\\nb\tc\\x00d\\xffe\\x0d");
	buf_free(&b);
}

/* The check value of the catalogue, and RFC 3720 appendix B.4, at every length of the last step. */
static void crc_of_known_texts(void **state)
{
	char zeros[32] = {0}, ones[32];

	(void)state;
	memset(ones, 0xff, sizeof(ones));
	assert_int_equal(crc32c(SLICE("123456789")), 0xe3069283);
	assert_int_equal(crc32c((struct slice){zeros, sizeof(zeros)}), 0x8a9136aa);
	assert_int_equal(crc32c((struct slice){ones, sizeof(ones)}), 0x62a8ab43);
	assert_int_equal(crc32c(SLICE("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(escapes_only_what_must_be),
	    cmocka_unit_test(round_trips_every_byte),
	    cmocka_unit_test(names_the_place_of_a_bad_escape),
	    cmocka_unit_test(scans_every_place),
	    cmocka_unit_test(scans_lines),
	    cmocka_unit_test(keeps_the_fields_of_a_broken_line),
	    cmocka_unit_test(crc_of_known_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
