/*
 * csv_row: a line `timestamp,value[,...]` as tables of series have it.
 *
 * A timestamp is RFC 3339; the same with a space for the T, without seconds, without a zone (then
 * UTC), or a date alone; or a number since 1970, in seconds, milli-, micro- or nanoseconds, which
 * its magnitude tells: below 1e11, 1e14, 1e17, and above. A value is a decimal number as C, Python
 * and JSON write it; a field that is empty or NaN, NA, null, none, inf (in any case) is missing.
 * Fields may be in double quotes, which must not hold quotes or commas.
 */
#ifndef SENSOR_ANOMALY_CSV_ROW_H
#define SENSOR_ANOMALY_CSV_ROW_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum csv_status {
	CSV_ROW,
	CSV_MISSING,   /* there is a time, and no value */
	CSV_BAD_TIME,  /* the first field is no timestamp: a header, or an error */
	CSV_BAD_VALUE, /* it is no number, or beyond the range of a double */
	CSV_BAD_ROW,   /* no comma */
};

struct csv_row {
	int64_t time; /* microseconds since 1970 */
	double value;
};

/* `line` without its line end. */
enum csv_status csv_row_parse(struct slice line, struct csv_row *row);

#endif
