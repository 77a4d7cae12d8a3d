/* Sets of definitions that no protoc writes, and the reader of their wire format. */
#include "../unit.h"

#include "../../../cmd/sensor-decode/protobuf/proto_schema.h"
#include "../../../cmd/sensor-decode/wire.h"

#include <stdio.h>

static struct buf error;

/* ---- wire ---- */

/* The fields of a message, as "NUMBER=VALUE " or "NUMBER='BYTES' ", and what ends them. */
static const char *fields(struct slice bytes)
{
	static struct buf text;
	struct slice copy = exact_copy(bytes);
	struct wire w = wire_of(copy);
	struct wire_field f;
	int got;

	buf_clear(&text);
	while ((got = wire_next(&w, &f)) > 0) {
		if (f.type == WIRE_BYTES)
			buf_printf(&text, "%d='%.*s' ", (int)f.number, SLICE_ARG(f.bytes));
		else
			buf_printf(&text, "%d=%llu ", (int)f.number, (unsigned long long)f.value);
	}
	if (got < 0)
		buf_printf(&text, "offset %zu: %s", wire_offset(&w), w.error);
	exact_free(copy);
	return buf_string(&text);
}

static void reads_fields(void **state)
{
	(void)state;
	assert_string_equal(fields(SLICE("")), "");
	assert_string_equal(
	    fields(SLICE("\x08\x96\x01\x12\x02"
	                 "hi\x1d\x01\x00\x00\x80\x21\x02\x00\x00\x00\x00\x00\x00\x80")),
	    "1=150 2='hi' 3=2147483649 4=9223372036854775810 ");
	assert_string_equal(fields(SLICE("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")),
	                    "1=18446744073709551615 ");
	assert_string_equal(fields(SLICE("\xf8\xff\xff\xff\x0f\x05")), "536870911=5 ");
}

static void names_what_is_no_field(void **state)
{
	static const struct {
		struct slice bytes;
		const char *wrong;
	} cases[] = {
	    {SLICE("\x08"), "offset 1: the message ends inside a number"},
	    {SLICE("\x08\x80"), "offset 2: the message ends inside a number"},
	    {SLICE("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
	     "offset 11: a number over 64 bits"},
	    {SLICE("\x00\x00"), "offset 1: a field of number 0"},
	    {SLICE("\x80\x80\x80\x80\x10\x00"), "offset 5: a number of a field over 29 bits"},
	    {SLICE("\x88\x80\x80\x80\x80\x00\x01"), "offset 6: a number of a field over 29 bits"},
	    {SLICE("\x0b\x0c"), "offset 1: a group, or no wire type"},
	    {SLICE("\x0e"), "offset 1: a group, or no wire type"},
	    {SLICE("\x0a\x02x"), "offset 2: a field that is longer than what is left"},
	    {SLICE("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
	     "offset 11: a field that is longer than what is left"},
	    {SLICE("\x0d\x00\x00\x00"), "offset 1: a field that is longer than what is left"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(fields(cases[i].bytes), cases[i].wrong);
}

/* ---- sets; each function makes a message of the fields it names ---- */

static void put(struct buf *b, unsigned number, struct slice bytes)
{
	buf_putc(b, (char)(number << 3 | WIRE_BYTES));
	for (size_t len = bytes.len;; len >>= 7) {
		buf_putc(b, (char)(len > 127 ? (len & 127) | 128 : len));
		if (len <= 127)
			break;
	}
	buf_append_slice(b, bytes);
}

static void put_number(struct buf *b, unsigned number, unsigned value)
{
	buf_putc(b, (char)(number << 3 | WIRE_VARINT));
	for (; value > 127; value >>= 7)
		buf_putc(b, (char)((value & 127) | 128));
	buf_putc(b, (char)value);
}

/* Into a message type. */
static void put_field(struct buf *type, const char *name, unsigned number, enum proto_type of,
                      const char *type_name)
{
	struct buf field = {0};

	put(&field, 1, slice_of(name));
	put_number(&field, 3, number);
	put_number(&field, 5, of);
	if (type_name)
		put(&field, 6, slice_of(type_name));
	put(type, 2, buf_slice(&field));
	buf_free(&field);
}

static void begin_type(struct buf *type, const char *name)
{
	buf_clear(type);
	put(type, 1, slice_of(name));
}

/* Reads a set of one file, of package p, with these types; twice: the first of them two times.
 * Gives what is wrong, or "". */
static const char *read_types(const struct buf *types, size_t count, bool twice)
{
	struct buf file = {0}, set = {0};
	struct proto_schema *schema;

	put(&file, 2, SLICE("p"));
	for (size_t i = 0; i < count; i++)
		put(&file, 4, buf_slice(&types[i]));
	if (twice)
		put(&file, 4, buf_slice(&types[0]));
	put(&set, 1, buf_slice(&file));
	buf_clear(&error);
	schema = proto_schema_read(buf_slice(&set), &error);
	assert_true(schema ? error.len == 0 : error.len > 0);
	proto_schema_free(schema);
	buf_free(&file);
	buf_free(&set);
	return buf_string(&error);
}

static void refuses_what_cannot_be(void **state)
{
	struct buf t = {0}, outer = {0};
	char name[16];

	(void)state;
	begin_type(&t, "T");
	put_field(&t, "a", 1, PROTO_INT32, NULL);
	assert_string_equal(read_types(&t, 1, false), "");
	assert_string_equal(read_types(&t, 1, true), "'p.T' is declared twice");
	put_field(&t, "b", 1, PROTO_INT32, NULL);
	assert_string_equal(read_types(&t, 1, false), "'p.T' has two fields of number 1");

	begin_type(&t, "T");
	put_field(&t, "a", 0, PROTO_INT32, NULL);
	assert_string_equal(read_types(&t, 1, false), "the field 'a' has no number or no type");
	begin_type(&t, "T");
	put_field(&t, "a", 1, PROTO_TYPES, NULL);
	assert_string_equal(read_types(&t, 1, false), "the field 'a' has no number or no type");
	begin_type(&t, "");
	assert_string_equal(read_types(&t, 1, false),
	                    "no FileDescriptorSet: offset 7: a declaration without a name");

	begin_type(&t, "T");
	put_field(&t, "a", 1, PROTO_ENUM, ".p.T"); /* no enum */
	assert_non_null(strstr(read_types(&t, 1, false), "'p.T' is not in it"));
	begin_type(&t, "T");
	put_field(&t, "a", 1, PROTO_MESSAGE, NULL);
	assert_non_null(strstr(read_types(&t, 1, false), "'' is not in it"));

	begin_type(&t, "T");
	for (unsigned i = 1; i <= PROTO_FIELDS_MAX + 1; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		put_field(&t, name, i, PROTO_INT32, NULL);
	}
	assert_string_equal(read_types(&t, 1, false), "'p.T' has 1025 fields, more than 1024");

	begin_type(&t, "T");
	for (int i = 0; i < PROTO_NESTING_MAX; i++) {
		begin_type(&outer, "T");
		put(&outer, 3, buf_slice(&t));
		buf_clear(&t);
		buf_append_slice(&t, buf_slice(&outer));
		assert_string_equal(read_types(&t, 1, false),
		                    i + 1 < PROTO_NESTING_MAX
		                        ? ""
		                        : "types are declared in each other over 32 deep");
	}
	buf_free(&t);
	buf_free(&outer);
}

/* A map is a repeated type whose options say so, and has a key and a value. */
static void checks_maps(void **state)
{
	struct buf types[2] = {{0}, {0}};

	(void)state;
	begin_type(&types[0], "T");
	put_field(&types[0], "m", 1, PROTO_MESSAGE, ".p.E");
	begin_type(&types[1], "E");
	put_field(&types[1], "key", 1, PROTO_STRING, NULL);
	put(&types[1], 7, SLICE("\x38\x01"));
	assert_string_equal(read_types(types, 2, false), "'p.E' is no entry of a map");
	put_field(&types[1], "value", 2, PROTO_INT32, NULL);
	assert_string_equal(read_types(types, 2, false), "");
	put_field(&types[1], "more", 3, PROTO_INT32, NULL);
	assert_string_equal(read_types(types, 2, false), "'p.E' is no entry of a map");

	begin_type(&types[1], "E");
	put_field(&types[1], "key", 1, PROTO_MESSAGE, ".p.T");
	put_field(&types[1], "value", 2, PROTO_INT32, NULL);
	put(&types[1], 7, SLICE("\x38\x01"));
	assert_string_equal(read_types(types, 2, false), "'p.E' is no entry of a map");
	begin_type(&types[1], "E");
	put_field(&types[1], "key", 1, PROTO_STRING, NULL);
	put_field(&types[1], "value", 2, PROTO_GROUP, NULL);
	put(&types[1], 7, SLICE("\x38\x01"));
	assert_string_equal(read_types(types, 2, false), "'p.E' is no entry of a map");
	buf_free(&types[0]);
	buf_free(&types[1]);
}

static int free_all(void **state)
{
	(void)state;
	buf_free(&error);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_fields),
	    cmocka_unit_test(names_what_is_no_field),
	    cmocka_unit_test(refuses_what_cannot_be),
	    cmocka_unit_test(checks_maps),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
