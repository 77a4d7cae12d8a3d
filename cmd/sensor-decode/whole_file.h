/*
 * whole_file: a file that the tool is set up by, read at once.
 */
#ifndef SENSOR_DECODE_WHOLE_FILE_H
#define SENSOR_DECODE_WHOLE_FILE_H

#include "base/buf.h"

#include <stddef.h>

/* Appends the file's bytes. One that cannot be read ends the process with EX_NOINPUT, one of more
 * than `max` bytes with EX_CONFIG; `what` names it in the message. */
void whole_file_read(const char *what, const char *path, size_t max, struct buf *text);

#endif
