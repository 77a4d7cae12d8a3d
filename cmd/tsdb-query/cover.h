/*
 * cover: from which tables a span of time is read.
 *
 * Whole days come from the daily rollup, whole hours from the hourly one, and
 * what is left at the edges from the readings themselves, so that an answer
 * from rollups covers exactly the span that was asked for. Rollups serve only
 * buckets that are made of whole hours or days, and never percentiles. Times
 * are microseconds since 1970, spans [from, to). No I/O.
 */
#ifndef TSDB_QUERY_COVER_H
#define TSDB_QUERY_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum source { SOURCE_AUTO, SOURCE_RAW, SOURCE_HOURLY, SOURCE_DAILY };

/* Where buckets are counted from, as time_bucket() of TimescaleDB does: a Monday, 2000-01-03. */
#define COVER_ORIGIN INT64_C(946857600000000)

enum { COVER_PARTS_MAX = 5 };

/* Where buckets of a rollup are stored: those that start before `upto`. The others are no faster
 * than the readings. */
struct rollup {
	const char *table; /* a static text */
	int64_t upto;      /* INT64_MIN: none, INT64_MAX: all */
};

struct cover_wish {
	enum source source;
	int64_t from, to;
	int64_t bucket; /* width; 0: one bucket for all */
	bool raw_only;  /* what is computed needs the readings */
	struct rollup hourly, daily;
};

struct cover {
	size_t count;
	struct cover_part {
		enum source source; /* not SOURCE_AUTO */
		const char *table;  /* of a rollup */
		int64_t from, to;
	} parts[COVER_PARTS_MAX]; /* in order of time, without gaps */
	const char *why;          /* a static text */
};

/* A source that is asked for is read from its view, which has all buckets; else what is stored. */
void cover_choose(struct cover *c, const struct cover_wish *wish);

/* Whether any part is a rollup. */
bool cover_is_rolled(const struct cover *c);

/* Why the source that is wished cannot serve these buckets; NULL: it can. */
const char *cover_fault(const struct cover_wish *wish);

/* "raw", "hourly", "daily"; and the names that --source takes, ended by NULL. */
extern const char *const cover_sources[];

/* The start of the bucket that an instant lies in. */
int64_t cover_bucket(int64_t us, int64_t width);

#endif
