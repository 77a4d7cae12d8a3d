/*
 * readings: what one message was decoded to, gathered until the whole of it is known to be good.
 *
 * A decoder calls readings_clear(), then for each reading readings_begin(),
 * readings_add() for each metric, and readings_end(). Metrics are kept in the
 * form they have in the record, so writing them is one copy. Faults are those
 * of sensor-decode(1), with the metric named in the detail.
 */
#ifndef SENSOR_DECODE_READINGS_H
#define SENSOR_DECODE_READINGS_H

#include "base/buf.h"
#include "base/slice.h"
#include "fault.h"
#include "name_set.h"
#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	READINGS_MAX = 1000,            /* readings in one message */
	READINGS_STRING_DEFAULT = 4096, /* bytes of a string value, as the record writes it */
	READINGS_STRING_MAX = 1 << 20,
};

struct readings {
	/* Set by the owner; readings_clear() makes defaults of what is 0. */
	size_t max_string;  /* bytes of a string value: READINGS_STRING_DEFAULT */
	size_t max_metrics; /* of a reading: RECORD_METRICS_MAX, which is the most there may be */

	size_t count; /* readings that are begun */
	struct reading_part {
		bool timed; /* the payload gave a time */
		int64_t time;
		size_t end;                    /* of its part of `metrics` */
		size_t type, sensor, suffix;   /* offsets into `identities` */
		uint16_t type_len, sensor_len; /* 0: not of its own */
		uint16_t suffix_len;           /* of its sensor's name */
	} each[READINGS_MAX];
	size_t metric_count;   /* of the last reading */
	struct buf metrics;    /* the text of all of them */
	struct buf identities; /* types and sensors of readings */
	struct name_set names;

	/* What the payload says of itself as a whole; ptr is NULL where it does not. What they
	 * point to must last until the next message. */
	struct slice type, sensor, schema;
	/* By the format's own rule for topics, where no template tells. */
	struct slice topic_type, topic_sensor;
	/* The decoder has seen to it that no two are of the same type, sensor and time. */
	bool distinct;
};

void readings_clear(struct readings *r);

/* All but clear return 0, or -1 with the fault set. */
int readings_begin(struct readings *r, struct fault *fault);

/* Takes a name of the reading: good, and not taken before. For names that stand for no metric too,
 * so that an object or a null of the same name is found. */
int readings_name(struct readings *r, struct slice name, struct fault *fault);

/* A metric whose name was taken; `text` is a JSON scalar. */
int readings_add(struct readings *r, struct slice name, struct slice text, struct fault *fault);

/* As above; `unit` is empty where the payload names none. */
int readings_add_unit(struct readings *r, struct slice name, struct slice text, struct slice unit,
                      struct fault *fault);

/* As above, with all that may be told of a metric. */
int readings_add_metric(struct readings *r, struct slice name, struct slice text,
                        enum quality quality, struct slice unit, struct fault *fault);

/* As readings_add(), where the payload tells the quality. */
int readings_add_quality(struct readings *r, struct slice name, struct slice text,
                         enum quality quality, struct fault *fault);

void readings_set_time(struct readings *r, int64_t time);

/* The reading is of a sensor of its own, unlike the payload as a whole; an empty text says nothing
 * of the type, or of the sensor. The texts are copied. */
int readings_identify(struct readings *r, struct slice type, struct slice sensor,
                      struct fault *fault);

/* What stands behind the name of the reading's sensor, whoever tells that name. Copied. */
int readings_qualify(struct readings *r, struct slice suffix, struct fault *fault);
struct slice readings_suffix(const struct readings *r, size_t reading);

/* What readings_identify() was given; ptr is NULL where it was not. */
struct slice readings_type(const struct readings *r, size_t reading);
struct slice readings_sensor(const struct readings *r, size_t reading);

int readings_end(struct readings *r, struct fault *fault);

void readings_free(struct readings *r);

#endif
