#include "sample.h"

#include <math.h>

double sample_scale(unsigned decimals)
{
	static const double powers[SAMPLE_DECIMALS_MAX + 1] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

	return powers[decimals];
}

static struct sample_metric *add(struct sample *s, struct slice name, enum sample_kind kind)
{
	struct sample_metric *m = &s->metrics[s->count++];

	m->name = name;
	m->kind = kind;
	return m;
}

void sample_number(struct sample *s, struct slice name, double value, unsigned decimals)
{
	struct sample_metric *m = add(s, name, SAMPLE_NUMBER);

	m->decimals = decimals;
	m->scaled = llrint(value * sample_scale(decimals));
}

void sample_flag(struct sample *s, struct slice name, bool value)
{
	add(s, name, SAMPLE_FLAG)->flag = value;
}

void sample_text(struct sample *s, struct slice name, struct slice value)
{
	add(s, name, SAMPLE_TEXT)->text = value;
}
