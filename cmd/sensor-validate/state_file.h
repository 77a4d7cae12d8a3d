/*
 * state_file: the table of series in a file, so that checks go on where they were.
 *
 *   sensor-validate state 1<LF>
 *   key (16 bytes)  count  crc
 *   count records, from the series least recently used: name (16 bytes), time, flat-since, last,
 *   before, low, high, tail
 *
 * All after the first line are 64-bit words, little-endian; crc and the upper
 * half of tail are the CRC-32C of the words before, the lower half of tail is
 * values + 256 * failed. The file is as good as the key in it is secret, so
 * nobody else may read it. It is replaced in one step that survives a loss of
 * power: written beside as PATH.tmp, synced, renamed, the directory synced.
 */
#ifndef SENSOR_VALIDATE_STATE_FILE_H
#define SENSOR_VALIDATE_STATE_FILE_H

#include "series.h"

enum state_status {
	STATE_READ,
	STATE_ABSENT,     /* there is no such file */
	STATE_UNREADABLE, /* errno tells */
	STATE_DAMAGED,    /* it is no whole state */
};

/* Into an empty table; of more series than it takes, those used last. After anything but STATE_READ
 * the table is not to be used but for series_free(), unless it was STATE_ABSENT. */
enum state_status state_file_read(const char *path, struct series_table *t);

/* 0, or -1 with errno: then the file is what it was. */
int state_file_write(const char *path, const struct series_table *t);

#endif
