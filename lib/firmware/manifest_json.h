/*
 * manifest_json: the object in a manifest's first line, read and written.
 */
#ifndef SENSORPIPE_FIRMWARE_MANIFEST_JSON_H
#define SENSORPIPE_FIRMWARE_MANIFEST_JSON_H

#include "firmware/manifest.h"

/* NULL, or what is wrong, a static text. */
const char *manifest_read_object(struct slice object, struct manifest *m);

/* Appends the object, in one line without LF. */
void manifest_append_object(struct buf *b, const struct manifest *m);

#endif
