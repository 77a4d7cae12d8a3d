/*
 * mark: a sequence number in a small file: a checkpoint, or how far a spool was trimmed.
 *
 * The file holds the number in decimal and a line end. It is replaced in one
 * step that survives a loss of power: written beside as NAME.tmp, synced,
 * renamed, the directory synced. So a reader sees the old number or the new one.
 * `directory` is an open descriptor of the directory that holds the file.
 */
#ifndef SENSORPIPE_MARK_H
#define SENSORPIPE_MARK_H

#include <stdint.h>

/* 1: *seq was read; 0: there is no such file; -1: it cannot be read (errno) or holds something else
 * (errno EINVAL). */
int mark_read(int directory, const char *name, uint64_t *seq);

/* 0, or -1 with errno: then the file holds the old number. */
int mark_write(int directory, const char *name, uint64_t seq);

#endif
