/*
 * latest_map: the latest reading of each series, of those that were noted.
 *
 * A dense array of readings, and an index of it by open addressing (linear
 * probing, at most half full; see Knuth, The Art of Computer Programming,
 * volume 3, section 6.4). It takes 40 to 64 bytes a series and grows by
 * doubling; callers bound it. No I/O.
 */
#ifndef TSDB_COPY_LATEST_MAP_H
#define TSDB_COPY_LATEST_MAP_H

#include <stddef.h>
#include <stdint.h>

struct latest_reading {
	uint64_t series; /* sort_series() */
	int64_t time;    /* microseconds since 1970 */
	double value;
	int16_t quality;
};

struct latest_map {
	struct latest_reading *readings; /* in no order */
	size_t count;

	/* Private. */
	size_t cap;
	uint32_t *slots; /* index of a reading plus 1; 0: empty */
	size_t slot_count;
};

/* Keeps the newer one of each series; of the same time, the one noted last. */
void latest_map_note(struct latest_map *m, const struct latest_reading *r);

/* Puts the readings in order of the series. The map may then be read and cleared, nothing else. */
void latest_map_sort(struct latest_map *m);

/* The map is empty then and keeps its memory. */
void latest_map_clear(struct latest_map *m);

void latest_map_free(struct latest_map *m);

#endif
