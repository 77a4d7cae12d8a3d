/*
 * map_reader: reads a map's text with nothing left to chance.
 *
 * Objects are read by a table of their keys: one that is not in it, or comes
 * twice, is an error, as is a value of the wrong kind. An error tells its
 * place, once: "#/rules/0/topic: must be a string", or "line 3, column 8: ..."
 * where the text is no JSON.
 */
#ifndef SENSOR_DECODE_MAP_READER_H
#define SENSOR_DECODE_MAP_READER_H

#include "map/map.h"

#include "text/json.h"

enum { MAP_READER_DEPTH = 16 }; /* containers in each other */

struct map_reader {
	struct map *map;
	struct json json;
	struct slice text;
	struct buf place;  /* JSON pointer of the value being read */
	struct slice name; /* of the member last begun, valid for the map's life */
	struct buf *error; /* empty: there is none yet */
};

/* All that can fail return -1 with the error set, else 0. `token` is that of the value, which has
 * just been given by json_next(). */

typedef int map_read_value(struct map_reader *r, enum json_token token, void *into);

struct map_key {
	const char *name;
	map_read_value *read;
};

/* An error at the place, unless there is one; returns -1. */
int map_reader_fail(struct map_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What json_next() has found; returns -1. */
int map_reader_syntax(struct map_reader *r);

/* An object of these keys, the table ended by a name of NULL; bit i of *given is set when the i-th
 * is there. */
int map_reader_object(struct map_reader *r, enum json_token token, const struct map_key *keys,
                      void *into, unsigned *given);

/* Each value of an object of any names (JSON_OBJECT), or of an array (JSON_ARRAY). */
int map_reader_each(struct map_reader *r, enum json_token token, enum json_token container,
                    map_read_value *read, void *into);

/* A string, valid for the map's life. */
int map_reader_string(struct map_reader *r, enum json_token token, struct slice *text);

int map_reader_bool(struct map_reader *r, enum json_token token, bool *value);

#endif
