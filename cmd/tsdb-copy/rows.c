#include "rows.h"

#include "base/msg.h"

#include <stdlib.h>

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

/* Sorted rows: of those with the same key the first stays. */
static void drop_repeated(struct rows *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++)
		if (kept == 0 || sort_compare(&rows->keys[kept - 1], &rows->keys[i]) != 0)
			rows->keys[kept++] = rows->keys[i];
	rows->count = kept;
}

void rows_collect(struct row_set *set, const struct batch *b, size_t from, size_t to)
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
	drop_repeated(&set->numbers);
	drop_repeated(&set->texts);
}

const struct sort_key *rows_find(const struct rows *rows, const struct sort_key *key)
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
