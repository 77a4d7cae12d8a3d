/*
 * Images on the disk: what is served, and what no longer is once it was changed, cut, replaced.
 */
#include "../unit.h"

#include "../../../cmd/fw-serve/images.h"

#include "base/clock.h"
#include "firmware/sha256.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SIZE = 10000, PIECE = 4096 };

struct fixture {
	char path[32]; /* holds m/1.bin */
	char bin[64], other[64];
	char content[SIZE];
	struct catalog_image image;
	struct images images;
};

static void write_file(const char *path, const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static int setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));
	char folder[64];

	strcpy(f->path, "/tmp/sp.images.XXXXXX");
	assert_non_null(mkdtemp(f->path));
	snprintf(folder, sizeof(folder), "%s/m", f->path);
	assert_int_equal(mkdir(folder, 0755), 0);
	snprintf(f->bin, sizeof(f->bin), "%s/m/1.bin", f->path);
	snprintf(f->other, sizeof(f->other), "%s/m/other", f->path);
	for (int i = 0; i < SIZE; i++)
		f->content[i] = (char)(i * 7);
	write_file(f->bin, f->content, SIZE);

	f->image = (struct catalog_image){
	    .model = "m", .version = "1", .size = SIZE, .chunk = PIECE};
	assert_int_equal(sha256_bytes((struct slice){f->content, SIZE}, f->image.sha256), 0);
	images_init(&f->images, 2);
	images_reset(&f->images, open(f->path, O_RDONLY | O_DIRECTORY));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char folder[64];

	images_free(&f->images);
	unlink(f->bin);
	unlink(f->other);
	snprintf(folder, sizeof(folder), "%s/m", f->path);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(rmdir(f->path), 0);
	test_free(f);
	return 0;
}

static enum images_verdict read_at(struct fixture *f, uint64_t offset, size_t length)
{
	char piece[PIECE];
	enum images_verdict verdict;

	verdict = images_read(&f->images, &f->image, offset, length, piece);
	if (verdict == IMAGES_OK)
		assert_memory_equal(piece, f->content + offset, length);
	return verdict;
}

/* As if IMAGES_RETRY had passed. */
static void wait_for_retry(struct fixture *f)
{
	assert_true(f->image.state.retry_at > clock_monotonic());
	f->image.state.retry_at = 0;
}

static void test_pieces(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(read_at(f, 0, PIECE), IMAGES_OK);
	assert_int_equal(read_at(f, SIZE - 1, 1), IMAGES_OK);
	assert_int_equal(read_at(f, 1, PIECE), IMAGES_OK);
	assert_int_equal(f->images.checks, 1);
}

/* One byte is another, of the same size: noticed, refused, and good again when it is put right. */
static void test_overwritten(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(read_at(f, 0, 1), IMAGES_OK);
	f->content[5000] ^= 1;
	write_file(f->bin, f->content, SIZE);
	assert_int_equal(read_at(f, 0, 1), IMAGES_UNFIT);
	assert_int_equal(f->images.checks, 2);

	/* Who asks again and again does not have it hashed again. */
	wait_for_retry(f);
	assert_int_equal(read_at(f, 0, 1), IMAGES_UNFIT);
	assert_int_equal(f->images.checks, 2);

	wait_for_retry(f);
	f->content[5000] ^= 1;
	write_file(f->bin, f->content, SIZE);
	assert_int_equal(read_at(f, 0, 1), IMAGES_OK);
}

static void test_cut(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(read_at(f, 0, 1), IMAGES_OK);
	assert_int_equal(truncate(f->bin, 100), 0);
	assert_int_equal(read_at(f, 5000, PIECE), IMAGES_UNFIT);
	assert_int_equal(read_at(f, 0, 1), IMAGES_UNFIT);
}

/* Renamed over: the file that is open is no longer the one that is named. */
static void test_replaced(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(read_at(f, 0, 1), IMAGES_OK);
	f->content[0] ^= 1;
	write_file(f->other, f->content, SIZE);
	assert_int_equal(rename(f->other, f->bin), 0);
	assert_int_equal(read_at(f, 1, 1), IMAGES_UNFIT);
}

static void test_missing(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(unlink(f->bin), 0);
	assert_int_equal(read_at(f, 0, 1), IMAGES_UNFIT);
	write_file(f->bin, f->content, SIZE);
	assert_int_equal(read_at(f, 0, 1), IMAGES_UNFIT);
	wait_for_retry(f);
	assert_int_equal(read_at(f, 0, 1), IMAGES_OK);
}

/* What is not a regular file in its place is not followed, nor waited for. */
static void test_other_kinds(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(rename(f->bin, f->other), 0);
	assert_int_equal(symlink("other", f->bin), 0);
	assert_int_equal(read_at(f, 0, 1), IMAGES_UNFIT);
	wait_for_retry(f);
	assert_int_equal(unlink(f->bin), 0);
	assert_int_equal(mkfifo(f->bin, 0644), 0);
	assert_int_equal(read_at(f, 0, 1), IMAGES_UNFIT);
	wait_for_retry(f);
	assert_int_equal(unlink(f->bin), 0);
	assert_int_equal(rename(f->other, f->bin), 0);
	assert_int_equal(read_at(f, 0, 1), IMAGES_OK);
}

/* More images than may be open: each is hashed once all the same. */
static void test_few_open(void **state)
{
	struct catalog_image images[5];
	struct fixture *f = *state;
	char byte;

	for (int i = 0; i < 5; i++)
		images[i] = f->image;
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 5; i++) {
			assert_int_equal(images_read(&f->images, &images[i], 7, 1, &byte),
			                 IMAGES_OK);
			assert_int_equal(byte, f->content[7]);
		}
	assert_int_equal(f->images.checks, 5);
	images_reset(&f->images, -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_pieces),  TEST(test_overwritten), TEST(test_cut),      TEST(test_replaced),
	    TEST(test_missing), TEST(test_other_kinds), TEST(test_few_open),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
