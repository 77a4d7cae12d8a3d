/*
 * Manifests: signed and opened again, and everything that is none.
 */
#include "unit.h"

#include "firmware/manifest.h"
#include "firmware/name.h"

#include <openssl/evp.h>
#include <string.h>

static struct firmware_key key, other_key;

static int make_keys(void **state)
{
	(void)state;
	return firmware_key_generate(&key) < 0 || firmware_key_generate(&other_key) < 0;
}

static int free_keys(void **state)
{
	(void)state;
	firmware_key_free(&key);
	firmware_key_free(&other_key);
	return 0;
}

static struct manifest sample(void)
{
	struct manifest m = {
	    .model = SLICE("thermo"),
	    .version = SLICE("1.4.0"),
	    .hardware = {SLICE("A"), SLICE("B2")},
	    .hardware_count = 2,
	    .sequence = 17,
	    .minimum = 12,
	    .size = 131072,
	    .chunk = 16384,
	    .created = 0,
	};

	memset(m.sha256, 0xab, sizeof(m.sha256));
	return m;
}

#define HEX64 "abababababababababababababababababababababababababababababababab"
static const char object[] =
    "{\"format\":1,\"model\":\"thermo\",\"hardware\":[\"A\",\"B2\"],\"version\":\"1.4.0\","
    "\"sequence\":17,\"minimum\":12,\"size\":131072,\"chunk\":16384,\"sha256\":\"" HEX64
    "\",\"created\":\"1970-01-01T00:00:00.000000Z\"}";

static enum manifest_verdict open_it(struct slice text, struct manifest *m, const char **fault)
{
	return manifest_open(text, &key, 1, m, fault);
}

/* Signs any first line, as manifest_sign() would sign its own. */
static void sign_line(struct buf *b, struct slice line)
{
	unsigned char signature[SIGNATURE_SIZE], base64[2 * SIGNATURE_SIZE];
	struct buf bytes = {0};

	buf_append_string(&bytes, MANIFEST_CONTEXT);
	buf_append_slice(&bytes, line);
	assert_int_equal(signature_make(&key, buf_slice(&bytes), signature), 0);
	EVP_EncodeBlock(base64, signature, SIGNATURE_SIZE);
	buf_append_slice(b, line);
	buf_printf(b, "\ned25519 %s %s\n", key.id, (char *)base64);
	buf_free(&bytes);
}

static void test_round_trip(void **state)
{
	struct manifest m = sample(), back;
	const char *fault = "";
	struct buf b = {0};

	(void)state;
	assert_int_equal(manifest_sign(&b, &m, &key), 0);
	assert_true(b.len <= MANIFEST_MAX);
	assert_memory_equal(b.ptr, object, sizeof(object) - 1);
	assert_int_equal(open_it(buf_slice(&b), &back, &fault), MANIFEST_GOOD);
	assert_null(fault);
	assert_slice(back.model, "thermo");
	assert_slice(back.version, "1.4.0");
	assert_int_equal(back.hardware_count, 2);
	assert_slice(back.hardware[1], "B2");
	assert_int_equal(back.sequence, 17);
	assert_int_equal(back.minimum, 12);
	assert_int_equal(back.size, 131072);
	assert_int_equal(back.chunk, 16384);
	assert_int_equal(back.created, 0);
	assert_memory_equal(back.sha256, m.sha256, SHA256_SIZE);
	assert_true(manifest_takes_hardware(&back, SLICE("A")));
	assert_false(manifest_takes_hardware(&back, SLICE("B")));
	assert_int_equal(manifest_parse(buf_slice(&b), &back, &fault), MANIFEST_GOOD);
	buf_free(&b);
}

static void test_keys(void **state)
{
	struct manifest m = sample();
	const char *fault;
	struct buf b = {0};

	(void)state;
	assert_int_equal(manifest_sign(&b, &m, &other_key), 0);
	assert_int_equal(open_it(buf_slice(&b), &m, &fault), MANIFEST_UNKNOWN_KEY);
	assert_int_equal(manifest_open(buf_slice(&b), NULL, 0, &m, &fault), MANIFEST_UNKNOWN_KEY);

	/* Naming a known key does not make it that key's. */
	memcpy(memmem(b.ptr, b.len, other_key.id, KEY_ID_LEN), key.id, KEY_ID_LEN);
	assert_int_equal(open_it(buf_slice(&b), &m, &fault), MANIFEST_BAD_SIGNATURE);
	buf_free(&b);
}

/* Both of two keys are good, as while one takes over from the other. */
static void test_rotation(void **state)
{
	const struct firmware_key both[] = {key, other_key};
	struct manifest m = sample();
	const char *fault;
	struct buf b = {0};

	(void)state;
	assert_int_equal(manifest_sign(&b, &m, &key), 0);
	assert_int_equal(manifest_open(buf_slice(&b), both, 2, &m, &fault), MANIFEST_GOOD);
	m = sample();
	buf_clear(&b);
	assert_int_equal(manifest_sign(&b, &m, &other_key), 0);
	assert_int_equal(manifest_open(buf_slice(&b), both, 2, &m, &fault), MANIFEST_GOOD);
	buf_free(&b);
}

/* No byte of a manifest can be another, and none be missing. */
static void test_every_byte(void **state)
{
	struct manifest m = sample(), back;
	const char *fault;
	struct buf b = {0};

	(void)state;
	assert_int_equal(manifest_sign(&b, &m, &key), 0);
	for (size_t i = 0; i < b.len; i++) {
		b.ptr[i] ^= 1;
		if (open_it(buf_slice(&b), &back, &fault) == MANIFEST_GOOD)
			fail_msg("byte %zu does not count", i);
		b.ptr[i] ^= 1;
	}
	for (size_t len = 0; len < b.len; len++) {
		struct slice part = exact_copy((struct slice){b.ptr, len});

		assert_int_equal(open_it(part, &back, &fault), MANIFEST_MALFORMED);
		exact_free(part);
	}
	buf_putc(&b, '\n');
	assert_int_equal(open_it(buf_slice(&b), &back, &fault), MANIFEST_MALFORMED);
	buf_free(&b);
}

/* The signature comes first: what a stranger wrote is not parsed. */
static void test_signature_first(void **state)
{
	struct manifest m = {.size = 42};
	const char *fault;
	struct buf b = {0};

	(void)state;
	sign_line(&b, SLICE("{not JSON"));
	b.ptr[1] = 'N';
	assert_int_equal(open_it(buf_slice(&b), &m, &fault), MANIFEST_BAD_SIGNATURE);
	assert_int_equal(m.size, 42);
	buf_free(&b);
}

/* Replaces the first `from` by `to`. */
static void change(struct buf *b, const char *from, const char *to)
{
	const char *at = strstr(object, from);

	assert_non_null(at);
	buf_clear(b);
	buf_append(b, object, (size_t)(at - object));
	buf_append_string(b, to);
	buf_append_string(b, at + strlen(from));
}

static void test_objects(void **state)
{
	static const struct {
		const char *from, *to, *fault;
	} cases[] = {
	    {"\"format\":1", "\"format\":2", "format is not 1"},
	    {"\"format\":1", "\"format\":\"1\"", "format is not 1"},
	    {"\"format\":1,", "", "a key is missing"},
	    {"\"format\":1,", "\"format\":1,\"format\":1,", "a key is given twice"},
	    {"\"format\":1,", "\"format\":1,\"more\":1,", "a key that is not known"},
	    {"\"thermo\"", "\"get\"", "model is not a name, or reserved"},
	    {"\"thermo\"", "\"../x\"", "model is not a name, or reserved"},
	    {"\"thermo\"", "\"th\\u0065rmo\"", "model is not a name, or reserved"},
	    {"\"thermo\"", "null", "model is not a name, or reserved"},
	    {"\"thermo\"", "[]", "a value is nested"},
	    {"\"1.4.0\"", "{\"chunk\":4096}", "a value is nested"},
	    {"\"1.4.0\"", "\"\"", "version is not a name"},
	    {"\"1.4.0\"", "1.4", "version is not a name"},
	    {"[\"A\",\"B2\"]", "[]", "hardware is not 1 to 16 revisions"},
	    {"[\"A\",\"B2\"]", "\"A\"", "hardware is not an array"},
	    {"[\"A\",\"B2\"]", "[\"A\",1]", "hardware has a revision that is not a name"},
	    {"[\"A\",\"B2\"]", "[[[\"A\"]]]", "nested too deeply"},
	    {"[\"A\",\"B2\"]",
	     "[\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\","
	     "\"1\",\"1\",\"1\"]",
	     "hardware has more than 16 revisions"},
	    {":17", ":0", "sequence is not 1 to 9007199254740991"},
	    {":17", ":9007199254740992", "sequence is not 1 to 9007199254740991"},
	    {":17", ":99999999999999999999", "sequence is not an integer"},
	    {":17", ":17.0", "sequence is not an integer"},
	    {":17", ":1e1", "sequence is not an integer"},
	    {":17", ":-17", "sequence is not an integer"},
	    {":12", ":18", "minimum is above the sequence: nobody could install it"},
	    {":131072", ":0", "size is not 1 to 1073741824"},
	    {":131072", ":1073741825", "size is not 1 to 1073741824"},
	    {":16384", ":4095", "chunk is not 4096 to 32768"},
	    {":16384", ":32769", "chunk is not 4096 to 32768"},
	    {":16384", ":4294983680", "chunk is not 4096 to 32768"},
	    {HEX64, "ab", "sha256 is not 64 lower case hex digits"},
	    {"\"abab", "\"ABAB", "sha256 is not 64 lower case hex digits"},
	    {"1970-01-01T", "1970-13-01T", "created is not a time (RFC 3339)"},
	};
	struct buf line = {0}, text = {0};
	struct manifest m;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *fault = "";

		change(&line, cases[i].from, cases[i].to);
		buf_clear(&text);
		sign_line(&text, buf_slice(&line));
		assert_int_equal(open_it(buf_slice(&text), &m, &fault), MANIFEST_MALFORMED);
		assert_string_equal(fault, cases[i].fault);
	}
	buf_free(&line);
	buf_free(&text);
}

static void test_limits_taken(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
	    {":17", ":9007199254740991"},
	    {":12", ":17"},
	    {":12", ":0"},
	    {":131072", ":1"},
	    {":131072", ":1073741824"},
	    {":16384", ":4096"},
	    {":16384", ":32768"},
	};
	struct buf line = {0}, text = {0};
	struct manifest m;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *fault = "";

		change(&line, cases[i].from, cases[i].to);
		buf_clear(&text);
		sign_line(&text, buf_slice(&line));
		if (open_it(buf_slice(&text), &m, &fault) != MANIFEST_GOOD)
			fail_msg("%s: %s", cases[i].to, fault);
	}
	buf_free(&line);
	buf_free(&text);
}

/* The longest manifest that can be written fits; longer texts are not looked at. */
static void test_longest(void **state)
{
	char name[FIRMWARE_NAME_MAX];
	struct manifest m = sample();
	const char *fault = "";
	struct buf b = {0};

	(void)state;
	memset(name, 'x', sizeof(name));
	m.model = m.version = (struct slice){name, sizeof(name)};
	m.hardware_count = MANIFEST_HARDWARE_MAX;
	for (size_t i = 0; i < m.hardware_count; i++)
		m.hardware[i] = m.model;
	m.sequence = m.minimum = MANIFEST_SEQUENCE_MOST;
	m.size = MANIFEST_IMAGE_MOST;
	assert_int_equal(manifest_sign(&b, &m, &key), 0);
	assert_int_equal(open_it(buf_slice(&b), &m, &fault), MANIFEST_GOOD);

	buf_clear(&b);
	for (int i = 0; i < MANIFEST_MAX; i++)
		buf_putc(&b, ' ');
	buf_append_string(&b, "{}");
	assert_int_equal(manifest_parse(buf_slice(&b), &m, &fault), MANIFEST_MALFORMED);
	assert_string_equal(fault, "longer than 4096 bytes");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),      cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_rotation),        cmocka_unit_test(test_every_byte),
	    cmocka_unit_test(test_signature_first), cmocka_unit_test(test_objects),
	    cmocka_unit_test(test_limits_taken),    cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
