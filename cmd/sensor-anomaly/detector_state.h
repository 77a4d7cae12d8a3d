/*
 * detector_state: a detector as a record of a state file (durable/state_file.h), bit for bit.
 *
 * After the name come all fields in the order of their structs, the last word is the CRC-32C of
 * those before. A record that is not of this program is refused, also with a right checksum: what
 * is read can be reckoned with.
 */
#ifndef SENSOR_ANOMALY_DETECTOR_STATE_H
#define SENSOR_ANOMALY_DETECTOR_STATE_H

#include "detector.h"

#include "durable/series.h"
#include "durable/state_file.h"

enum {
	SERIES_MAX_DEFAULT = 100 * 1000,
	DETECTOR_BYTES = 4400, /* of memory for a series, at most */
};

/* Of the series of readings; of that of a table, so that neither is taken for the other. */
extern const struct state_form detector_form, detector_table_form;

/* A series that is not in the table, with a new detector. */
struct series *detector_add(struct series_table *t, struct siphash name);

static inline struct detector *detector_of(struct series *s)
{
	return series_data(s);
}

#endif
