/*
 * files: whole small files of a directory, read and replaced such that a loss of power leaves the
 * old one or the new one.
 *
 * `directory` is an open descriptor; names are plain names in it. Symbolic links
 * are not followed.
 */
#ifndef FW_FETCH_FILES_H
#define FW_FETCH_FILES_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

/* Appends the content. 1; 0: there is no such file; -1 with errno, EFBIG when it has over `most`
 * bytes. */
int file_read(int directory, const char *name, size_t most, struct buf *content);

/* Written beside as NAME.tmp, synced, renamed, the directory synced. 0, or -1 with errno. */
int file_replace(int directory, const char *name, struct slice content);

/* Removes the file; one that is not there is as good. The directory is not synced. 0, or -1 with
 * errno. */
int file_remove(int directory, const char *name);

/* Writes all bytes at an offset. 0, or -1 with errno. */
int file_write_at(int fd, uint64_t offset, struct slice bytes);

#endif
