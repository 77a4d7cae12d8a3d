/*
 * fixture: rows to feed to a stage, and a stage that shows what came.
 */
#ifndef TSDB_QUERY_FIXTURE_H
#define TSDB_QUERY_FIXTURE_H

#include "../unit.h"

#include "../../../cmd/tsdb-query/row.h"
#include "text/number.h"

#include <math.h>

static const struct catalog_sensor sensor_a = {
    .id = 1, .type = {"climate", 7}, .name = {"a", 1}, .schema = {"2", 1}};
static const struct catalog_sensor sensor_b = {.id = 2, .type = {"climate", 7}, .name = {"b", 1}};
static const struct catalog_metric heat_metric = {.id = 1, .name = {"heat", 4}, .unit = {"°C", 3}};
static const struct catalog_metric mode_metric = {.id = 2, .name = {"mode", 4}};

/* Appends "a heat 10: 1.5 -" for each row, and "end". */
struct shown {
	struct stage stage;
	struct buf text;
};

static inline void show_row(struct stage *self, const struct row *row)
{
	struct buf *b = &((struct shown *)self)->text;

	buf_append_slice(b, row->sensor->name);
	buf_putc(b, ' ');
	buf_append_slice(b, row->metric->name);
	buf_printf(b, " %lld:", (long long)row->time);
	for (size_t i = 0; i < row->count; i++) {
		buf_putc(b, ' ');
		if (isnan(row->values[i]))
			buf_putc(b, '-');
		else
			number_append(b, row->values[i]);
	}
	if (row->value.len > 0) {
		buf_putc(b, ' ');
		buf_append_slice(b, row->value);
		buf_printf(b, " %d", row->quality);
	}
	buf_putc(b, '\n');
}

static inline void show_end(struct stage *self)
{
	buf_append_string(&((struct shown *)self)->text, "end\n");
}

#define SHOWN ((struct shown){.stage = {show_row, show_end}})

#endif
