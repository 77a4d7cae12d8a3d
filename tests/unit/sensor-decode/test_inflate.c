#include "../unit.h"

#include "../../../cmd/sensor-decode/decode.h"
#include "../../../cmd/sensor-decode/inflate.h"

#include <zlib.h>
#include <zstd.h>

enum { MAX = 1000 };

static struct inflater inflater;
static struct buf packed, result;

static const char *const names[] = {"identity", "gzip", "deflate", "zstd"};

/* Appends the text in its coding to `packed`. */
static void pack(enum coding coding, struct slice text)
{
	z_stream z = {.next_in = (unsigned char *)(uintptr_t)text.ptr,
	              .avail_in = (unsigned)text.len};

	buf_reserve(&packed, text.len + 1000);
	if (coding == CODING_ZSTD) {
		packed.len += ZSTD_compress(packed.ptr + packed.len, packed.cap - packed.len,
		                            text.ptr, text.len, 3);
		return;
	}
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED,
	                              MAX_WBITS + (coding == CODING_GZIP ? 16 : 0), 8,
	                              Z_DEFAULT_STRATEGY),
	                 Z_OK);
	z.next_out = (unsigned char *)packed.ptr + packed.len;
	z.avail_out = (unsigned)(packed.cap - packed.len);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	packed.len += z.total_out;
	deflateEnd(&z);
}

/* The plain text, or "code: detail". */
static const char *plain(enum coding coding, struct slice bytes)
{
	struct slice copy = exact_copy(bytes), text;
	struct fault fault;

	buf_clear(&result);
	if (inflater_take(&inflater, coding, copy, MAX, &text, &fault) < 0)
		buf_printf(&result, "%s: %s", fault_name(fault.code), fault.detail);
	else
		buf_append_slice(&result, text);
	exact_free(copy);
	return buf_string(&result);
}

static const char *packed_plain(enum coding coding)
{
	return plain(coding, buf_slice(&packed));
}

static void test_plain(void **state)
{
	char text[MAX + 1];

	(void)state;
	for (enum coding coding = CODING_GZIP; coding <= CODING_ZSTD; coding++) {
		buf_clear(&packed);
		pack(coding, SLICE("{\"a\":1}"));
		assert_string_equal(packed_plain(coding), "{\"a\":1}");
		buf_clear(&packed);
		pack(coding, SLICE(""));
		assert_string_equal(packed_plain(coding), "");
		memset(text, 'x', sizeof(text));
		buf_clear(&packed);
		pack(coding, (struct slice){text, MAX});
		assert_int_equal(strlen(packed_plain(coding)), MAX);
		buf_clear(&packed);
		pack(coding, (struct slice){text, MAX + 1});
		assert_string_equal(
		    packed_plain(coding),
		    "too-large: decompressed, the payload has more than 1000 bytes");
	}
}

static void test_members(void **state)
{
	static const char skippable[] = "\x50\x2a\x4d\x18\x03\0\0\0abc";

	(void)state;
	buf_clear(&packed);
	pack(CODING_GZIP, SLICE("one, "));
	pack(CODING_GZIP, SLICE(""));
	pack(CODING_GZIP, SLICE("two"));
	assert_string_equal(packed_plain(CODING_GZIP), "one, two");
	buf_clear(&packed);
	buf_append(&packed, skippable, sizeof(skippable) - 1);
	pack(CODING_ZSTD, SLICE("one, "));
	buf_append(&packed, skippable, sizeof(skippable) - 1);
	pack(CODING_ZSTD, SLICE("two"));
	assert_string_equal(packed_plain(CODING_ZSTD), "one, two");
	buf_clear(&packed);
	pack(CODING_DEFLATE, SLICE("one, "));
	pack(CODING_DEFLATE, SLICE("two"));
	assert_string_equal(packed_plain(CODING_DEFLATE),
	                    "bad-encoding: deflate, offset 13: something follows the stream");
}

/* The limit is that of all members together. */
static void test_members_too_large(void **state)
{
	static const enum coding codings[] = {CODING_GZIP, CODING_ZSTD};
	char text[MAX];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (int i = 0; i < 2; i++) {
		buf_clear(&packed);
		pack(codings[i], (struct slice){text, MAX - 1});
		pack(codings[i], (struct slice){text, 1});
		assert_int_equal(strlen(packed_plain(codings[i])), MAX);
		pack(codings[i], (struct slice){text, 1});
		assert_memory_equal(packed_plain(codings[i]), "too-large: ", 11);
	}
}

/* However much it would be: 16 MB of one byte. */
static void test_bomb(void **state)
{
	enum { SIZE = 16 << 20 };
	char *text = test_calloc(1, SIZE);

	(void)state;
	for (enum coding coding = CODING_GZIP; coding <= CODING_ZSTD; coding++) {
		buf_clear(&packed);
		pack(coding, (struct slice){text, SIZE});
		assert_memory_equal(packed_plain(coding), "too-large: ", 11);
		assert_true(inflater.plain.cap < 2 * MAX + 1000);
	}
	test_free(text);
}

/* Every part of it is too short, and behind it nothing may stand. */
static void test_cut(void **state)
{
	(void)state;
	for (enum coding coding = CODING_GZIP; coding <= CODING_ZSTD; coding++) {
		buf_clear(&packed);
		pack(coding, SLICE("one two three two one"));
		for (size_t len = 0; len < packed.len; len++)
			assert_memory_equal(plain(coding, (struct slice){packed.ptr, len}),
			                    "bad-encoding: ", 14);
		buf_putc(&packed, '\0');
		assert_memory_equal(packed_plain(coding), "bad-encoding: ", 14);
	}
}

static void test_damaged(void **state)
{
	(void)state;
	assert_string_equal(plain(CODING_GZIP, SLICE("")),
	                    "bad-encoding: gzip, offset 0: it ends too early");
	assert_string_equal(plain(CODING_GZIP, SLICE("{\"a\":1}")),
	                    "bad-encoding: gzip, offset 2: incorrect header check");
	assert_string_equal(plain(CODING_ZSTD, SLICE("{\"a\":1}")),
	                    "bad-encoding: zstd, offset 0: no frame");
	/* a stream of one kind is none of another */
	for (enum coding is = CODING_GZIP; is <= CODING_ZSTD; is++) {
		buf_clear(&packed);
		pack(is, SLICE("text"));
		for (enum coding said = CODING_GZIP; said <= CODING_ZSTD; said++)
			if (said != is)
				assert_memory_equal(packed_plain(said), "bad-encoding: ", 14);
	}
	/* a checksum that is wrong */
	for (enum coding coding = CODING_GZIP; coding <= CODING_DEFLATE; coding++) {
		buf_clear(&packed);
		pack(coding, SLICE("text"));
		packed.ptr[packed.len - 5 + (coding == CODING_DEFLATE)] ^= 1;
		assert_memory_equal(packed_plain(coding), "bad-encoding: ", 14);
	}
	/* a bare stream, without the frame of zlib */
	assert_memory_equal(plain(CODING_DEFLATE, (struct slice){packed.ptr + 2, packed.len - 6}),
	                    "bad-encoding: ", 14);
	assert_memory_equal(plain(CODING_DEFLATE, SLICE("\x78\xbb\0\0\0\1")),
	                    "bad-encoding: deflate, offset 6: it needs a dictionary", 54);
	/* a frame of zstd 0.7 */
	assert_memory_equal(plain(CODING_ZSTD, SLICE("\x27\xb5\x2f\xfd\0\0\0\0\0\0\0")),
	                    "bad-encoding: zstd, offset 0: no frame", 38);
}

/* A message after the other needs no more memory than the first. */
static void test_reused(void **state)
{
	const char *at;

	(void)state;
	buf_clear(&packed);
	pack(CODING_ZSTD, SLICE("text"));
	packed_plain(CODING_ZSTD);
	at = inflater.plain.ptr;
	for (enum coding coding = CODING_GZIP; coding <= CODING_ZSTD; coding++) {
		buf_clear(&packed);
		pack(coding, SLICE("text"));
		for (int i = 0; i < 3; i++) {
			assert_string_equal(packed_plain(coding), "text");
			assert_memory_equal(plain(coding, SLICE("?")), "bad-encoding: ", 14);
			assert_ptr_equal(inflater.plain.ptr, at);
		}
	}
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		enum coding coding;
	} cases[] = {{"gzip", CODING_GZIP},   {"GZip", CODING_GZIP},
	             {"x-gzip", CODING_GZIP}, {"deflate", CODING_DEFLATE},
	             {"ZSTD", CODING_ZSTD},   {"identity", CODING_IDENTITY}};
	static const char *const others[] = {"",          "gz",    "br",      "gzip, gzip",
	                                     "gzip,zstd", " gzip", "compress"};
	enum coding coding;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(coding_read(slice_of(cases[i].name), &coding));
		assert_int_equal(coding, cases[i].coding);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(coding_read(slice_of(others[i]), &coding));
}

/* ---- as part of a message ---- */

static const char *message(const char *content_type, const char *properties)
{
	static const struct decode_options options = {
	    .json.max_depth = 8,
	    .max_payload = MAX,
	    .templates = {{.levels = SLICE("sensors/{type}/{sensor}")}},
	    .template_count = 1,
	};
	const struct message m = {.topic = SLICE("sensors/t/s"),
	                          .content_type = slice_of(content_type),
	                          .properties = slice_of(properties),
	                          .payload = buf_slice(&packed)};
	struct decoder *decoder = decoder_new(&options);
	struct fault fault;

	buf_clear(&result);
	if (decode_message(decoder, &m, &result, &fault) < 0) {
		buf_clear(&result);
		buf_printf(&result, "%s: %s", fault_name(fault.code), fault.detail);
	}
	decoder_free(decoder);
	return buf_string(&result);
}

/* A text with the name of the coding for each '@'. */
static const char *name_in(const char *text, enum coding coding, struct buf *to)
{
	buf_clear(to);
	for (; *text; text++) {
		if (*text == '@')
			buf_append_string(to, names[coding]);
		else
			buf_putc(to, *text);
	}
	return buf_string(to);
}

static void test_message(void **state)
{
	static const struct {
		const char *type, *properties, *result;
	} cases[] = {
	    {"application/json+@", "", "r1\t0\t"},
	    {"Application/SenML+JSON+@; charset=utf-8", "", "bad-senml: "},
	    {"application/json", "content-encoding=@", "r1\t0\t"},
	    {"application/json", "x=1&Content-Encoding=@", "r1\t0\t"},
	    {"application/json+@", "content-encoding=identity", "r1\t0\t"},
	    {"application/json", "", "bad-json: "},
	    {"application/json", "content-encoding=identity", "bad-json: "},
	    {"application/json", "content-encoding=br", "bad-encoding: the content encoding 'br'"},
	    {"application/json", "content-encoding=@%2C+gzip", "bad-encoding: "},
	    {"application/json+@", "content-encoding=@", "bad-encoding: the content type and"},
	    {"application/json", "content-encoding=@&CONTENT-ENCODING=@", "duplicate-property: "},
	    {"application/json+br", "", "content-type: "},
	    {"application/@", "", "content-type: "},
	};
	struct buf type = {0}, properties = {0};

	(void)state;
	for (enum coding coding = CODING_GZIP; coding <= CODING_ZSTD; coding++) {
		buf_clear(&packed);
		pack(coding, SLICE("{\"a\":1}"));
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			assert_memory_equal(
			    message(name_in(cases[i].type, coding, &type),
			            name_in(cases[i].properties, coding, &properties)),
			    cases[i].result, strlen(cases[i].result));
	}
	buf_free(&type);
	buf_free(&properties);
}

static int free_all(void **state)
{
	(void)state;
	inflater_free(&inflater);
	buf_free(&packed);
	buf_free(&result);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_members),
	    cmocka_unit_test(test_members_too_large),
	    cmocka_unit_test(test_bomb),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_damaged),
	    cmocka_unit_test(test_reused),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_message),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
