/*
 * clock: instants as microseconds since 1970-01-01T00:00:00Z, and their RFC 3339 text.
 *
 * Instants of the years 0001 to 9999 can be written and read (CLOCK_MIN to
 * CLOCK_MAX). Leap seconds are not counted (POSIX time); a second of 60, which
 * RFC 3339 section 5.6 allows, is the first instant of the next minute.
 */
#ifndef SENSORPIPE_CLOCK_H
#define SENSORPIPE_CLOCK_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdint.h>

enum { CLOCK_TEXT_LEN = 27 };                                   /* 2026-01-31T23:59:59.000000Z */
#define CLOCK_SECOND INT64_C(1000000)                           /* microseconds */
#define CLOCK_MIN    (INT64_C(-62135596800) * 1000000)          /* 0001-01-01T00:00:00Z */
#define CLOCK_MAX    (INT64_C(253402300799) * 1000000 + 999999) /* 9999-12-31T23:59:59.999999Z */

/* Now, by the real-time clock. */
int64_t clock_now(void);

/* Microseconds of a clock that only goes forward, for measuring spans and deadlines. */
int64_t clock_monotonic(void);

/*
 * Reads an RFC 3339 date-time: any offset, 'T' or 't' or a space between date
 * and time, any number of fraction digits (those after the sixth are cut off).
 * The whole slice must be used. Returns 0, or -1 when it is not such a time or
 * is outside CLOCK_MIN..CLOCK_MAX.
 */
int clock_parse(struct slice text, int64_t *us);

/* Writes CLOCK_TEXT_LEN bytes: UTC, microseconds, 'Z'; no NUL. `us` must be in range. */
void clock_format(int64_t us, char text[CLOCK_TEXT_LEN]);
void clock_append(struct buf *b, int64_t us);

/* The date alone, UTC: 2026-01-31. */
void clock_append_day(struct buf *b, int64_t us);

#endif
