#include "writer.h"

const char *const writer_formats[] = {
    [WRITER_TABLE] = "table", [WRITER_CSV] = "csv", [WRITER_TSV] = "tsv",
    [WRITER_JSON] = "json",   [WRITER_R1] = "r1",   NULL,
};

static enum lines_format lines_format(const struct writer *w)
{
	switch (w->format) {
	case WRITER_CSV:
		return LINES_CSV;
	case WRITER_TSV:
		return LINES_TSV;
	default:
		return LINES_JSON;
	}
}

static void take_row(struct stage *self, const struct row *row)
{
	struct writer *w = (struct writer *)self;

	lines_append_row(&w->out->buf, lines_format(w), &w->columns, row);
	out_line(w->out);
	w->tally->written++;
}

static void finish(struct stage *self)
{
	out_flush(((struct writer *)self)->out);
}

void writer_init(struct writer *w)
{
	w->stage = (struct stage){take_row, finish};
	switch (w->format) {
	case WRITER_TABLE:
		writer_init_table(w);
		break;
	case WRITER_R1:
		writer_init_records(w);
		break;
	default:
		lines_append_head(&w->out->buf, lines_format(w), &w->columns);
		break;
	}
}
