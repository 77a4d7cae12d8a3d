/*
 * proposal: the schema that readings suggest.
 *
 * Each metric seen becomes a property of the types its values had. Numbers get
 * limits a quarter of the range seen wider on each side (of the value, if
 * there was one only), rounded outwards, but not across 0: what was never
 * negative is not to be. Strings become an enum when they were few and came
 * PROPOSAL_REPEATS times each on average, else get a maxLength of twice the
 * longest. What was in every reading is required; other metrics are refused.
 * Every reading it was made from holds against it.
 */
#ifndef SENSOR_VALIDATE_PROPOSAL_H
#define SENSOR_VALIDATE_PROPOSAL_H

#include "inference.h"

enum { PROPOSAL_REPEATS = 4 };

/* Appends the JSON text. */
void proposal_append(struct buf *out, const struct kind *k);

/* Writes it to DIR/TYPE/VERSION.json, which must not be there yet; makes the directories. Returns
 * 0, or -1 after saying what is wrong. */
int proposal_write(const char *dir, const struct kind *k);

#endif
