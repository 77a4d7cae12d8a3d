/*
 * images: pieces of image files, of files only that are what their manifests say.
 *
 * A file is hashed before the first piece of it is given, and again when it has
 * changed: another inode, size, or time of modification or change than when it was
 * hashed. While it is hashed nothing else is served (a GiB takes a second or
 * two); so a file that keeps changing is tried again after IMAGES_RETRY only.
 * The stamp is compared after the piece was read, so that a piece is from a file
 * that was as it was hashed, to the tick of the clock that files are stamped by.
 *
 * Files are opened below the folder, without following symbolic links, and kept
 * open, the least recently used one making room for another.
 */
#ifndef FW_SERVE_IMAGES_H
#define FW_SERVE_IMAGES_H

#include "base/slice.h"
#include "catalog.h"

#include <stddef.h>
#include <stdint.h>

#define IMAGES_RETRY  INT64_C(1000000) /* microseconds */
#define IMAGES_SETTLE INT64_C(20000)   /* microseconds; more than a tick of any kernel */

enum images_verdict {
	IMAGES_OK,
	IMAGES_UNFIT, /* there is no file, or not the one of the manifest */
	IMAGES_BUSY,  /* it is changing, or cannot be read: perhaps later */
};

struct images_slot {
	struct catalog_image *image; /* NULL: free */
	int fd;
	uint64_t used; /* counted; the lowest was used longest ago */
};

struct images {
	/* To be read by the caller. */
	uint64_t checks; /* files hashed */

	/* Private. */
	int directory;
	struct images_slot *slots;
	size_t count;
	uint64_t uses;
};

/* At most `count` files are kept open. */
void images_init(struct images *s, size_t count);

/* Images of another catalog, in a folder whose descriptor becomes s's. */
void images_reset(struct images *s, int directory);

/* Reads exactly `length` bytes, which must lie within the image's size. */
enum images_verdict images_read(struct images *s, struct catalog_image *image, uint64_t offset,
                                size_t length, char *bytes);

void images_free(struct images *s);

#endif
