#include "inflate.h"

#include "base/msg.h"

#include <stdlib.h>
#include <strings.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { GZIP_ONLY = 16 }; /* to be added to zlib's window bits */

bool coding_read(struct slice name, enum coding *coding)
{
	static const struct {
		const char *name;
		enum coding coding;
	} known[] = {
	    {"gzip", CODING_GZIP}, {"x-gzip", CODING_GZIP},       {"deflate", CODING_DEFLATE},
	    {"zstd", CODING_ZSTD}, {"identity", CODING_IDENTITY},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (name.len == strlen(known[i].name) &&
		    strncasecmp(name.ptr, known[i].name, name.len) == 0) {
			*coding = known[i].coding;
			return true;
		}
	}
	return false;
}

static int too_large(size_t max, struct fault *fault)
{
	return fault_set(fault, FAULT_TOO_LARGE,
	                 "decompressed, the payload has more than %zu bytes", max);
}

static int damaged(const char *coding, size_t offset, const char *what, struct fault *fault)
{
	return fault_set(fault, FAULT_BAD_ENCODING, "%s, offset %zu: %s", coding, offset, what);
}

/* ---- gzip, deflate ---- */

static z_stream *zlib_of(struct inflater *i)
{
	if (i->zlib)
		return i->zlib;
	i->zlib = calloc(1, sizeof(*i->zlib));
	if (!i->zlib || inflateInit(i->zlib) != Z_OK)
		msg_die(EX_OSERR, "out of memory");
	return i->zlib;
}

/* What inflate() says of a stream it did not bring to its end. */
static const char *zlib_fault(const z_stream *z, int result)
{
	switch (result) {
	case Z_MEM_ERROR:
		msg_die(EX_OSERR, "out of memory");
	case Z_BUF_ERROR:
		return "it ends too early";
	case Z_NEED_DICT:
		return "it needs a dictionary";
	default:
		return z->msg ? z->msg : "damaged";
	}
}

/* The members of gzip, or the one stream of zlib. Room for one byte more than may be tells whether
 * there are too many. */
static int take_zlib(struct inflater *i, enum coding coding, struct slice bytes, size_t max,
                     struct fault *fault)
{
	const char *name = coding == CODING_GZIP ? "gzip" : "deflate";
	z_stream *z = zlib_of(i);
	struct buf *plain = &i->plain;
	int result;

	z->next_in = (unsigned char *)(uintptr_t)bytes.ptr;
	z->avail_in = (unsigned)bytes.len;
	do {
		if (inflateReset2(z, MAX_WBITS + (coding == CODING_GZIP ? GZIP_ONLY : 0)) != Z_OK)
			msg_die(EX_SOFTWARE, "zlib: inflateReset2 failed");
		z->next_out = (unsigned char *)plain->ptr + plain->len;
		z->avail_out = (unsigned)(max + 1 - plain->len);
		result = inflate(z, Z_FINISH);
		plain->len = max + 1 - z->avail_out;
		if (plain->len > max)
			return too_large(max, fault);
		if (result != Z_STREAM_END)
			return damaged(name, bytes.len - z->avail_in, zlib_fault(z, result), fault);
	} while (coding == CODING_GZIP && z->avail_in > 0);
	if (z->avail_in > 0)
		return damaged(name, bytes.len - z->avail_in, "something follows the stream",
		               fault);
	return 0;
}

/* ---- zstd ---- */

static ZSTD_DCtx *zstd_of(struct inflater *i)
{
	if (!i->zstd)
		i->zstd = ZSTD_createDCtx();
	if (!i->zstd)
		msg_die(EX_OSERR, "out of memory");
	return i->zstd;
}

/* A frame, also a skippable one. Not those that were in use before RFC 8878, which the library may
 * know, too. */
static bool is_frame(struct slice s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	uint32_t magic;

	if (s.len < sizeof(magic))
		return false;
	magic = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
	return magic == ZSTD_MAGICNUMBER ||
	       (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
}

static int zstd_fault(size_t result, size_t offset, size_t max, struct fault *fault)
{
	switch (ZSTD_getErrorCode(result)) {
	case ZSTD_error_dstSize_tooSmall:
		return too_large(max, fault);
	case ZSTD_error_memory_allocation:
		msg_die(EX_OSERR, "out of memory");
	case ZSTD_error_srcSize_wrong:
		return damaged("zstd", offset, "it ends too early", fault);
	default:
		return damaged("zstd", offset, ZSTD_getErrorName(result), fault);
	}
}

static int take_zstd(struct inflater *i, struct slice bytes, size_t max, struct fault *fault)
{
	ZSTD_DCtx *context = zstd_of(i);
	struct buf *plain = &i->plain;
	struct slice rest = bytes;
	size_t size, result;

	do {
		if (!is_frame(rest))
			return damaged("zstd", bytes.len - rest.len, "no frame", fault);
		size = ZSTD_findFrameCompressedSize(rest.ptr, rest.len);
		result = ZSTD_isError(size) ? size
		                            : ZSTD_decompressDCtx(context, plain->ptr + plain->len,
		                                                  max - plain->len, rest.ptr, size);
		if (ZSTD_isError(result))
			return zstd_fault(result, bytes.len - rest.len, max, fault);
		plain->len += result;
		rest.ptr += size;
		rest.len -= size;
	} while (rest.len > 0);
	return 0;
}

/* ---- all of them ---- */

int inflater_take(struct inflater *i, enum coding coding, struct slice bytes, size_t max,
                  struct slice *plain, struct fault *fault)
{
	int result;

	buf_clear(&i->plain);
	buf_reserve(&i->plain, max + 1);
	result = coding == CODING_ZSTD ? take_zstd(i, bytes, max, fault)
	                               : take_zlib(i, coding, bytes, max, fault);
	*plain = buf_slice(&i->plain);
	return result;
}

void inflater_free(struct inflater *i)
{
	if (i->zlib)
		inflateEnd(i->zlib);
	free(i->zlib);
	ZSTD_freeDCtx(i->zstd);
	buf_free(&i->plain);
	*i = (struct inflater){0};
}
