#include "output.h"

static const struct aggregates *aggregates(const struct options *o)
{
	return o->aggregates.count > 0 ? &o->aggregates : NULL;
}

/* Whether any of the metrics has a unit: in a table a column of none is a waste of room. */
static bool has_units(const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->metric_count; i++)
		if (catalog->metrics[i].unit.len > 0)
			return true;
	return false;
}

static void choose_columns(struct columns *c, const struct options *o)
{
	switch (o->command) {
	case COMMAND_ROWS:
		columns_choose(c, aggregates(o), o->aggregates.count == 0 || o->bucket > 0);
		break;
	case COMMAND_SIMILAR:
		days_choose_similar(c);
		break;
	case COMMAND_DISCORDS:
		days_choose_discords(c);
		break;
	}
}

static struct stage *init_writer(struct output *output, const struct catalog *catalog)
{
	const struct options *o = output->options;
	struct writer *w = &output->writer;

	w->out = output->out;
	w->tally = output->tally;
	w->format = o->format;
	choose_columns(&w->columns, o);
	if (o->format == WRITER_TABLE && !has_units(catalog))
		columns_remove(&w->columns, COLUMN_UNIT);
	writer_init(w);
	return &w->stage;
}

static struct stage *init_chart(struct output *output)
{
	struct chart *c = &output->chart;

	c->tally = output->tally;
	c->aggregates = aggregates(output->options);
	chart_init(c);
	return &c->stage;
}

static struct stage *init_map(struct output *output)
{
	struct heat_map *m = &output->map;

	m->tally = output->tally;
	m->span = output->options->days.span;
	m->factor = output->options->days.factor;
	heat_map_init(m);
	return &m->stage;
}

static bool is_map(const struct options *o)
{
	return o->plot != PLOT_NONE && o->command == COMMAND_DISCORDS;
}

static struct stage *init_fill(struct output *output, struct stage *next)
{
	const struct options *o = output->options;
	struct fill *f = &output->fill;

	f->next = next;
	f->tally = output->tally;
	f->mode = o->fill;
	f->aggregates = &o->aggregates;
	f->first = cover_bucket(o->span.from, o->bucket);
	f->end = o->span.to;
	f->width = o->bucket;
	fill_init(f);
	return &f->stage;
}

static struct stage *init_thin(struct output *output, struct stage *next)
{
	struct thin *t = &output->thin;

	t->next = next;
	t->tally = output->tally;
	t->points = output->options->points;
	thin_init(t);
	return &t->stage;
}

void output_init(struct output *output, const struct options *options,
                 const struct catalog *catalog, struct out *out, struct tally *tally)
{
	struct stage *stage;

	output->options = options;
	output->out = out;
	output->tally = tally;
	if (options->plot == PLOT_NONE)
		stage = init_writer(output, catalog);
	else
		stage = is_map(options) ? init_map(output) : init_chart(output);
	if (options->fill != FILL_NONE)
		stage = init_fill(output, stage);
	if (options->points > 0)
		stage = init_thin(output, stage);
	output->first = stage;
}

static void end_map(struct output *output)
{
	const struct options *o = output->options;

	if (o->plot == PLOT_TEXT)
		heat_map_append(&output->out->buf, &output->map, &o->look);
	else
		heat_map_draw(&output->map, &o->gnuplot);
	heat_map_free(&output->map);
}

void output_end(struct output *output)
{
	const struct options *o = output->options;

	if (is_map(o)) {
		end_map(output);
		return;
	}
	if (o->plot == PLOT_TEXT)
		plot_append(&output->out->buf, &output->chart, &o->look);
	else if (o->plot == PLOT_FILE)
		gnuplot_draw(&o->gnuplot, &output->chart);
	if (o->plot != PLOT_NONE)
		chart_free(&output->chart);
}
