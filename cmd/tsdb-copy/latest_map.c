#include "latest_map.h"

#include "base/msg.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 256 };

/* Where the series is, or would be. Its bits are spread by Fibonacci hashing: sensor ids are dense,
 * and their metrics' too. */
static uint32_t *slot_of(const struct latest_map *m, uint64_t series)
{
	size_t mask = m->slot_count - 1;
	size_t at = (size_t)(series * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;

	while (m->slots[at] && m->readings[m->slots[at] - 1].series != series)
		at = (at + 1) & mask;
	return &m->slots[at];
}

static void grow(struct latest_map *m)
{
	m->cap = m->cap ? 2 * m->cap : FIRST_CAP;
	m->slot_count = 2 * m->cap;
	m->readings = realloc(m->readings, m->cap * sizeof(*m->readings));
	free(m->slots);
	m->slots = calloc(m->slot_count, sizeof(*m->slots));
	if (!m->readings || !m->slots)
		msg_die(EX_OSERR, "out of memory (%zu series)", m->cap);
	for (size_t i = 0; i < m->count; i++)
		*slot_of(m, m->readings[i].series) = (uint32_t)i + 1;
}

void latest_map_note(struct latest_map *m, const struct latest_reading *r)
{
	uint32_t *slot;

	if (m->count == m->cap)
		grow(m);
	slot = slot_of(m, r->series);
	if (*slot == 0) {
		m->readings[m->count++] = *r;
		*slot = (uint32_t)m->count;
	} else if (m->readings[*slot - 1].time <= r->time) {
		m->readings[*slot - 1] = *r;
	}
}

static int by_series(const void *one, const void *other)
{
	const struct latest_reading *a = one, *b = other;

	return (a->series > b->series) - (a->series < b->series);
}

void latest_map_sort(struct latest_map *m)
{
	if (m->count > 1)
		qsort(m->readings, m->count, sizeof(*m->readings), by_series);
}

void latest_map_clear(struct latest_map *m)
{
	if (m->count)
		memset(m->slots, 0, m->slot_count * sizeof(*m->slots));
	m->count = 0;
}

void latest_map_free(struct latest_map *m)
{
	free(m->readings);
	free(m->slots);
	*m = (struct latest_map){0};
}
