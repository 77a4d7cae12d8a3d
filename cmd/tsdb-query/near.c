#include "near.h"

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

size_t near_distance(struct slice a, struct slice b)
{
	size_t row[NEAR_NAME_MAX + 1]; /* distances of a's beginnings from the beginning of b */

	if (a.len > NEAR_NAME_MAX)
		a.len = NEAR_NAME_MAX;
	if (b.len > NEAR_NAME_MAX)
		b.len = NEAR_NAME_MAX;
	for (size_t i = 0; i <= a.len; i++)
		row[i] = i;
	for (size_t k = 0; k < b.len; k++) {
		size_t diagonal = row[0];

		row[0] = k + 1;
		for (size_t i = 0; i < a.len; i++) {
			size_t changed = diagonal + (lower(a.ptr[i]) != lower(b.ptr[k]));
			size_t least = row[i] < row[i + 1] ? row[i] + 1 : row[i + 1] + 1;

			diagonal = row[i + 1];
			row[i + 1] = changed < least ? changed : least;
		}
	}
	return row[a.len];
}

void near_init(struct near *n, struct slice wanted)
{
	*n = (struct near){.wanted = wanted};
}

void near_offer(struct near *n, struct slice name)
{
	size_t distance = near_distance(n->wanted, name), at;

	if (distance > (n->wanted.len + 2) / 3)
		return;
	for (at = n->count; at > 0 && n->best[at - 1].distance > distance; at--)
		if (at < NEAR_COUNT)
			n->best[at] = n->best[at - 1];
	if (at == NEAR_COUNT)
		return;
	n->best[at].name = name;
	n->best[at].distance = distance;
	if (n->count < NEAR_COUNT)
		n->count++;
}
