/*
 * days: whole days of series, compared by their shapes: the nearest to one, and those unlike all
 * others.
 *
 * What is compared, and how, the functions of the schema tell that are called
 * here: similar_days() and odd_days_of() (sensorpipe-schema(7), and the
 * comments of sql/common/0092_patterns.sql). Days are those of UTC; a time
 * that stands for a day is its first instant.
 */
#ifndef TSDB_QUERY_DAYS_H
#define TSDB_QUERY_DAYS_H

#include "catalog.h"
#include "chart.h"
#include "columns.h"
#include "query.h"

#include <stdbool.h>
#include <stdint.h>

#define DAYS_DAY        INT64_C(86400000000) /* microseconds */
#define DAYS_COMPARED   (90 * DAYS_DAY)      /* discords: before --to, where --from is later */
#define DAYS_FACTOR     10.0                 /* of discords: scores beyond it are odd */
#define DAYS_FACTOR_MAX 1e6

enum {
	DAYS_NEAREST = 5,      /* of similar: days to be found */
	DAYS_NEIGHBOUR = 3,    /* of discords: the neighbour that the distance is measured to */
	DAYS_K_MAX = 1000,     /* either */
	DAYS_NEEDED = 14,      /* days of a series, for discords */
	DAYS_HOURS_LEAST = 20, /* with readings, for a day to be compared */
	DAYS_GAP_MOST = 3,     /* hours in a row without */
};

struct day_wish {
	int64_t day;      /* similar: to this one */
	struct span span; /* similar: among these days; discords: of these */
	uint64_t k;
	double factor; /* discords */
};

/* The day that an instant lies in. */
int64_t days_floor(int64_t us);

/* The columns of what days_similar() and days_discords() give to a stage. */
void days_choose_similar(struct columns *c);
void days_choose_discords(struct columns *c);

/*
 * Tells the mean and deviation of the day of each series, or why it cannot be
 * compared, as a warning. Ends the process with EX_NOINPUT where no day of any
 * series can.
 */
void days_check(const struct query *q, const struct day_wish *wish);

/* The nearest days, series by series, the nearest first. */
void days_similar(const struct query *q, const struct day_wish *wish, struct stage *to);

/* Their hours as lines of one day, in the unit of the series: the day itself, then as above. */
void days_similar_hours(const struct query *q, const struct day_wish *wish, struct chart *chart);

/* Tells how many series have days enough for that; those that have not, by a warning. */
void days_tell_compared(const struct query *q, const struct day_wish *wish);

/* The odd days, the oddest first. */
void days_discords(const struct query *q, const struct day_wish *wish, struct stage *to);

/* All scores, series by series in order of days. */
void days_scores(const struct query *q, const struct day_wish *wish, struct stage *to);

#endif
