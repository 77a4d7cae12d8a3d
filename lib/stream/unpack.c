#include "stream/unpack.h"

#include "base/msg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum {
	READ_SIZE = 128 * 1024,
	MAGIC_SIZE = 4,
	GZIP_ONLY = 16, /* to be added to zlib's window bits */
};

void unpack_init(struct unpack *u, int fd)
{
	*u = (struct unpack){.fd = fd, .bytes = malloc(READ_SIZE)};
	if (!u->bytes)
		msg_die(EX_OSERR, "out of memory");
}

void unpack_free(struct unpack *u)
{
	if (u->format == UNPACK_GZIP) {
		inflateEnd(u->codec);
		free(u->codec);
	}
	if (u->format == UNPACK_ZSTD)
		ZSTD_freeDStream(u->codec);
	free(u->bytes);
	u->bytes = NULL;
}

/* ---- the two codecs ---- */

static void open_gzip(struct unpack *u)
{
	z_stream *z = calloc(1, sizeof(*z));

	if (!z || inflateInit2(z, MAX_WBITS + GZIP_ONLY) != Z_OK)
		msg_die(EX_OSERR, "out of memory");
	u->codec = z;
}

static void open_zstd(struct unpack *u)
{
	u->codec = ZSTD_createDStream();
	if (!u->codec || ZSTD_isError(ZSTD_initDStream(u->codec)) ||
	    ZSTD_isError(ZSTD_DCtx_setParameter(u->codec, ZSTD_d_windowLogMax, UNPACK_WINDOW_LOG)))
		msg_die(EX_OSERR, "out of memory");
}

static ssize_t damaged(struct unpack *u, const char *codec, const char *what)
{
	snprintf(u->text, sizeof(u->text), "damaged %s data: %s", codec, what);
	u->fault = u->text;
	return -1;
}

/* Take in what is buffered, as far as there is room; the bytes given, or -1 with u->fault. */
static ssize_t take_gzip(struct unpack *u, void *bytes, size_t len)
{
	z_stream *z = u->codec;
	int result;

	if (!u->inside && inflateReset(z) != Z_OK)
		msg_die(EX_SOFTWARE, "zlib: inflateReset failed");
	z->next_in = (unsigned char *)u->bytes + u->start;
	z->avail_in = (unsigned)(u->end - u->start);
	z->next_out = bytes;
	z->avail_out = (unsigned)len;
	result = inflate(z, Z_NO_FLUSH);
	u->start = u->end - z->avail_in;
	u->inside = result != Z_STREAM_END;
	u->full = u->inside && z->avail_out == 0;
	if (result == Z_MEM_ERROR)
		msg_die(EX_OSERR, "out of memory");
	if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
		return damaged(u, "gzip", z->msg ? z->msg : "zlib does not say why");
	return (ssize_t)(len - z->avail_out);
}

static ssize_t take_zstd(struct unpack *u, void *bytes, size_t len)
{
	ZSTD_inBuffer in = {u->bytes + u->start, u->end - u->start, 0};
	ZSTD_outBuffer out = {bytes, len, 0};
	size_t result = ZSTD_decompressStream(u->codec, &out, &in);

	u->start += in.pos;
	u->inside = result != 0;
	u->full = u->inside && out.pos == out.size;
	if (ZSTD_isError(result))
		return damaged(u, "zstd", ZSTD_getErrorName(result));
	return (ssize_t)out.pos;
}

static ssize_t take_plain(struct unpack *u, void *bytes, size_t len)
{
	size_t n = u->end - u->start;

	n = n < len ? n : len;
	memcpy(bytes, u->bytes + u->start, n);
	u->start += n;
	return (ssize_t)n;
}

static ssize_t take(struct unpack *u, void *bytes, size_t len)
{
	/* Their counts are of this type. */
	if (len > UINT32_MAX)
		len = UINT32_MAX;
	switch (u->format) {
	case UNPACK_GZIP:
		return take_gzip(u, bytes, len);
	case UNPACK_ZSTD:
		return take_zstd(u, bytes, len);
	default:
		return take_plain(u, bytes, len);
	}
}

/* ---- reading ---- */

static bool is_zstd(const unsigned char *p)
{
	static const unsigned char frame[] = {0x28, 0xb5, 0x2f, 0xfd},
				   skippable[] = {0x2a, 0x4d, 0x18};

	return memcmp(p, frame, sizeof(frame)) == 0 ||
	       ((p[0] & 0xf0) == 0x50 && memcmp(p + 1, skippable, sizeof(skippable)) == 0);
}

/* By the first bytes; they are all there, or the file has no more. */
static void find_format(struct unpack *u)
{
	static const unsigned char gzip[] = {0x1f, 0x8b, Z_DEFLATED};
	const unsigned char *p = (const unsigned char *)u->bytes;

	u->format = UNPACK_PLAIN;
	if (u->end < MAGIC_SIZE)
		return;
	if (memcmp(p, gzip, sizeof(gzip)) == 0) {
		open_gzip(u);
		u->format = UNPACK_GZIP;
	} else if (is_zstd(p)) {
		open_zstd(u);
		u->format = UNPACK_ZSTD;
	}
}

static bool has_bytes(const struct unpack *u)
{
	return u->start < u->end || u->full;
}

/* Reads into the buffer, all of which was taken in, or where the format is not known yet. */
static ssize_t fill(struct unpack *u)
{
	ssize_t n;

	if (u->start == u->end)
		u->start = u->end = 0;
	n = read(u->fd, u->bytes + u->end, READ_SIZE - u->end);
	if (n < 0)
		return -1;
	u->at_end = n == 0;
	u->end += (size_t)n;
	u->offset += (uint64_t)n;
	if (u->format == UNPACK_UNKNOWN && (u->at_end || u->end >= MAGIC_SIZE))
		find_format(u);
	return n;
}

ssize_t unpack_read(struct unpack *u, void *bytes, size_t len)
{
	ssize_t n;

	/* What is not compressed goes past the buffer. */
	if (u->format == UNPACK_PLAIN && !has_bytes(u)) {
		n = read(u->fd, bytes, len);
		u->offset += n > 0 ? (uint64_t)n : 0;
		return n;
	}
	if (!u->at_end && (u->format == UNPACK_UNKNOWN || !has_bytes(u)) && fill(u) < 0)
		return -1;
	if (u->format == UNPACK_UNKNOWN) {
		errno = EAGAIN;
		return -1;
	}
	n = has_bytes(u) ? take(u, bytes, len) : 0;
	if (n != 0)
		return n;
	if (!u->at_end) {
		errno = EAGAIN;
		return -1;
	}
	if (u->inside) {
		u->fault = "the compressed data ends too early";
		return -1;
	}
	return 0;
}

/* ---- for a line_reader ---- */

static ssize_t source_read(void *self, void *bytes, size_t len)
{
	return unpack_read(self, bytes, len);
}

static bool source_pending(const void *self)
{
	const struct unpack *u = self;

	return u->format != UNPACK_UNKNOWN && has_bytes(u);
}

static const char *source_fault(const void *self)
{
	const struct unpack *u = self;

	return u->fault;
}

struct line_source unpack_source(struct unpack *u)
{
	return (struct line_source){source_read, source_pending, source_fault, u};
}
