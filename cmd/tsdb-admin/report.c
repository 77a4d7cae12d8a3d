#include "report.h"

#include "base/msg.h"
#include "record/escape.h"
#include "text/json.h"
#include "text/table.h"
#include "text/utf8.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Types of pg_type.dat, whose numbers never change. */
enum {
	BOOL_OID = 16,
	INT8_OID = 20,
	INT2_OID = 21,
	INT4_OID = 23,
	FLOAT8_OID = 701,
	NUMERIC_OID = 1700
};

/* ---- values ---- */

#define SECONDS_MAX 1e15 /* 31 million years, which no span in a database exceeds */

void report_append_bytes(struct buf *out, double bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
	size_t unit = 0;

	/* 999.95 would be written as 1000.0 */
	while ((bytes >= 999.95 || (unit == 0 && bytes >= 999.5)) && unit < 5) {
		bytes /= 1000;
		unit++;
	}
	buf_printf(out, "%.*f %s", unit == 0 ? 0 : 1, bytes, units[unit]);
}

void report_append_seconds(struct buf *out, double seconds)
{
	int64_t s;

	if (!(fabs(seconds) < SECONDS_MAX)) {
		buf_putc(out, '-');
		return;
	}
	if (seconds < 0) {
		buf_putc(out, '-');
		seconds = -seconds;
	}
	s = (int64_t)seconds;
	if (s < 60)
		buf_printf(out, "%lld s", (long long)s);
	else if (s < 3600)
		buf_printf(out, "%lld min %lld s", (long long)(s / 60), (long long)(s % 60));
	else if (s < 86400)
		buf_printf(out, "%lld h %lld min", (long long)(s / 3600), (long long)(s / 60 % 60));
	else
		buf_printf(out, "%lld d %lld h", (long long)(s / 86400),
		           (long long)(s / 3600 % 24));
}

/* Whether a column's name ends so, and has more before it. */
static bool ends_with(const char *name, const char *ending)
{
	size_t len = strlen(name), end = strlen(ending);

	return len > end && strcmp(name + len - end, ending) == 0;
}

static void append_text_name(struct buf *out, const char *name)
{
	size_t len = strlen(name);

	if (ends_with(name, "_bytes"))
		len -= strlen("_bytes");
	else if (ends_with(name, "_seconds"))
		len -= strlen("_seconds");
	for (size_t i = 0; i < len; i++)
		buf_putc(out, name[i] == '_' ? ' ' : name[i]);
}

static void append_text_value(struct buf *out, const PGresult *result, int row, int column)
{
	const char *name = PQfname(result, column);
	const char *value = PQgetvalue(result, row, column);

	if (PQgetisnull(result, row, column))
		buf_putc(out, '-');
	else if (ends_with(name, "_bytes"))
		report_append_bytes(out, strtod(value, NULL));
	else if (ends_with(name, "_seconds"))
		report_append_seconds(out, strtod(value, NULL));
	else if (PQftype(result, column) == BOOL_OID)
		buf_append_string(out, value[0] == 't' ? "yes" : "no");
	else
		escape_append(out, slice_of(value));
}

static bool is_number(const PGresult *result, int column)
{
	switch (PQftype(result, column)) {
	case INT8_OID:
	case INT2_OID:
	case INT4_OID:
	case FLOAT8_OID:
	case NUMERIC_OID:
		return true;
	default:
		return false;
	}
}

static void append_json_value(struct buf *out, const PGresult *result, int row, int column)
{
	const char *value = PQgetvalue(result, row, column);
	/* NaN and infinities have no number in JSON. */
	bool finite = value[0] != '\0' && strpbrk(value, "NI") == NULL;

	if (PQgetisnull(result, row, column))
		buf_append_string(out, "null");
	else if (PQftype(result, column) == BOOL_OID)
		buf_append_string(out, value[0] == 't' ? "true" : "false");
	else if (is_number(result, column) && finite)
		buf_append_string(out, value);
	else
		json_append_string(out, slice_of(value));
}

/* ---- records and tables ---- */

static void pad(struct buf *out, size_t width, size_t wanted)
{
	for (; width < wanted; width++)
		buf_putc(out, ' ');
}

/* Characters of what was appended from `from` on. */
static size_t width_from(const struct buf *out, size_t from)
{
	return utf8_length((struct slice){out->ptr + from, out->len - from});
}

void report_text_record(struct buf *out, const PGresult *result)
{
	enum { NAME_WIDTH = 20 };

	for (int column = 0; column < PQnfields(result); column++) {
		size_t from;

		buf_append_string(out, "  ");
		from = out->len;
		append_text_name(out, PQfname(result, column));
		pad(out, width_from(out, from), NAME_WIDTH);
		append_text_value(out, result, 0, column);
		buf_putc(out, '\n');
	}
}

/* Row -1 is the head. */
static void append_cell(struct buf *out, const PGresult *result, int row, int column)
{
	if (row < 0)
		append_text_name(out, PQfname(result, column));
	else
		append_text_value(out, result, row, column);
}

void report_text_table(struct buf *out, const PGresult *result)
{
	int columns = PQnfields(result);
	struct table table;

	if (columns > REPORT_COLUMNS_MAX)
		msg_die(EX_SOFTWARE, "a table of %d columns: more than %d", columns,
		        REPORT_COLUMNS_MAX);
	table_init(&table, (size_t)columns);
	for (int row = -1; row < PQntuples(result); row++)
		for (int column = 0; column < columns; column++) {
			append_cell(table_cell(&table), result, row, column);
			table_cell_end(&table);
		}
	table_write(&table, out);
	table_free(&table);
}

static void append_json_row(struct buf *out, const PGresult *result, int row)
{
	buf_putc(out, '{');
	for (int column = 0; column < PQnfields(result); column++) {
		if (column > 0)
			buf_putc(out, ',');
		json_append_string(out, slice_of(PQfname(result, column)));
		buf_putc(out, ':');
		append_json_value(out, result, row, column);
	}
	buf_putc(out, '}');
}

void report_json_record(struct buf *out, const PGresult *result)
{
	append_json_row(out, result, 0);
}

void report_json_table(struct buf *out, const PGresult *result)
{
	buf_putc(out, '[');
	for (int row = 0; row < PQntuples(result); row++) {
		if (row > 0)
			buf_putc(out, ',');
		append_json_row(out, result, row);
	}
	buf_putc(out, ']');
}
