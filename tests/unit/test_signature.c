/*
 * Ed25519 by the vectors of RFC 8032 section 7.1, and keys as files.
 */
#include "unit.h"

#include "firmware/key_file.h"
#include "firmware/sha256.h"
#include "firmware/signature.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct vector {
	const char *secret, *public_key, *message, *signature;
} vectors[] = {
    {
	"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
	"",
	"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
	"f9b46bd25bf5f0595bbe24655141438e7a100b",
    },
    {
	"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	"72",
	"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0"
	"f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    },
    {
	"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
	"af82",
	"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f76098"
	"4dc6594a7c15e9716ed28dc027beceea1ec40a",
    },
};
enum { VECTORS = sizeof(vectors) / sizeof(vectors[0]) };

static size_t from_hex(const char *hex, unsigned char *bytes)
{
	size_t len = strlen(hex) / 2;

	for (size_t i = 0; i < len; i++) {
		const char digits[] = {hex[2 * i], hex[2 * i + 1], '\0'};

		bytes[i] = (unsigned char)strtoul(digits, NULL, 16);
	}
	return len;
}

static void test_vectors(void **state)
{
	unsigned char raw[KEY_RAW_SIZE], message[8], expected[SIGNATURE_SIZE];
	unsigned char signature[SIGNATURE_SIZE];

	(void)state;
	for (size_t i = 0; i < VECTORS; i++) {
		struct firmware_key signer = {0}, verifier = {0};
		struct slice bytes = {(const char *)message, from_hex(vectors[i].message, message)};

		from_hex(vectors[i].secret, raw);
		assert_int_equal(firmware_key_from_raw(&signer, true, raw), 0);
		from_hex(vectors[i].public_key, raw);
		assert_int_equal(firmware_key_from_raw(&verifier, false, raw), 0);
		assert_string_equal(signer.id, verifier.id);
		from_hex(vectors[i].signature, expected);

		assert_int_equal(signature_make(&signer, bytes, signature), 0);
		assert_memory_equal(signature, expected, SIGNATURE_SIZE);
		assert_true(signature_holds(&verifier, bytes, expected));
		firmware_key_free(&signer);
		firmware_key_free(&verifier);
	}
}

/* Every bit of a signature, and of what is signed, counts. */
static void test_changed(void **state)
{
	unsigned char raw[KEY_RAW_SIZE], signature[SIGNATURE_SIZE];
	struct firmware_key key = {0};
	char text[] = "abc";

	(void)state;
	from_hex(vectors[0].secret, raw);
	assert_int_equal(firmware_key_from_raw(&key, true, raw), 0);
	assert_int_equal(signature_make(&key, slice_of(text), signature), 0);
	for (int bit = 0; bit < SIGNATURE_SIZE * 8; bit++) {
		signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
		assert_false(signature_holds(&key, slice_of(text), signature));
		signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	text[2] ^= 1;
	assert_false(signature_holds(&key, slice_of(text), signature));
	firmware_key_free(&key);
}

/* The identifier is the start of the SHA-256 of the raw public bytes. */
static void test_identifier(void **state)
{
	unsigned char raw[KEY_RAW_SIZE], digest[SHA256_SIZE];
	char hex[SHA256_HEX_LEN + 1];
	struct firmware_key key = {0};

	(void)state;
	from_hex(vectors[0].public_key, raw);
	assert_int_equal(firmware_key_from_raw(&key, false, raw), 0);
	assert_int_equal(sha256_bytes((struct slice){(char *)raw, sizeof(raw)}, digest), 0);
	sha256_hex(digest, hex);
	assert_int_equal(strlen(key.id), KEY_ID_LEN);
	assert_memory_equal(key.id, hex, KEY_ID_LEN);
	firmware_key_free(&key);
}

/* The digest of FIPS 180-4's example "abc", from memory and from a file. */
static void test_sha256(void **state)
{
	static const char expected[] =
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	char path[] = "/tmp/sp.sha256.XXXXXX", hex[SHA256_HEX_LEN + 1];
	unsigned char digest[SHA256_SIZE];
	int fd = mkstemp(path);
	uint64_t size;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "abc", 3), 3);
	assert_int_equal(sha256_file(fd, true, digest, &size), 0);
	assert_int_equal(size, 3);
	sha256_hex(digest, hex);
	assert_string_equal(hex, expected);
	assert_int_equal(sha256_bytes(SLICE("abc"), digest), 0);
	sha256_hex(digest, hex);
	assert_string_equal(hex, expected);
	close(fd);
	unlink(path);
	assert_int_equal(sha256_file(-1, false, digest, &size), -1);
	assert_int_equal(errno, EBADF);
}

struct directory {
	char path[32], private_path[64], public_path[64];
};

static int make_directory(void **state)
{
	struct directory *d = test_malloc(sizeof(*d));

	strcpy(d->path, "/tmp/sp.keys.XXXXXX");
	assert_non_null(mkdtemp(d->path));
	snprintf(d->private_path, sizeof(d->private_path), "%s/key", d->path);
	snprintf(d->public_path, sizeof(d->public_path), "%s/key.pub", d->path);
	*state = d;
	return 0;
}

static int remove_directory(void **state)
{
	struct directory *d = *state;

	unlink(d->private_path);
	unlink(d->public_path);
	assert_int_equal(rmdir(d->path), 0);
	test_free(d);
	return 0;
}

static size_t read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t n;

	assert_true(fd >= 0);
	n = read(fd, text, size);
	assert_true(n >= 0);
	close(fd);
	return (size_t)n;
}

static void test_files(void **state)
{
	struct firmware_key key = {0}, read = {0};
	unsigned char signature[SIGNATURE_SIZE];
	struct directory *d = *state;
	const char *fault = NULL;
	char pem[1024];
	struct stat st;

	assert_int_equal(firmware_key_generate(&key), 0);
	assert_int_equal(firmware_key_write_private(&key, d->private_path), 0);
	assert_int_equal(firmware_key_write_public(&key, d->public_path), 0);
	assert_int_equal(stat(d->private_path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);

	assert_int_equal(firmware_key_read_public(&read, d->public_path, &fault), 0);
	assert_string_equal(read.id, key.id);
	assert_false(read.is_private);
	assert_int_equal(signature_make(&key, SLICE("x"), signature), 0);
	assert_true(signature_holds(&read, SLICE("x"), signature));
	firmware_key_free(&read);

	assert_int_equal(
	    firmware_key_parse_private(
		&read, (struct slice){pem, read_file(d->private_path, pem, sizeof(pem))}, &fault),
	    0);
	assert_string_equal(read.id, key.id);
	assert_true(read.is_private);
	firmware_key_free(&read);
	firmware_key_free(&key);
}

static void test_no_overwriting(void **state)
{
	struct directory *d = *state;
	struct firmware_key key = {0};
	char before[1024], after[1024];
	size_t len;

	assert_int_equal(firmware_key_generate(&key), 0);
	assert_int_equal(firmware_key_write_private(&key, d->private_path), 0);
	len = read_file(d->private_path, before, sizeof(before));
	firmware_key_free(&key);
	assert_int_equal(firmware_key_generate(&key), 0);
	assert_int_equal(firmware_key_write_private(&key, d->private_path), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(read_file(d->private_path, after, sizeof(after)), len);
	assert_memory_equal(before, after, len);
	firmware_key_free(&key);
}

static void test_wrong_files(void **state)
{
	/* openssl genpkey -algorithm x25519; the same curve, but no signatures */
	static const char other[] = "-----BEGIN PUBLIC KEY-----\n"
				    "MCowBQYDK2VuAyEA3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=\n"
				    "-----END PUBLIC KEY-----\n";
	/* openssl genpkey -algorithm ed25519 -aes256: nobody is asked for its passphrase */
	static const char encrypted[] =
	    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	    "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgyxM5CvWibRAICCAAw\n"
	    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEJAqe2/g2EqaS/TRp7nYLYoEQEIi\n"
	    "TrMqTSfgIikYkBEEw0L14N7+Wk1e75nNrLMPFmwgfwlR7rGUl8Uqkj3uRMp8MxDh\n"
	    "tw50WYeSU7LIlIKy7AQ=\n"
	    "-----END ENCRYPTED PRIVATE KEY-----\n";
	struct firmware_key key = {0};
	const char *fault = NULL;

	(void)state;
	assert_int_equal(firmware_key_parse_public(&key, slice_of(other), &fault), -1);
	assert_string_equal(fault, "is not an Ed25519 public key (PEM)");
	assert_int_equal(firmware_key_parse_private(&key, slice_of(encrypted), &fault), -1);
	assert_string_equal(fault, "is encrypted: a passphrase is not asked for");
	assert_int_equal(firmware_key_parse_public(&key, SLICE("no PEM"), &fault), -1);
	assert_int_equal(firmware_key_parse_public(&key, (struct slice){0}, &fault), -1);
	assert_int_equal(firmware_key_read_public(&key, "/nonexistent/key", &fault), -1);
	assert_string_equal(fault, "No such file or directory");
	assert_null(key.pkey);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_vectors),
	    cmocka_unit_test(test_changed),
	    cmocka_unit_test(test_identifier),
	    cmocka_unit_test(test_sha256),
	    cmocka_unit_test_setup_teardown(test_files, make_directory, remove_directory),
	    cmocka_unit_test_setup_teardown(test_no_overwriting, make_directory, remove_directory),
	    cmocka_unit_test(test_wrong_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
