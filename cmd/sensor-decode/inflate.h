/*
 * inflate: payloads with a content coding (RFC 9110 section 8.4.1), made plain.
 *
 *   gzip, x-gzip  RFC 1952; all members
 *   deflate       the zlib format, RFC 1950; not the bare stream some call so
 *   zstd          RFC 8878; all frames, also skippable ones, none that needs a dictionary
 *
 * What ends too early, is damaged, or is followed by something else is a fault.
 * What is made is written to one buffer of the largest size allowed and never
 * beyond it, so neither a high ratio nor a large window costs memory; a page of
 * it that was not needed yet is none. Nothing is allocated for a message but
 * for the first of its coding.
 */
#ifndef SENSOR_DECODE_INFLATE_H
#define SENSOR_DECODE_INFLATE_H

#include "base/buf.h"
#include "base/slice.h"
#include "fault.h"

#include <stdbool.h>

enum coding { CODING_IDENTITY, CODING_GZIP, CODING_DEFLATE, CODING_ZSTD };

/* The coding of that name, in any case. Returns false when there is none. */
bool coding_read(struct slice name, enum coding *coding);

/* A zeroed one is ready. */
struct inflater {
	struct z_stream_s *zlib;
	struct ZSTD_DCtx_s *zstd;
	struct buf plain;
};

/* Makes the bytes plain, which must be of a coding other than identity: up to `max` bytes, valid
 * until the next call. Returns 0, or -1 with the fault set. */
int inflater_take(struct inflater *i, enum coding coding, struct slice bytes, size_t max,
                  struct slice *plain, struct fault *fault);

void inflater_free(struct inflater *i);

#endif
