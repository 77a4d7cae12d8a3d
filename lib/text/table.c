#include "text/table.h"

#include "text/utf8.h"

#include <string.h>

void table_init(struct table *t, size_t columns)
{
	*t = (struct table){.columns = columns};
}

struct buf *table_cell(struct table *t)
{
	t->start = t->cells.len;
	return &t->cells;
}

void table_cell_end(struct table *t)
{
	size_t len = t->cells.len - t->start, width = 0;

	if (len > 0)
		width = utf8_length((struct slice){t->cells.ptr + t->start, len});
	if (width > t->widths[t->column])
		t->widths[t->column] = width;
	buf_putc(&t->cells, '\n');
	if (++t->column == t->columns) {
		t->column = 0;
		t->rows++;
	}
}

static void pad(struct buf *out, size_t count)
{
	buf_reserve(out, count);
	for (; count > 0; count--)
		buf_putc(out, ' ');
}

void table_write(struct table *t, struct buf *out)
{
	const char *p = t->cells.ptr;

	for (; t->rows > 0; t->rows--) {
		for (size_t i = 0; i < t->columns; i++) {
			const char *end = rawmemchr(p, '\n');
			struct slice cell = {p, (size_t)(end - p)};
			size_t space = t->widths[i] - utf8_length(cell);

			pad(out, t->right[i] ? 2 + space : 2);
			buf_append_slice(out, cell);
			if (!t->right[i] && i + 1 < t->columns)
				pad(out, space);
			p = end + 1;
		}
		buf_putc(out, '\n');
	}
	buf_clear(&t->cells);
}

void table_free(struct table *t)
{
	buf_free(&t->cells);
}
