#include "lines.h"

#include "base/clock.h"
#include "text/json.h"
#include "text/number.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- CSV ---- */

static bool csv_needs_quotes(struct slice text)
{
	if (text.len == 0 || text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ')
		return true;
	for (size_t i = 0; i < text.len; i++)
		switch (text.ptr[i]) {
		case ',':
		case '"':
		case '\r':
		case '\n':
			return true;
		default:
			break;
		}
	return false;
}

static void csv_append_text(struct buf *b, struct slice text)
{
	if (!csv_needs_quotes(text)) {
		buf_append_slice(b, text);
		return;
	}
	buf_putc(b, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_putc(b, '"');
		buf_putc(b, text.ptr[i]);
	}
	buf_putc(b, '"');
}

/* ---- TSV ---- */

static void tsv_append_text(struct buf *b, struct slice text)
{
	static const char from[] = "\\\t\n\r\b\f\v", to[] = "\\tnrbfv";

	for (size_t i = 0; i < text.len; i++) {
		const char *at = text.ptr[i] ? strchr(from, text.ptr[i]) : NULL;

		if (at)
			buf_putc(b, '\\');
		buf_putc(b, at ? to[at - from] : text.ptr[i]);
	}
}

/* ---- cells ---- */

static void append_text(struct buf *b, enum lines_format format, struct slice text)
{
	switch (format) {
	case LINES_CSV:
		csv_append_text(b, text);
		break;
	case LINES_TSV:
		tsv_append_text(b, text);
		break;
	case LINES_JSON:
		json_append_string(b, text);
		break;
	}
}

/* What JSON has no number for stands in quotes. */
static void append_numeral(struct buf *b, enum lines_format format, struct slice text)
{
	bool finite = text.len && text.ptr[text.len - 1] <= '9'; /* not NaN or Infinity */
	const char *quote = format == LINES_JSON && !finite ? "\"" : "";

	buf_append_string(b, quote);
	buf_append_slice(b, text);
	buf_append_string(b, quote);
}

static void append_number(struct buf *b, enum lines_format format, double number)
{
	if (isfinite(number))
		number_append(b, number);
	else
		append_numeral(b, format, number > 0 ? SLICE("Infinity") : SLICE("-Infinity"));
}

static void append_cell(struct buf *b, enum lines_format format, const struct cell *cell)
{
	static const char *const none[] = {
	    [LINES_CSV] = "", [LINES_TSV] = "\\N", [LINES_JSON] = "null"};

	switch (cell->kind) {
	case CELL_NONE:
		buf_append_string(b, none[format]);
		break;
	case CELL_TIME:
		buf_append_string(b, format == LINES_JSON ? "\"" : "");
		clock_append(b, cell->integer);
		buf_append_string(b, format == LINES_JSON ? "\"" : "");
		break;
	case CELL_DAY:
		buf_append_string(b, format == LINES_JSON ? "\"" : "");
		clock_append_day(b, cell->integer);
		buf_append_string(b, format == LINES_JSON ? "\"" : "");
		break;
	case CELL_TEXT:
		append_text(b, format, cell->text);
		break;
	case CELL_NUMERAL:
		append_numeral(b, format, cell->text);
		break;
	case CELL_NUMBER:
		append_number(b, format, cell->number);
		break;
	case CELL_INTEGER:
		buf_printf(b, "%" PRId64, cell->integer);
		break;
	}
}

void lines_append_head(struct buf *b, enum lines_format format, const struct columns *c)
{
	if (format == LINES_JSON)
		return;
	for (size_t i = 0; i < c->count; i++) {
		if (i > 0)
			buf_putc(b, format == LINES_CSV ? ',' : '\t');
		buf_append_string(b, c->items[i].name);
	}
	buf_putc(b, '\n');
}

void lines_append_row(struct buf *b, enum lines_format format, const struct columns *c,
                      const struct row *row)
{
	static const char separators[] = {
	    [LINES_CSV] = ',', [LINES_TSV] = '\t', [LINES_JSON] = ','};

	if (format == LINES_JSON)
		buf_putc(b, '{');
	for (size_t i = 0; i < c->count; i++) {
		struct cell cell = column_cell(&c->items[i], row);

		if (i > 0)
			buf_putc(b, separators[format]);
		if (format == LINES_JSON)
			buf_printf(b, "\"%s\":", c->items[i].name);
		append_cell(b, format, &cell);
	}
	buf_append_string(b, format == LINES_JSON ? "}\n" : "\n");
}
