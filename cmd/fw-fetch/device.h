/*
 * device: the directory of a device's firmware, and what it must not forget.
 *
 *   DIR/installed   the sequence whose command succeeded last
 *   DIR/failed      the sequence whose command failed last
 *   DIR/floor       the highest `minimum` of all manifests accepted
 *
 * Each is a mark (durable/mark.h); a file that is not there stands for 0. The
 * directory itself is locked (flock(2)): there is one process at a time. The
 * command inherits the lock, so that one which outlives the tool is not started
 * a second time beside itself.
 */
#ifndef FW_FETCH_DEVICE_H
#define FW_FETCH_DEVICE_H

#include <stdint.h>

struct device {
	const char *path;
	int directory; /* locked */
	uint64_t installed, failed, floor;
};

/* Opens the directory, making it where there is none (not the one above it), and reads the marks.
 * Ends the process with EX_CANTCREAT when it cannot be opened, EX_TEMPFAIL when another one has it,
 * EX_IOERR when a mark cannot be read, EX_DATAERR when it is none. */
void device_open(struct device *d, const char *path);

/* Keep these marks; those that did not change are not written. NULL, or a reason as of part.h. */
const char *device_keep_floor(struct device *d, uint64_t floor);
const char *device_keep_outcome(struct device *d, uint64_t installed, uint64_t failed);

#endif
