/*
 * json_members: the members of a JSON object as metrics of the current reading.
 *
 * The members of an object in the object are named by their path with dots
 * ("battery.level"). An array in it is refused, or its values are named by
 * their position ("accel.0"). A null is no value and is left out, but its name
 * is taken: no name may come twice.
 */
#ifndef SENSOR_DECODE_JSON_MEMBERS_H
#define SENSOR_DECODE_JSON_MEMBERS_H

#include "decode_options.h"
#include "payload.h"
#include "record/record.h"
#include "text/json.h"

#include <stdbool.h>
#include <stdint.h>

struct json_members {
	struct json *json;
	const struct json_options *options;
	struct readings *readings;
	struct buf *scratch;
	struct fault *fault;

	/* Set by the caller before each object. */
	bool take_time;             /* of "ts", "time" and "timestamp" one is the reading's time */
	const struct slice *except; /* full names that are passed over */
	size_t except_count;

	bool timed; /* a time was set; to be cleared by the caller */

	/* Private. The path of the open containers, each name followed by a dot. A metric's name is
	 * the path and its own name, which is put behind it; only at the top a name may stay where
	 * it is. */
	char path[2 * RECORD_NAME_MAX + 2];
	size_t path_len;
	struct {
		uint16_t path_len; /* outside of the container */
		uint32_t next;     /* position in the array */
	} levels[DECODE_JSON_DEPTH_MAX + 1];
};

/* The parser is to be set up with json_members_depth() levels. */
void json_members_init(struct json_members *w, const struct payload *p, struct json *json);

/* One more than may be, so that what is too deep is told from bad syntax. */
static inline unsigned json_members_depth(const struct json_options *options)
{
	return options->max_depth + 1;
}

/* Takes the object whose JSON_OBJECT was just given, to its end. Returns 0, or -1 with the fault.
 */
int json_members_take(struct json_members *w);

/* The reading's time by the value of a member, unless it is null. */
int json_members_set_time(struct json_members *w, struct slice name, enum json_token token,
                          enum time_unit unit);

/* Faults of the parser, and of nesting after it has opened a container. */
int json_members_syntax(struct json_members *w);
int json_members_check_depth(struct json_members *w, struct slice name);

#endif
