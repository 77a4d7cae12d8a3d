/* The stage of a table for people; see writer.h. */
#include "base/clock.h"
#include "record/escape.h"
#include "writer.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void writer_append_short(struct buf *b, double number)
{
	enum { DIGITS = 7 };
	double size = fabs(number);
	char text[64];
	int decimals, len;

	if (size != 0 && !(size >= 1e-4 && size < 1e15)) {
		buf_printf(b, "%.*g", DIGITS, number);
		return;
	}
	decimals = DIGITS - 1 - (size >= 1 ? (int)log10(size) : 0);
	len = snprintf(text, sizeof(text), "%.*f", decimals > 0 ? decimals : 0, number);
	if (memchr(text, '.', (size_t)len)) {
		while (text[len - 1] == '0')
			len--;
		if (text[len - 1] == '.')
			len--;
	}
	buf_append(b, text, (size_t)len);
}

/* Without a fraction that is zero. */
static void append_time(struct buf *b, int64_t us)
{
	clock_append(b, us);
	if (us % CLOCK_SECOND == 0) {
		b->len -= sizeof(".000000Z") - 1;
		buf_putc(b, 'Z');
	}
}

static void append_cell(struct buf *b, const struct cell *cell)
{
	switch (cell->kind) {
	case CELL_NONE:
		buf_putc(b, '-');
		break;
	case CELL_TIME:
		append_time(b, cell->integer);
		break;
	case CELL_DAY:
		clock_append_day(b, cell->integer);
		break;
	case CELL_TEXT:
		escape_append(b, cell->text);
		break;
	case CELL_NUMERAL:
		buf_append_slice(b, cell->text);
		break;
	case CELL_NUMBER:
		writer_append_short(b, cell->number);
		break;
	case CELL_INTEGER:
		buf_printf(b, "%" PRId64, cell->integer);
		break;
	}
}

static void take_row(struct stage *self, const struct row *row)
{
	struct writer *w = (struct writer *)self;

	for (size_t i = 0; i < w->columns.count; i++) {
		struct cell cell = column_cell(&w->columns.items[i], row);

		append_cell(table_cell(&w->table), &cell);
		table_cell_end(&w->table);
	}
	w->tally->written++;
	if (w->table.rows < WRITER_TABLE_ROWS)
		return;
	table_write(&w->table, &w->out->buf);
	out_line(w->out);
}

static void finish(struct stage *self)
{
	struct writer *w = (struct writer *)self;

	table_write(&w->table, &w->out->buf);
	table_free(&w->table);
	out_flush(w->out);
}

void writer_init_table(struct writer *w)
{
	w->stage = (struct stage){take_row, finish};
	table_init(&w->table, w->columns.count);
	for (size_t i = 0; i < w->columns.count; i++) {
		enum column_kind kind = w->columns.items[i].kind;

		w->table.right[i] = kind == COLUMN_VALUE || kind == COLUMN_AGGREGATE;
		buf_append_string(table_cell(&w->table), w->columns.items[i].name);
		table_cell_end(&w->table);
	}
}
