#include "window.h"

#include <inttypes.h>
#include <stdio.h>

/* SplitMix64. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void window_begin(struct window *w, uint64_t size, uint32_t chunk, uint64_t base, unsigned slots,
                  uint64_t random)
{
	*w = (struct window){
	    .size = size,
	    .chunk = chunk,
	    .count = size / chunk + (size % chunk != 0),
	    .base = base,
	    .slots = slots,
	    .random = random,
	};
	w->nonce = next_random(&w->random);
}

uint64_t window_offset(const struct window *w)
{
	return window_complete(w) ? w->size : w->base * w->chunk;
}

uint32_t window_length(const struct window *w, uint64_t chunk)
{
	uint64_t left = w->size - chunk * w->chunk;

	return left < w->chunk ? (uint32_t)left : w->chunk;
}

static bool is_there(const struct window *w, uint64_t chunk)
{
	return chunk < w->base || (w->ahead >> (chunk - w->base) & 1);
}

static bool is_asked_for(const struct window *w, uint64_t chunk)
{
	for (unsigned i = 0; i < w->slots; i++)
		if (w->slot[i].state != WINDOW_FREE && w->slot[i].chunk == chunk)
			return true;
	return false;
}

/* The first chunk that is neither there nor asked for, within what may be kept ahead; false: there
 * is none. */
static bool find_wanted(const struct window *w, uint64_t *chunk)
{
	uint64_t end = w->count - w->base < WINDOW_AHEAD ? w->count : w->base + WINDOW_AHEAD;

	for (*chunk = w->base; *chunk < end; (*chunk)++)
		if (!is_there(w, *chunk) && !is_asked_for(w, *chunk))
			return true;
	return false;
}

/* Gives a free slot a chunk to ask for; false: no chunk is left. */
static bool fill(struct window *w, struct window_slot *slot, int64_t now)
{
	uint64_t chunk;

	if (!find_wanted(w, &chunk))
		return false;
	*slot = (struct window_slot){.state = WINDOW_DUE, .chunk = chunk, .due = now};
	snprintf(slot->correlation, sizeof(slot->correlation), "%016" PRIx64 "-%" PRIx64, w->nonce,
	         ++w->serial);
	return true;
}

struct window_slot *window_send(struct window *w, int64_t now, int64_t timeout)
{
	for (unsigned i = 0; i < w->slots; i++) {
		struct window_slot *slot = &w->slot[i];

		if (slot->state == WINDOW_FREE && !fill(w, slot, now))
			continue;
		if (slot->state == WINDOW_DUE && slot->due <= now) {
			slot->state = WINDOW_ASKED;
			slot->due = now + timeout;
			return slot;
		}
	}
	return NULL;
}

struct window_slot *window_find(struct window *w, struct slice correlation)
{
	for (unsigned i = 0; i < w->slots; i++)
		if (w->slot[i].state != WINDOW_FREE &&
		    slice_is(correlation, w->slot[i].correlation))
			return &w->slot[i];
	return NULL;
}

void window_take(struct window *w, struct window_slot *slot, int64_t now)
{
	w->ahead |= UINT64_C(1) << (slot->chunk - w->base);
	while (w->ahead & 1) {
		w->ahead >>= 1;
		w->base++;
	}
	slot->state = WINDOW_FREE;
	for (unsigned i = 0; i < w->slots; i++) {
		struct window_slot *other = &w->slot[i];

		if (other->state == WINDOW_DUE && !other->refused && other->due > now) {
			other->due = now;
			other->attempts = 0;
		}
	}
}

/* Uniform in [0, min(WINDOW_WAIT_MAX, WINDOW_WAIT_BASE * 2^attempts)], but at least
 * WINDOW_WAIT_MIN. */
static int64_t draw_wait(struct window *w, unsigned attempts)
{
	int64_t most = WINDOW_WAIT_BASE, wait;

	for (unsigned i = 0; i < attempts && most < WINDOW_WAIT_MAX; i++)
		most *= 2;
	if (most > WINDOW_WAIT_MAX)
		most = WINDOW_WAIT_MAX;
	wait = (int64_t)(next_random(&w->random) % (uint64_t)(most + 1));
	return wait < WINDOW_WAIT_MIN ? WINDOW_WAIT_MIN : wait;
}

void window_retry(struct window *w, struct window_slot *slot, int64_t now)
{
	slot->state = WINDOW_DUE;
	slot->due = now + draw_wait(w, slot->attempts);
	slot->attempts++;
}

unsigned window_time_out(struct window *w, int64_t now)
{
	unsigned late = 0;

	for (unsigned i = 0; i < w->slots; i++) {
		struct window_slot *slot = &w->slot[i];

		if (slot->state == WINDOW_ASKED && slot->due <= now) {
			slot->refused = false;
			window_retry(w, slot, now);
			late++;
		}
	}
	return late;
}

int64_t window_due(const struct window *w)
{
	int64_t due = INT64_MAX;

	for (unsigned i = 0; i < w->slots; i++)
		if (w->slot[i].state != WINDOW_FREE && w->slot[i].due < due)
			due = w->slot[i].due;
	return due;
}
