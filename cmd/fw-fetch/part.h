/*
 * part: an image on its way to the disk, such that a kill or a loss of power at any point costs at
 * most what was not saved.
 *
 *   DIR/manifest     the manifest of the image that is wanted, as it was received
 *   DIR/image.part   the image so far, of its full size from the start
 *   DIR/have.part    how many of its chunks are on the disk: a mark (durable/mark.h)
 *   DIR/VERSION.bin  the image, once it was verified
 *
 * The order of writes: what there is of another image is removed, then the manifest
 * is replaced, then the file is made; data are synced (fdatasync(2)) before the
 * mark that tells of them is written; the verified file is synced and renamed,
 * and the directory synced, before anybody is told. So the mark never tells of
 * bytes that are not there, nor belongs to another manifest. What stands in the
 * way of that starts the image again from nothing.
 *
 * Functions that can fail return NULL, or a reason: a static text, one of
 * no-space, read-only, no-permission, disk-error, or, by part_verify(), size and
 * sha256. What exactly failed is said by msg_warn() where it happens.
 */
#ifndef FW_FETCH_PART_H
#define FW_FETCH_PART_H

#include "base/buf.h"
#include "base/slice.h"
#include "firmware/name.h"
#include "firmware/sha256.h"

#include <stdbool.h>
#include <stdint.h>

#define PART_MANIFEST "manifest"
#define PART_IMAGE    "image.part"
#define PART_HAVE     "have.part"
enum { PART_NAME_MAX = FIRMWARE_NAME_MAX + 4 + 1 }; /* VERSION.bin with its NUL */

/* Which image it is. */
struct part_image {
	const char *version; /* checked: it becomes a file name */
	uint64_t size;       /* bytes */
	uint32_t chunk;      /* bytes */
	unsigned char sha256[SHA256_SIZE];
};

struct part {
	int directory;    /* the caller's */
	const char *path; /* of the directory, for messages */

	/* Private. */
	int fd;      /* of the image; -1: not open */
	bool is_new; /* its manifest is not the one that is kept */
	bool named;  /* it is VERSION.bin */
	uint64_t kept;
	char name[PART_NAME_MAX]; /* of the image, once it is verified */
};

void part_init(struct part *p, int directory, const char *path);

/* Appends the manifest that is kept. 1, 0: there is none, or -1 with errno (EFBIG: over `most`). */
int part_manifest(const struct part *p, size_t most, struct buf *text);

/* Another manifest than the one that is kept starts from nothing: what there is of an image is
 * removed, and its room is free for what is written before part_open(), too. */
const char *part_begin(struct part *p, const struct part_image *image, struct slice manifest);

/* After part_begin() with the same: makes ready for writing. `chunks` of the image are there
 * already, all where it was verified before. */
const char *part_open(struct part *p, const struct part_image *image, struct slice manifest,
                      uint64_t *chunks);

const char *part_write(struct part *p, uint64_t offset, struct slice bytes);

/* Syncs what was written, then keeps how many chunks from the start are there. */
const char *part_save(struct part *p, uint64_t chunks);

/* Reads the whole file back and compares it with what the image is. Where it differs everything of
 * it is removed. Where it does not, it gets its name, and images of other names are removed. */
const char *part_verify(struct part *p, const struct part_image *image);

void part_close(struct part *p);

/* The reason for a failed system call. */
const char *part_reason(int error);

#endif
