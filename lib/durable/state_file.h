/*
 * state_file: a table of series in a file, so that a tool goes on where it was.
 *
 *   TOOL state VERSION<LF>
 *   key (16 bytes)  count  crc
 *   count records, from the series least recently used: name (16 bytes), what the tool keeps
 *
 * All after the first line are 64-bit words, little-endian; crc is the CRC-32C
 * of the words before, and the tool's words end with one of their own. The file
 * is as good as the key in it is secret, so nobody else may read it. It is
 * replaced in one step that survives a loss of power: written beside as
 * PATH.tmp, synced, renamed, the directory synced.
 */
#ifndef SENSORPIPE_STATE_FILE_H
#define SENSORPIPE_STATE_FILE_H

#include "durable/series.h"

#include <stdbool.h>

/* How a tool writes its series. */
struct state_form {
	const char *first_line; /* with its LF, below STATE_LINE_MAX bytes */
	size_t words; /* of a record, at most STATE_WORDS_MAX; the first two are the name */

	/* Fills the words after the name, with a checksum of all. */
	void (*encode)(const void *data, uint64_t words[]);
	/* Into zeroed data; false when it is nothing that encode() gives. */
	bool (*decode)(uint64_t words[], void *data);
};

enum { STATE_LINE_MAX = 64, STATE_WORDS_MAX = 1024 };

/* For records: words as they are in the file, and the checksum of `count` of them. */
uint64_t state_word(double value);
double state_double(uint64_t word);
uint32_t state_crc(const uint64_t words[], size_t count);

enum state_status {
	STATE_READ,
	STATE_ABSENT,     /* there is no such file */
	STATE_UNREADABLE, /* errno tells */
	STATE_DAMAGED,    /* it is no whole state */
};

/* Into an empty table; of more series than it takes, those used last. After anything but STATE_READ
 * the table is not to be used but for series_free(), unless it was STATE_ABSENT. */
enum state_status state_file_read(const char *path, struct series_table *t,
                                  const struct state_form *form);

/* 0, or -1 with errno: then the file is what it was. */
int state_file_write(const char *path, const struct series_table *t, const struct state_form *form);

#endif
