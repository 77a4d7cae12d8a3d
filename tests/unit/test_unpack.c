/* unpack: gzip and zstd by their first bytes, in pieces of any size; what is cut short or damaged
 * is a fault. */
#include "unit.h"

#include "stream/unpack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

static const char text[] = "the first line\nthe second line\n";

enum { TEXT_LEN = sizeof(text) - 1 };

static void add_gzip(struct buf *b, const void *bytes, size_t len)
{
	z_stream z = {.next_in = (unsigned char *)bytes, .avail_in = (unsigned)len};

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, 0), Z_OK);
	buf_reserve(b, deflateBound(&z, len));
	z.next_out = (unsigned char *)b->ptr + b->len;
	z.avail_out = (unsigned)(b->cap - b->len);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	b->len += z.total_out;
	deflateEnd(&z);
}

static void add_zstd(struct buf *b, const void *bytes, size_t len)
{
	size_t n;

	buf_reserve(b, ZSTD_compressBound(len));
	n = ZSTD_compress(b->ptr + b->len, b->cap - b->len, bytes, len, 3);
	assert_false(ZSTD_isError(n));
	b->len += n;
}

/* The bytes in a file; or, by the pipe's other end, as they are written. */
static int file_of(const struct buf *b)
{
	FILE *file = tmpfile();
	int fd = dup(fileno(file));

	assert_int_equal(pwrite(fd, b->ptr, b->len, 0), b->len);
	fclose(file);
	return fd;
}

/* Reads all of it, `piece` bytes at once. */
static void read_all(struct unpack *u, size_t piece, struct buf *out)
{
	ssize_t n;

	do {
		buf_reserve(out, piece);
		n = unpack_read(u, out->ptr + out->len, piece);
		out->len += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && !u->fault && errno == EAGAIN));
}

/* What the packed bytes hold is `count` times the text; its format. */
static enum unpack_format check(const struct buf *packed, int count)
{
	enum unpack_format format = UNPACK_UNKNOWN;

	for (size_t piece = 1; piece < 100; piece += 7) {
		struct buf out = {0};
		struct unpack u;
		int fd = file_of(packed);

		unpack_init(&u, fd);
		read_all(&u, piece, &out);
		assert_null(u.fault);
		assert_int_equal(u.offset, packed->len);
		assert_int_equal(out.len, count * TEXT_LEN);
		for (int i = 0; i < count; i++)
			assert_memory_equal(out.ptr + i * TEXT_LEN, text, TEXT_LEN);
		format = u.format;
		unpack_free(&u);
		close(fd);
		buf_free(&out);
	}
	return format;
}

static void what_is_not_packed_is_given_as_it_is(void **state)
{
	struct buf b = {0};

	(void)state;
	assert_int_equal(check(&b, 0), UNPACK_PLAIN);
	buf_append(&b, text, TEXT_LEN);
	assert_int_equal(check(&b, 1), UNPACK_PLAIN);
	buf_free(&b);
}

static void members_and_frames_are_all_read(void **state)
{
	struct buf b = {0};

	(void)state;
	add_gzip(&b, text, TEXT_LEN);
	assert_int_equal(check(&b, 1), UNPACK_GZIP);
	add_gzip(&b, "", 0);
	add_gzip(&b, text, TEXT_LEN);
	assert_int_equal(check(&b, 2), UNPACK_GZIP);
	buf_clear(&b);
	add_zstd(&b, text, TEXT_LEN);
	assert_int_equal(check(&b, 1), UNPACK_ZSTD);
	add_zstd(&b, "", 0);
	add_zstd(&b, text, TEXT_LEN);
	assert_int_equal(check(&b, 2), UNPACK_ZSTD);
	buf_free(&b);
}

/* As pzstd(1) writes them. */
static void a_skippable_frame_is_skipped(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_append(&b, "\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
	add_zstd(&b, text, TEXT_LEN);
	assert_int_equal(check(&b, 1), UNPACK_ZSTD);
	buf_free(&b);
}

/* More than any buffer holds, from few bytes. */
static void much_from_little(void **state)
{
	enum { SIZE = 3 << 20 };
	char *zeros = test_calloc(1, SIZE);

	(void)state;
	for (int zstd = 0; zstd < 2; zstd++) {
		struct buf b = {0}, out = {0};
		struct unpack u;
		int fd;

		(zstd ? add_zstd : add_gzip)(&b, zeros, SIZE);
		assert_true(b.len < 4096);
		fd = file_of(&b);
		unpack_init(&u, fd);
		read_all(&u, 100000, &out);
		assert_null(u.fault);
		assert_int_equal(out.len, SIZE);
		assert_memory_equal(out.ptr, zeros, SIZE);
		unpack_free(&u);
		close(fd);
		buf_free(&b);
		buf_free(&out);
	}
	test_free(zeros);
}

/* The fault there is in the bytes, or NULL. */
static const char *fault_of(const struct buf *packed, char keep[96])
{
	struct buf out = {0};
	struct unpack u;
	int fd = file_of(packed);
	const char *fault;

	unpack_init(&u, fd);
	read_all(&u, 1000, &out);
	fault = u.fault ? strncpy(keep, u.fault, 95) : NULL;
	keep[95] = '\0';
	unpack_free(&u);
	close(fd);
	buf_free(&out);
	return fault;
}

static void what_is_cut_short_is_a_fault(void **state)
{
	char fault[96];

	(void)state;
	for (int zstd = 0; zstd < 2; zstd++) {
		struct buf b = {0};
		size_t len;

		(zstd ? add_zstd : add_gzip)(&b, text, TEXT_LEN);
		len = b.len;
		/* In the second member, too. */
		(zstd ? add_zstd : add_gzip)(&b, text, TEXT_LEN);
		for (size_t cut = 4; cut < 2 * len; cut++) {
			b.len = cut;
			if (cut == len)
				assert_null(fault_of(&b, fault));
			else
				assert_string_equal(fault_of(&b, fault),
				                    "the compressed data ends too early");
		}
		buf_free(&b);
	}
}

static void damage_is_a_fault(void **state)
{
	char fault[96];

	(void)state;
	for (int zstd = 0; zstd < 2; zstd++) {
		struct buf b = {0};

		(zstd ? add_zstd : add_gzip)(&b, text, TEXT_LEN);
		buf_append_string(&b, "what does not belong there");
		assert_non_null(fault_of(&b, fault));
		assert_memory_equal(fault,
		                    zstd ? "damaged zstd data: " : "damaged gzip data: ", 19);
		buf_free(&b);
	}
	/* The checksum at the end of a gzip member. */
	{
		struct buf b = {0};

		add_gzip(&b, text, TEXT_LEN);
		b.ptr[b.len - 8] ^= 1;
		assert_string_equal(fault_of(&b, fault), "damaged gzip data: incorrect data check");
		buf_free(&b);
	}
}

/* Its frame wants a window of 2^30 bytes. */
static void a_window_beyond_the_bound_is_a_fault(void **state)
{
	struct buf b = {0};
	char fault[96];

	(void)state;
	buf_append(&b, "\x28\xb5\x2f\xfd\x00\xa0\x01\x00\x00", 9);
	assert_string_equal(fault_of(&b, fault),
	                    "damaged zstd data: Frame requires too much memory for decoding");
	buf_free(&b);
}

/* Lines by way of a pipe into which the bytes come one by one. */
static void lines_come_as_soon_as_they_are_there(void **state)
{
	struct buf b = {0};
	struct line_reader r;
	struct slice line;
	struct unpack u;
	int ends[2], lines = 0;

	(void)state;
	add_gzip(&b, text, TEXT_LEN);
	assert_int_equal(pipe(ends), 0);
	line_init(&r, ends[0], "pipe", LINE_MAX_DEFAULT);
	unpack_init(&u, ends[0]);
	r.source = unpack_source(&u);
	r.deadline = 0;
	for (size_t i = 0; i < b.len; i++) {
		assert_int_equal(write(ends[1], b.ptr + i, 1), 1);
		while (line_next(&r, &line) == LINE_OK)
			lines++;
	}
	assert_int_equal(lines, 2);
	close(ends[1]);
	assert_int_equal(line_next(&r, &line), LINE_END);
	assert_null(r.fault);
	unpack_free(&u);
	line_free(&r);
	close(ends[0]);
	buf_free(&b);
}

static void a_fault_ends_the_lines(void **state)
{
	struct buf b = {0};
	struct line_reader r;
	struct slice line;
	struct unpack u;
	int fd;

	(void)state;
	add_gzip(&b, text, TEXT_LEN);
	add_gzip(&b, "begun", 5);
	buf_append_string(&b, "junk");
	fd = file_of(&b);
	line_init(&r, fd, "file", LINE_MAX_DEFAULT);
	unpack_init(&u, fd);
	r.source = unpack_source(&u);
	assert_int_equal(line_next(&r, &line), LINE_OK);
	assert_int_equal(line_next(&r, &line), LINE_OK);
	assert_slice(line, "the second line");
	assert_int_equal(line_next(&r, &line), LINE_TRUNCATED);
	assert_slice(line, "begun");
	assert_int_equal(line_next(&r, &line), LINE_END);
	assert_non_null(r.fault);
	unpack_free(&u);
	close(fd);

	/* Another file, as if nothing had been. */
	b.len = 0;
	buf_append(&b, text, TEXT_LEN);
	fd = file_of(&b);
	line_reopen(&r, fd, "other");
	assert_int_equal(line_next(&r, &line), LINE_OK);
	assert_slice(line, "the first line");
	assert_int_equal(r.number, 1);
	assert_null(r.fault);
	line_free(&r);
	close(fd);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_not_packed_is_given_as_it_is),
	    cmocka_unit_test(members_and_frames_are_all_read),
	    cmocka_unit_test(a_skippable_frame_is_skipped),
	    cmocka_unit_test(much_from_little),
	    cmocka_unit_test(what_is_cut_short_is_a_fault),
	    cmocka_unit_test(damage_is_a_fault),
	    cmocka_unit_test(a_window_beyond_the_bound_is_a_fault),
	    cmocka_unit_test(lines_come_as_soon_as_they_are_there),
	    cmocka_unit_test(a_fault_ends_the_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
