#include "senml/senml_seen.h"

#include <stdbool.h>
#include <string.h>

/* A name, whose unit is kept with it, or a value, which is told apart by all of them. */
struct senml_slot {
	enum { SLOT_FREE, SLOT_NAME, SLOT_VALUE } kind;
	struct slice sensor, name, unit;
	int64_t time;
};

/* Each value may bring two slots; half of them stay free. */
static size_t slots_for(size_t values)
{
	size_t count = 4;

	while (count < 4 * values)
		count *= 2;
	return count;
}

size_t senml_seen_size(size_t values)
{
	return slots_for(values) * sizeof(struct senml_slot);
}

void senml_seen_init(struct senml_seen *s, void *memory, size_t values)
{
	s->slots = memory;
	s->slot_count = slots_for(values);
	s->left = values;
	memset(s->slots, 0, s->slot_count * sizeof(*s->slots));
}

/* Eight bytes at a time: xor, multiply, fold (the multiplier is 2^64 divided by the golden ratio).
 */
static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static uint64_t hash_text(uint64_t hash, struct slice text)
{
	uint64_t word;
	size_t i;

	hash = mix(hash, text.len);
	for (i = 0; i + 8 <= text.len; i += 8) {
		memcpy(&word, text.ptr + i, 8);
		hash = mix(hash, word);
	}
	for (word = 0; i < text.len; i++)
		word = word << 8 | (unsigned char)text.ptr[i];
	return mix(hash, word);
}

static bool same(const struct senml_slot *a, const struct senml_slot *b)
{
	return a->kind == b->kind && a->time == b->time && slice_equal(a->name, b->name) &&
	       slice_equal(a->sensor, b->sensor) &&
	       (a->kind == SLOT_NAME || slice_equal(a->unit, b->unit));
}

/* The slot of the same key, or the free one where it is to be put. */
static struct senml_slot *find(const struct senml_seen *s, const struct senml_slot *key)
{
	uint64_t hash = mix(hash_text(hash_text((uint64_t)key->kind, key->sensor), key->name),
	                    (uint64_t)key->time);
	size_t i = hash & (s->slot_count - 1);

	while (s->slots[i].kind != SLOT_FREE && !same(&s->slots[i], key))
		i = (i + 1) & (s->slot_count - 1);
	return &s->slots[i];
}

struct slice *senml_seen_unit(struct senml_seen *s, struct slice sensor, struct slice name)
{
	const struct senml_slot key = {.kind = SLOT_NAME, .sensor = sensor, .name = name};
	struct senml_slot *slot = find(s, &key);

	if (slot->kind == SLOT_FREE)
		*slot = key;
	return &slot->unit;
}

enum senml_value senml_seen_value(struct senml_seen *s, struct slice sensor, struct slice name,
                                  struct slice unit, int64_t time)
{
	const struct senml_slot key = {
	    .kind = SLOT_VALUE, .sensor = sensor, .name = name, .unit = unit, .time = time};
	struct senml_slot *slot = find(s, &key);

	if (slot->kind != SLOT_FREE)
		return SENML_VALUE_TWICE;
	if (s->left == 0)
		return SENML_VALUE_FULL;
	*slot = key;
	s->left--;
	return SENML_VALUE_NEW;
}
