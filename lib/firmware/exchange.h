/*
 * exchange: the MQTT 5 properties that requests and replies are made of.
 */
#ifndef SENSORPIPE_FIRMWARE_EXCHANGE_H
#define SENSORPIPE_FIRMWARE_EXCHANGE_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A property that is looked for. */
struct exchange_property {
	const char *name;
	bool mqtt; /* one of MQTT's own */
	bool found;
	struct slice value;
};

/* Looks for them in a message's properties; others are passed over. NULL, or what is wrong, a
 * static text: one that is looked for must not be there twice. `scratch` holds the values. */
const char *exchange_find(struct slice properties, struct buf *scratch,
                          struct exchange_property *wanted, size_t count);

/* A decimal number of at most `most`. */
bool exchange_number(struct slice text, uint64_t most, uint64_t *value);

/* Appends the two that all have: correlation data, and expiry in seconds. */
void exchange_append(struct buf *b, struct slice correlation, uint32_t expiry);

/*
 * A message's parts are written into one buffer, one after the other: this ends
 * a part (with a TAB, as properties want it) and returns where the next begins.
 * What lies between two beginnings is had by exchange_slice().
 */
size_t exchange_part(struct buf *b);
struct slice exchange_slice(const struct buf *b, size_t begin, size_t next);

#endif
