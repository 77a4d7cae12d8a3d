/*
 * files: the keys, manifests and images that fw-sign is given. What cannot be read, or is not what
 * it should be, ends the process with EX_NOINPUT or EX_DATAERR.
 */
#ifndef FW_SIGN_FILES_H
#define FW_SIGN_FILES_H

#include "base/buf.h"
#include "firmware/sha256.h"
#include "firmware/signature.h"

#include <stddef.h>
#include <stdint.h>

/* The caller frees the keys. */
void files_read_private_key(const char *path, struct firmware_key *key);
void files_read_public_keys(const char *const *paths, size_t count, struct firmware_key *keys);

/* Appends the text of a manifest, from a file or a pipe; at most one byte more than it may have. */
void files_read_manifest(const char *path, struct buf *text);

/* What an image is: a regular file of 1 to MANIFEST_IMAGE_MOST bytes. */
struct image {
	uint64_t size; /* bytes */
	unsigned char sha256[SHA256_SIZE];
};
void files_read_image(const char *path, struct image *image);

#endif
