#include "rows.h"

#include "base/msg.h"

#include <stdlib.h>
#include <string.h>

static void reserve(struct rows *rows, size_t count)
{
	rows->count = 0;
	if (count <= rows->cap)
		return;
	free(rows->keys);
	free(rows->scratch);
	rows->keys = malloc(count * sizeof(*rows->keys));
	rows->scratch = malloc(count * sizeof(*rows->scratch));
	if (!rows->keys || !rows->scratch)
		msg_die(EX_OSERR, "out of memory (%zu rows)", count);
	rows->cap = count;
}

static void collect_reading(struct row_set *set, const struct batch *b, size_t reading)
{
	const struct batch_reading *r = &b->readings[reading];
	size_t end = batch_values_end(b, reading);

	for (size_t i = r->first_value; i < end; i++) {
		const struct batch_value *v = &b->values[i];
		struct rows *rows = v->is_text ? &set->texts : &set->numbers;

		rows->keys[rows->count++] = (struct sort_key){
		    .series = sort_series(r->sensor->id, v->metric->id),
		    .time = sort_time(r->time),
		    .value = (uint32_t)i,
		};
	}
}

/* Of the rows [from, to) with the same key the one to be written: what is left when each is written
 * in turn, and one whose value is there already changes nothing. */
static size_t survivor(struct rows *rows, const struct batch *b, size_t from, size_t to,
                       bool replace)
{
	size_t last = from;

	for (size_t i = from + 1; i < to; i++)
		if (!batch_same_value(b, rows->keys[last].value, rows->keys[i].value)) {
			rows->differ = true;
			if (replace)
				last = i;
		}
	return last;
}

/* Sorted rows: keeps one a key, and the repeated ones aside. */
static void drop_repeated(struct rows *rows, const struct batch *b, bool replace)
{
	size_t kept = 0, from = 0, to;

	rows->repeated = rows->scratch; /* sorting is done with it */
	rows->repeated_count = 0;
	rows->differ = false;
	for (; from < rows->count; from = to) {
		size_t stays = from;

		for (to = from + 1; to < rows->count; to++)
			if (sort_compare(&rows->keys[from], &rows->keys[to]) != 0)
				break;
		if (to - from > 1) {
			stays = survivor(rows, b, from, to, replace);
			memcpy(rows->repeated + rows->repeated_count, rows->keys + from,
			       (to - from) * sizeof(*rows->keys));
			rows->repeated_count += to - from;
		}
		rows->keys[kept++] = rows->keys[stays];
	}
	rows->count = kept;
}

void rows_collect(struct row_set *set, const struct batch *b, size_t from, size_t to, bool replace)
{
	size_t texts = 0, values = 0;

	if (from < to) {
		size_t first = b->readings[from].first_value, end = batch_values_end(b, to - 1);

		values = end - first;
		for (size_t i = first; i < end; i++)
			texts += b->values[i].is_text;
	}
	reserve(&set->numbers, values - texts);
	reserve(&set->texts, texts);
	for (size_t i = from; i < to; i++)
		if (b->readings[i].outcome == OUTCOME_OPEN)
			collect_reading(set, b, i);
	sort_keys(set->numbers.keys, set->numbers.scratch, set->numbers.count);
	sort_keys(set->texts.keys, set->texts.scratch, set->texts.count);
	drop_repeated(&set->numbers, b, replace);
	drop_repeated(&set->texts, b, replace);
	set->replace = replace;
}

static bool any_row(const struct rows *rows, enum row_state state)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->keys[i].mark == state)
			return true;
	return false;
}

bool rows_any(const struct row_set *set, enum row_state state)
{
	return any_row(&set->numbers, state) || any_row(&set->texts, state);
}

struct row_group rows_group(const struct rows *rows, size_t i, size_t *at)
{
	const struct sort_key *key = &rows->keys[i];
	size_t from;

	while (*at < rows->repeated_count && sort_compare(&rows->repeated[*at], key) < 0)
		++*at;
	from = *at;
	while (*at < rows->repeated_count && sort_compare(&rows->repeated[*at], key) == 0)
		++*at;
	if (from == *at)
		return (struct row_group){key, 1};
	return (struct row_group){rows->repeated + from, *at - from};
}

struct sort_key *rows_find(const struct rows *rows, const struct sort_key *key)
{
	size_t low = 0, high = rows->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = sort_compare(&rows->keys[middle], key);

		if (order == 0)
			return &rows->keys[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void free_rows(struct rows *rows)
{
	free(rows->keys);
	free(rows->scratch);
	*rows = (struct rows){0};
}

void rows_free(struct row_set *set)
{
	free_rows(&set->numbers);
	free_rows(&set->texts);
}
