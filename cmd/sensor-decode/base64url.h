/*
 * base64url: bytes as text in the URL-safe alphabet, without padding (RFC 4648 section 5).
 */
#ifndef SENSOR_DECODE_BASE64URL_H
#define SENSOR_DECODE_BASE64URL_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

void base64url_append(struct buf *b, struct slice bytes);

/* The text stands for whole bytes. */
bool base64url_valid(struct slice text);

#endif
