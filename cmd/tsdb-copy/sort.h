/*
 * sort: rows into the order of the primary key.
 *
 * An LSD radix sort by bytes: stable, so of rows with the same key the first
 * that arrived stays first; linear; the bytes in which no two keys differ
 * (most of them) cost nothing but being counted. See Knuth, The Art of Computer
 * Programming, volume 3, section 5.2.5.
 */
#ifndef TSDB_COPY_SORT_H
#define TSDB_COPY_SORT_H

#include <stddef.h>
#include <stdint.h>

struct sort_key {
	uint64_t series; /* sensor_id << 16 | metric_id; both are positive */
	uint64_t time;   /* sort_time() */
	uint32_t value;  /* index of the row's batch_value */
	uint32_t mark;   /* the caller's */
};

/* Signed instants to unsigned numbers of the same order, and back. */
static inline uint64_t sort_time(int64_t us)
{
	return (uint64_t)us ^ UINT64_C(1) << 63;
}
static inline int64_t sort_time_us(uint64_t time)
{
	return (int64_t)(time ^ UINT64_C(1) << 63);
}
static inline uint64_t sort_series(int32_t sensor_id, int16_t metric_id)
{
	return (uint64_t)(uint32_t)sensor_id << 16 | (uint16_t)metric_id;
}
static inline int32_t sort_sensor_id(uint64_t series)
{
	return (int32_t)(series >> 16);
}
static inline int16_t sort_metric_id(uint64_t series)
{
	return (int16_t)(series & 0xffff);
}

/* Less than, equal to or greater than 0, as the key (series, time) is to that of `b`. */
static inline int sort_compare(const struct sort_key *a, const struct sort_key *b)
{
	if (a->series != b->series)
		return a->series < b->series ? -1 : 1;
	return (a->time > b->time) - (a->time < b->time);
}

/* Sorts keys[0..count) by (series, time); `scratch` has room for as many. */
void sort_keys(struct sort_key *keys, struct sort_key *scratch, size_t count);

#endif
