#include "fault.h"

#include "base/clock.h"

#include <string.h>

/* The first metric of every type is one that its schema requires. */
static struct sample_metric *first_metric(struct draft *d)
{
	return &d->sample.metrics[0];
}

static void cut_payload(struct draft *d)
{
	d->keep = 50;
}

static void empty_payload(struct draft *d)
{
	d->keep = 0;
}

static void wrong_value_type(struct draft *d)
{
	first_metric(d)->kind = SAMPLE_TEXT;
	first_metric(d)->text = SLICE("n/a");
}

/* Below what any instrument measures, and any counter counts. */
static void out_of_range(struct draft *d)
{
	struct sample_metric *m = first_metric(d);

	if (m->kind != SAMPLE_NUMBER)
		m++;
	m->scaled = -1000000000;
}

static void infinite_value(struct draft *d)
{
	first_metric(d)->kind = SAMPLE_INFINITE;
}

static void missing_metric(struct draft *d)
{
	d->sample.count--;
	memmove(d->sample.metrics, d->sample.metrics + 1,
	        d->sample.count * sizeof(d->sample.metrics[0]));
}

static void duplicate_metric(struct draft *d)
{
	d->sample.metrics[d->sample.count++] = *first_metric(d);
}

static void unknown_metric(struct draft *d)
{
	sample_number(&d->sample, SLICE("colour"), 7, 0);
}

static void bad_utf8(struct draft *d)
{
	sample_text(&d->sample, SLICE("note"), SLICE("caf\xe9"));
}

/* A clock set to the wrong year. */
static void future_time(struct draft *d)
{
	d->sample.time += 366 * 86400 * CLOCK_SECOND;
}

static void unknown_type(struct draft *d)
{
	d->type = SLICE("teapot");
}

static void short_topic(struct draft *d)
{
	d->id = (struct slice){NULL, 0};
}

static void unknown_schema(struct draft *d)
{
	d->properties = SLICE("schema=999&source=sim");
}

static void duplicate_property(struct draft *d)
{
	d->properties = SLICE("schema=1&source=sim&schema=1");
}

static void no_content_type(struct draft *d)
{
	d->content_type = (struct slice){NULL, 0};
}

static void foreign_content_type(struct draft *d)
{
	d->content_type = SLICE("text/csv");
}

/* The payload is not what it says it is. */
static void swapped_content_type(struct draft *d)
{
	d->content_type = d->format == PAYLOAD_JSON ? SLICE("application/protobuf")
	                                            : SLICE("application/json");
}

static const struct {
	const char *name;
	void (*apply)(struct draft *d);
} faults[] = {
    {"cut-payload", cut_payload},
    {"empty-payload", empty_payload},
    {"wrong-value-type", wrong_value_type},
    {"out-of-range", out_of_range},
    {"infinite-value", infinite_value},
    {"missing-metric", missing_metric},
    {"duplicate-metric", duplicate_metric},
    {"unknown-metric", unknown_metric},
    {"bad-utf8", bad_utf8},
    {"future-time", future_time},
    {"unknown-type", unknown_type},
    {"short-topic", short_topic},
    {"unknown-schema", unknown_schema},
    {"duplicate-property", duplicate_property},
    {"no-content-type", no_content_type},
    {"foreign-content-type", foreign_content_type},
    {"swapped-content-type", swapped_content_type},
};

size_t fault_kinds(void)
{
	return sizeof(faults) / sizeof(faults[0]);
}

const char *fault_name(size_t kind)
{
	return faults[kind].name;
}

void fault_apply(size_t kind, struct draft *d)
{
	faults[kind].apply(d);
}
