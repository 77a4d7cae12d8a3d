/*
 * manifest: what a version of a model's firmware is, signed.
 *
 *   {"format":1,"model":"thermo","hardware":["A","B2"],"version":"1.4.0","sequence":17,
 *    "minimum":12,"size":131072,"chunk":16384,"sha256":"...","created":"2026-01-31T12:00:00Z"}
 *   ed25519 KEYID BASE64
 *
 * Two lines (the first one is here broken in two), each ended by LF, together
 * MANIFEST_MAX bytes at most. The signature is over MANIFEST_CONTEXT and the
 * first line without its LF, byte for byte, so that nothing has to be written
 * again to be verified; and it is verified before the JSON is parsed, so that only
 * those who hold a key reach the parser.
 *
 * The keys of the object are these, each exactly once, in any order:
 *
 *   format    1
 *   model     a name (firmware/name.h), not one of those that are reserved
 *   hardware  1 to MANIFEST_HARDWARE_MAX names: the revisions that may run it
 *   version   a name
 *   sequence  1 to MANIFEST_SEQUENCE_MOST; orders the versions of a model
 *   minimum   0 to sequence: what is below may not be installed from now on
 *   size      of the image, 1 to MANIFEST_IMAGE_MOST bytes
 *   chunk     of a request, at most; MANIFEST_CHUNK_LEAST to MANIFEST_CHUNK_MOST bytes
 *   sha256    of the image, 64 hex digits, lower case
 *   created   RFC 3339
 */
#ifndef SENSORPIPE_FIRMWARE_MANIFEST_H
#define SENSORPIPE_FIRMWARE_MANIFEST_H

#include "base/buf.h"
#include "base/slice.h"
#include "firmware/sha256.h"
#include "firmware/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MANIFEST_MAX = 4096,        /* bytes */
	MANIFEST_HARDWARE_MAX = 16, /* revisions */
	MANIFEST_CHUNK_LEAST = 4096,
	MANIFEST_CHUNK_MOST = 32768,
	MANIFEST_CHUNK_DEFAULT = 16384,
};
#define MANIFEST_IMAGE_MOST    ((uint64_t)1 << 30)
#define MANIFEST_SEQUENCE_MOST (((uint64_t)1 << 53) - 1) /* exact in any JSON (RFC 7493) */
#define MANIFEST_CONTEXT       "sensorpipe-firmware-manifest-1\n"
#define MANIFEST_CONTENT_TYPE  "text/plain"

/* Its slices point into the text it was parsed from. */
struct manifest {
	struct slice model, version;
	struct slice hardware[MANIFEST_HARDWARE_MAX];
	size_t hardware_count;
	uint64_t sequence, minimum;
	uint64_t size;  /* bytes */
	uint32_t chunk; /* bytes */
	unsigned char sha256[SHA256_SIZE];
	int64_t created; /* microseconds since the epoch */
};

enum manifest_verdict {
	MANIFEST_GOOD,
	MANIFEST_MALFORMED,     /* not the two lines, or the object is not what is written above */
	MANIFEST_UNKNOWN_KEY,   /* signed, it says, by a key that is not at hand */
	MANIFEST_BAD_SIGNATURE, /* not by that key, or changed since */
};

/* "malformed", "unknown-key", "bad-signature": codes for dead letters and states. */
const char *manifest_verdict_code(enum manifest_verdict verdict);

/*
 * For who does not trust where the text comes from: checks the signature, by
 * whichever of the keys it names, then parses. But for MANIFEST_GOOD, *fault is
 * what is wrong, a static text, and m must not be used. Without keys nothing is good.
 */
enum manifest_verdict manifest_open(struct slice text, const struct firmware_key *keys,
                                    size_t key_count, struct manifest *m, const char **fault);

/* For who only hands it on: parses, and does not look whose signature it is. */
enum manifest_verdict manifest_parse(struct slice text, struct manifest *m, const char **fault);

/* NULL, or what makes these contents no manifest, a static text. */
const char *manifest_fault(const struct manifest *m);

/* Appends both lines. `m` must be without fault. 0, or -1: longer than MANIFEST_MAX, or the library
 * failed; then nothing was appended. */
int manifest_sign(struct buf *b, const struct manifest *m, const struct firmware_key *key);

/* Whether a revision of the hardware may run it. */
bool manifest_takes_hardware(const struct manifest *m, struct slice revision);

#endif
