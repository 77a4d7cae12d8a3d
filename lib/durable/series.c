#include "durable/series.h"

#include "base/msg.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

enum {
	CHUNK = 256,       /* series allocated together, */
	CHAINS_FIRST = 64, /* and heads of chains to begin with */
};

static void *zeroed(size_t count, size_t size)
{
	void *ptr = calloc(count, size);

	if (!ptr)
		msg_die(EX_OSERR, "out of memory");
	return ptr;
}

/* Places count from 1. */
static inline struct series *at(const struct series_table *t, uint32_t place)
{
	return (struct series *)(t->chunks[(place - 1) / CHUNK] + (place - 1) % CHUNK * t->size);
}

static inline uint32_t *chain_of(const struct series_table *t, struct siphash name)
{
	return &t->chains[name.low & (t->chain_count - 1)];
}

void series_init(struct series_table *t, uint32_t max, size_t data)
{
	const size_t word = sizeof(uint64_t);

	*t = (struct series_table){
	    .size = sizeof(struct series) + (data + word - 1) / word * word,
	    .max = max,
	    .chain_count = CHAINS_FIRST,
	};
	if (getrandom(&t->key, sizeof(t->key), 0) != sizeof(t->key))
		msg_die(EX_OSERR, "no random key for the table of series: %s", strerror(errno));
	t->chunks = zeroed((max - 1) / CHUNK + 1, sizeof(*t->chunks));
	t->chains = zeroed(t->chain_count, sizeof(*t->chains));
}

void series_free(struct series_table *t)
{
	for (uint32_t i = 0; i < t->used; i += CHUNK)
		free(t->chunks[i / CHUNK]);
	free(t->chunks);
	free(t->chains);
	*t = (struct series_table){0};
}

struct siphash series_name(const struct series_table *t, struct slice name)
{
	return siphash(t->key, name);
}

/* ---- by use ---- */

static void unlink_use(struct series_table *t, struct series *s)
{
	*(s->newer ? &at(t, s->newer)->older : &t->newest) = s->older;
	*(s->older ? &at(t, s->older)->newer : &t->oldest) = s->newer;
}

static void link_newest(struct series_table *t, struct series *s, uint32_t place)
{
	s->newer = 0;
	s->older = t->newest;
	*(t->newest ? &at(t, t->newest)->newer : &t->oldest) = place;
	t->newest = place;
}

struct series *series_next(const struct series_table *t, const struct series *s)
{
	uint32_t place = s ? s->newer : t->oldest;

	return place ? at(t, place) : NULL;
}

/* ---- by name ---- */

/* Twice as many chains, so that they stay short. */
static void grow_chains(struct series_table *t)
{
	free(t->chains);
	t->chain_count *= 2;
	t->chains = zeroed(t->chain_count, sizeof(*t->chains));
	for (uint32_t place = 1; place <= t->used; place++) {
		struct series *s = at(t, place);
		uint32_t *chain = chain_of(t, s->name);

		s->next = *chain;
		*chain = place;
	}
}

static void unlink_chain(struct series_table *t, const struct series *s, uint32_t place)
{
	uint32_t *link = chain_of(t, s->name);

	while (*link != place)
		link = &at(t, *link)->next;
	*link = s->next;
}

struct series *series_find(struct series_table *t, struct siphash name)
{
	uint32_t place = *chain_of(t, name);
	struct series *s;

	for (; place; place = s->next) {
		s = at(t, place);
		if (s->name.low != name.low || s->name.high != name.high)
			continue;
		if (place != t->newest) {
			unlink_use(t, s);
			link_newest(t, s, place);
		}
		return s;
	}
	return NULL;
}

/* A place for one more: a new one, or that of the one least recently used. */
static uint32_t make_room(struct series_table *t)
{
	uint32_t place = t->oldest;

	if (t->used == t->max) {
		unlink_chain(t, at(t, place), place);
		unlink_use(t, at(t, place));
		t->evicted++;
		return place;
	}
	if (t->used == t->chain_count)
		grow_chains(t);
	if (t->used % CHUNK == 0)
		t->chunks[t->used / CHUNK] = zeroed(CHUNK, t->size);
	t->count++;
	return ++t->used;
}

struct series *series_add(struct series_table *t, struct siphash name)
{
	uint32_t place = make_room(t), *chain = chain_of(t, name);
	struct series *s = at(t, place);

	memset(s, 0, t->size);
	s->name = name;
	s->next = *chain;
	*chain = place;
	link_newest(t, s, place);
	return s;
}
