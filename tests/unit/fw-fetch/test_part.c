/* part: an image on the disk, as a kill or a loss of power at any point leaves it. */
#include "../unit.h"

#include "../../../cmd/fw-fetch/part.h"

#include "base/msg.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 4096, SIZE = 4 * CHUNK + 100, CHUNKS = 5 };

static char path[] = "/tmp/sp-part-XXXXXX";
static int directory;
static char bytes[SIZE];
static struct part part;

static const struct slice manifest = {"one\n", 4}, other_manifest = {"two\n", 4};

static struct part_image image = {.version = "1.0", .size = SIZE, .chunk = CHUNK};

static void remove_all(void)
{
	DIR *entries = opendir(path);
	const struct dirent *entry;

	while ((entry = readdir(entries)) != NULL)
		unlinkat(directory, entry->d_name, 0);
	closedir(entries);
}

static int begin(void **state)
{
	(void)state;
	part_init(&part, directory, path);
	return 0;
}

static int end(void **state)
{
	(void)state;
	part_close(&part);
	remove_all();
	return 0;
}

static int begin_all(void **state)
{
	(void)state;
	msg_init("test_part");
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 7 + i / 251);
	EVP_Digest(bytes, SIZE, image.sha256, NULL, EVP_sha256(), NULL);
	if (!mkdtemp(path))
		return -1;
	directory = open(path, O_RDONLY | O_DIRECTORY);
	return directory < 0 ? -1 : 0;
}

static int end_all(void **state)
{
	(void)state;
	close(directory);
	return rmdir(path);
}

static bool exists(const char *name)
{
	return faccessat(directory, name, F_OK, 0) == 0;
}

static const char *begin_and_open(const struct part_image *which, struct slice its_manifest,
                                  uint64_t *chunks)
{
	const char *reason = part_begin(&part, which, its_manifest);

	return reason ? reason : part_open(&part, which, its_manifest, chunks);
}

/* A process that begins here; how many chunks it finds. */
static uint64_t open_anew(struct slice its_manifest)
{
	uint64_t chunks = 99;

	part_close(&part);
	part_init(&part, directory, path);
	assert_null(begin_and_open(&image, its_manifest, &chunks));
	return chunks;
}

static void write_chunks(uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++) {
		uint64_t left = SIZE - i * CHUNK;
		struct slice s = {bytes + i * CHUNK, left < CHUNK ? left : CHUNK};

		assert_null(part_write(&part, i * CHUNK, s));
	}
}

static void an_image_gets_its_name_when_it_is_right(void **state)
{
	char content[SIZE + 1];
	int fd;

	(void)state;
	assert_int_equal(open_anew(manifest), 0);
	write_chunks(2, CHUNKS); /* in any order */
	write_chunks(0, 2);
	assert_null(part_save(&part, CHUNKS));
	assert_false(exists("1.0.bin"));
	assert_null(part_verify(&part, &image));
	fd = openat(directory, "1.0.bin", O_RDONLY);
	assert_int_equal(read(fd, content, sizeof(content)), SIZE);
	assert_memory_equal(content, bytes, SIZE);
	close(fd);
	assert_false(exists(PART_IMAGE));
	assert_false(exists(PART_HAVE));
	assert_int_equal(open_anew(manifest), CHUNKS); /* it is not fetched twice */
	assert_null(part_verify(&part, &image));
	assert_true(exists("1.0.bin"));
}

static void only_what_was_saved_counts(void **state)
{
	(void)state;
	open_anew(manifest);
	write_chunks(0, 3);
	assert_int_equal(open_anew(manifest), 0); /* killed before the data were synced */
	write_chunks(0, 3);
	assert_null(part_save(&part, 3));
	write_chunks(3, 5);
	assert_int_equal(open_anew(manifest), 3);
	write_chunks(3, 5);
	assert_null(part_save(&part, 5));
	assert_int_equal(open_anew(manifest), 5);
	assert_null(part_verify(&part, &image));
}

/* On a full disk that is the room in which the other manifest is written. */
static void the_room_of_another_image_is_given_back_first(void **state)
{
	(void)state;
	open_anew(manifest);
	write_chunks(0, 3);
	assert_null(part_save(&part, 3));
	part_close(&part);
	assert_null(part_begin(&part, &image, manifest));
	assert_true(exists(PART_IMAGE));
	assert_null(part_begin(&part, &image, other_manifest));
	assert_false(exists(PART_IMAGE));
	assert_int_equal(open_anew(manifest), 0);
}

/* Each state that a kill between two writes leaves behind. */
static void a_new_manifest_never_meets_the_old_mark(void **state)
{
	(void)state;
	open_anew(manifest);
	write_chunks(0, 5);
	assert_null(part_save(&part, 5));
	unlinkat(directory, PART_HAVE, 0); /* the mark is gone, the manifest still the old one */
	assert_int_equal(open_anew(manifest), 0);
	write_chunks(0, 5);
	assert_null(part_save(&part, 5));
	assert_int_equal(open_anew(other_manifest), 0);
	assert_int_equal(open_anew(other_manifest), 0); /* no mark yet */
	assert_null(part_save(&part, 2));
	unlinkat(directory, PART_MANIFEST, 0);
	assert_int_equal(open_anew(other_manifest), 0);
}

static void killed_between_the_name_and_the_end(void **state)
{
	(void)state;
	open_anew(manifest);
	write_chunks(0, 5);
	assert_null(part_save(&part, 5));
	renameat(directory, PART_IMAGE, directory, "1.0.bin"); /* the mark is still there */
	assert_int_equal(open_anew(manifest), 5);
	assert_null(part_verify(&part, &image));
	unlinkat(directory, "1.0.bin", 0); /* a mark without its image is none */
	assert_int_equal(open_anew(manifest), 0);
}

static void put(const char *name, const char *content)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	close(fd);
}

static int cut_short(const char *name)
{
	int fd = openat(directory, name, O_WRONLY), result = ftruncate(fd, SIZE - 1);

	close(fd);
	return result;
}

static void marks_that_cannot_be_are_none(void **state)
{
	static const char *const marks[] = {
	    "",      "3", "6\n", "99999999999999999999\n", "-1\n", "x\n", "18446744073709551615\n",
	    "3\n3\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		open_anew(manifest);
		write_chunks(0, 5);
		put(PART_HAVE, marks[i]);
		assert_int_equal(open_anew(manifest), 0);
		assert_false(exists(PART_HAVE));
	}
	put(PART_HAVE, "3\n");
	assert_int_equal(open_anew(manifest), 3);
	assert_int_equal(cut_short(PART_IMAGE), 0);
	assert_int_equal(open_anew(manifest), 0); /* a file that is too short */
}

static void a_wrong_image_is_removed(void **state)
{
	(void)state;
	open_anew(manifest);
	write_chunks(0, 5);
	assert_null(part_write(&part, 2 * CHUNK, SLICE("x")));
	assert_null(part_save(&part, 5));
	assert_string_equal(part_verify(&part, &image), "sha256");
	assert_false(exists(PART_IMAGE));
	assert_false(exists("1.0.bin"));
	assert_int_equal(open_anew(manifest), 0);
	write_chunks(0, 5);
	assert_null(part_verify(&part, &image));
	put("1.0.bin", "short");
	assert_int_equal(open_anew(manifest), 0); /* damaged later */
	write_chunks(0, 5);
	assert_null(part_verify(&part, &image));
	open_anew(manifest);
	assert_int_equal(cut_short("1.0.bin"), 0); /* behind its back */
	assert_string_equal(part_verify(&part, &image), "size");
	assert_false(exists("1.0.bin"));
}

static void images_of_other_versions_go(void **state)
{
	(void)state;
	put("0.9.bin", "old");
	put("installed", "9\n");
	open_anew(manifest);
	assert_true(exists("0.9.bin"));
	write_chunks(0, 5);
	assert_null(part_verify(&part, &image));
	assert_false(exists("0.9.bin"));
	assert_true(exists("installed"));
	assert_true(exists("1.0.bin"));
}

static void a_link_is_not_followed(void **state)
{
	(void)state;
	put(PART_MANIFEST, "one\n");
	assert_int_equal(symlinkat("/etc/passwd", directory, PART_IMAGE), 0);
	assert_int_equal(symlinkat("/etc/passwd", directory, "1.0.bin"), 0);
	part_init(&part, directory, path);
	assert_string_equal(begin_and_open(&image, manifest, &(uint64_t){0}), "disk-error");
	assert_int_equal(access("/etc/passwd", F_OK), 0);
}

static void a_full_disk_is_told_before_anything_is_fetched(void **state)
{
	struct part_image huge = image;

	(void)state;
	huge.size = UINT64_C(1) << 60; /* more than any file system has */
	part_init(&part, directory, path);
	assert_string_equal(begin_and_open(&huge, manifest, &(uint64_t){0}), "no-space");
	assert_false(exists(PART_IMAGE));
	assert_int_equal(open_anew(manifest), 0);
}

#define with_directory(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    with_directory(an_image_gets_its_name_when_it_is_right),
	    with_directory(only_what_was_saved_counts),
	    with_directory(the_room_of_another_image_is_given_back_first),
	    with_directory(a_new_manifest_never_meets_the_old_mark),
	    with_directory(killed_between_the_name_and_the_end),
	    with_directory(marks_that_cannot_be_are_none),
	    with_directory(a_wrong_image_is_removed),
	    with_directory(images_of_other_versions_go),
	    with_directory(a_link_is_not_followed),
	    with_directory(a_full_disk_is_told_before_anything_is_fetched),
	};

	return cmocka_run_group_tests(tests, begin_all, end_all);
}
