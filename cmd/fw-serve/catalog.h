/*
 * catalog: which images there are to serve.
 *
 *   DIR/MODEL/VERSION.manifest   a signed manifest (firmware/manifest.h)
 *   DIR/MODEL/VERSION.bin        its image
 *
 * A manifest counts where its model and version are those of its path, and,
 * where keys are given, one of them signed it. What is not such a file, or is
 * hidden, a symbolic link, or no regular file, is passed over; a manifest that does
 * not count is warned of. The images are not looked at here (see images.h).
 */
#ifndef FW_SERVE_CATALOG_H
#define FW_SERVE_CATALOG_H

#include "base/slice.h"
#include "firmware/name.h"
#include "firmware/sha256.h"
#include "firmware/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum { CATALOG_IMAGES_MAX = 4096 }; /* of all models; the rest is warned of and left out */

/* What images.c knows of the file; to be left zeroed at first. */
struct image_state {
	bool judged; /* the file with this stamp was read, and ... */
	bool good;   /* ... is the one of the manifest */
	bool unfit;  /* what to say until it is tried again */
	struct stat stamp;
	int error;        /* of the attempt before, so that it is warned of once; 0: none */
	int64_t retry_at; /* clock_monotonic(); not tried again before */
};

struct catalog_image {
	char model[FIRMWARE_NAME_MAX + 1], version[FIRMWARE_NAME_MAX + 1];
	uint64_t size;  /* bytes */
	uint32_t chunk; /* bytes */
	unsigned char sha256[SHA256_SIZE];
	struct image_state state;
};

struct catalog {
	struct catalog_image *images; /* by model and version */
	size_t count;
	uint64_t refused; /* manifests that do not count */
};

/* Reads a folder, whose descriptor stays the caller's. 0, or -1 with errno: it cannot be listed. */
int catalog_read(struct catalog *c, int directory, const struct firmware_key *keys,
                 size_t key_count);

/* NULL: there is none; *has_model tells whether there is another version of the model. */
struct catalog_image *catalog_find(const struct catalog *c, struct slice model,
                                   struct slice version, bool *has_model);

/* What is known of the files of `before` holds for the same images in c. */
void catalog_inherit(struct catalog *c, const struct catalog *before);

void catalog_free(struct catalog *c);

#endif
