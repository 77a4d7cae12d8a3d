#include "columns.h"

#include <math.h>

void columns_add(struct columns *c, enum column_kind kind, const char *name, size_t index)
{
	c->items[c->count++] = (struct column){kind, name, index};
}

void columns_choose(struct columns *c, const struct aggregates *aggregates, bool times)
{
	c->count = 0;
	if (times)
		columns_add(c, COLUMN_TIME, "time", 0);
	columns_add(c, COLUMN_TYPE, "type", 0);
	columns_add(c, COLUMN_SENSOR, "sensor", 0);
	columns_add(c, COLUMN_METRIC, "metric", 0);
	if (!aggregates)
		columns_add(c, COLUMN_VALUE, "value", 0);
	for (size_t i = 0; aggregates && i < aggregates->count; i++)
		columns_add(c, COLUMN_AGGREGATE, aggregates->items[i].name, i);
	columns_add(c, COLUMN_UNIT, "unit", 0);
	if (!aggregates)
		columns_add(c, COLUMN_QUALITY, "quality", 0);
}

void columns_remove(struct columns *c, enum column_kind kind)
{
	size_t left = 0;

	for (size_t i = 0; i < c->count; i++)
		if (c->items[i].kind != kind)
			c->items[left++] = c->items[i];
	c->count = left;
}

static struct cell text_cell(struct slice text)
{
	return (struct cell){.kind = CELL_TEXT, .text = text};
}

static struct cell number_cell(double number)
{
	return (struct cell){.kind = isnan(number) ? CELL_NONE : CELL_NUMBER, .number = number};
}

struct cell column_cell(const struct column *column, const struct row *row)
{
	struct cell none = {.kind = CELL_NONE};

	switch (column->kind) {
	case COLUMN_TIME:
		return (struct cell){.kind = CELL_TIME, .integer = row->time};
	case COLUMN_TYPE:
		return text_cell(row->sensor->type);
	case COLUMN_SENSOR:
		return text_cell(row->sensor->name);
	case COLUMN_METRIC:
		return text_cell(row->metric->name);
	case COLUMN_UNIT:
		return row->metric->unit.len ? text_cell(row->metric->unit) : none;
	case COLUMN_VALUE:
		return (struct cell){.kind = row->is_string ? CELL_TEXT : CELL_NUMERAL,
		                     .text = row->value};
	case COLUMN_QUALITY:
		return (struct cell){.kind = CELL_INTEGER, .integer = row->quality};
	case COLUMN_DAY:
		return (struct cell){.kind = CELL_DAY, .integer = row->time};
	case COLUMN_KIND:
		return text_cell(row->value);
	case COLUMN_AGGREGATE:
		return number_cell(row->values[column->index]);
	}
	return none;
}
