/*
 * cbor_items: a strict pull parser for CBOR (RFC 8949).
 *
 * items_next() gives one item at a time: a scalar, the start of a map or array,
 * its end, or a tag, which the item it belongs to follows. The heads of items
 * are read by libcbor's streaming decoder, which neither allocates nor recurses;
 * what it leaves to its caller is done here: lengths and nesting are followed,
 * text must be valid UTF-8, a string in pieces (of indefinite length) is put
 * together, and nothing may follow the one item of the payload. Keys are not compared with
 * each other: duplicates are the caller's to find.
 *
 * Memory is bounded: no length is believed beyond the bytes that are there.
 */
#ifndef SENSOR_DECODE_CBOR_ITEMS_H
#define SENSOR_DECODE_CBOR_ITEMS_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ITEMS_DEPTH_MAX = 128 };

enum item {
	ITEM_ERROR, /* error and error_at tell; every later call gives it again */
	ITEM_END,   /* the payload's item is complete and nothing follows */
	ITEM_MAP,
	ITEM_ARRAY,
	ITEM_CLOSE, /* of the map or array that was opened last */
	ITEM_INTEGER,
	ITEM_FLOAT,
	ITEM_TEXT,
	ITEM_BYTES,
	ITEM_TRUE,
	ITEM_FALSE,
	ITEM_NULL,
	ITEM_UNDEFINED,
	ITEM_SIMPLE, /* a simple value that no standard has given a meaning */
	ITEM_TAG,
};

struct items {
	/* Of the last item. */
	size_t offset;     /* where it starts */
	bool key;          /* it is a key of a map, or a tag of one */
	uint64_t integer;  /* or the number of a tag */
	bool negative;     /* the integer is -1 - integer */
	double number;     /* of a float of any size; may be infinite or no number */
	struct slice text; /* of a text or of bytes; lasts as long as payload and `joined` */
	bool indefinite;   /* a map, an array, a text or bytes without a length */
	const char *error; /* what is wrong, a static text */
	size_t error_at;   /* its offset */
	bool too_deep;     /* the error is that there are more than max_depth in each other */
	unsigned depth;    /* maps and arrays open after the item */

	/* Private. */
	struct slice bytes;
	size_t at; /* offset of the next head */
	unsigned max_depth;
	bool begun, tagged;
	char *joined;
	int head; /* what the head last read is */
	struct {
		bool map, indefinite;
		uint64_t left; /* keys and values to come, or so far where there is no length */
	} levels[ITEMS_DEPTH_MAX + 1];
};

/* `max_depth` is 1 to ITEMS_DEPTH_MAX. `joined` has room for as many bytes as the payload, and
 * takes the strings in pieces. */
void items_init(struct items *i, struct slice bytes, unsigned max_depth, char *joined);

enum item items_next(struct items *i);

/* The first item, behind the tag that says that the payload is CBOR (section 3.4.6). */
enum item items_first(struct items *i);

/* Skips what is left of an item that was just given, and what belongs to a tag. Returns 0, or -1 on
 * an error. */
int items_skip(struct items *i, enum item item);

/* "a text", for details. */
const char *items_shape(enum item item);

#endif
