#include "batch.h"

#include "base/clock.h"
#include "base/msg.h"
#include "text/json.h"

#include <math.h>
#include <stdlib.h>

/* Room for one more element of an array that doubles. */
static void *grow(void *array, size_t *cap, size_t count, size_t size)
{
	size_t more = *cap ? *cap * 2 : 256;

	if (count < *cap)
		return array;
	array = realloc(array, more * size);
	if (!array)
		msg_die(EX_OSERR, "out of memory (%zu bytes for a batch)", more * size);
	*cap = more;
	return array;
}

/* A string value, freed from its JSON form, goes to batch.texts. */
static void add_text(struct batch *b, struct batch_value *v, struct slice quoted)
{
	v->is_text = true;
	v->text_at = b->texts.len;
	json_unescape((struct slice){quoted.ptr + 1, quoted.len - 2}, &b->texts);
	v->text_len = (uint32_t)(b->texts.len - v->text_at);
}

static void add_value(struct batch *b, struct series *series, const struct metric *m)
{
	struct batch_value *v;

	b->values = grow(b->values, &b->values_cap, b->value_count, sizeof(*b->values));
	v = &b->values[b->value_count++];
	*v = (struct batch_value){
	    .metric = series_metric(series, m->name),
	    .reading = (uint32_t)b->count,
	    .quality = (uint8_t)m->quality,
	};
	if (m->kind == VALUE_STRING)
		add_text(b, v, m->text);
	else
		v->number = fabs(m->number) < BATCH_LEAST_NUMBER ? copysign(0, m->number)
		                                                 : m->number;
}

static void open_batch(struct batch *b)
{
	if (batch_empty(b))
		b->opened = clock_monotonic();
}

void batch_add(struct batch *b, struct series *series, const struct reading *r, int32_t schema,
               struct slice line)
{
	open_batch(b);
	b->readings = grow(b->readings, &b->readings_cap, b->count, sizeof(*b->readings));
	b->readings[b->count] = (struct batch_reading){
	    .received = r->received,
	    .time = r->time,
	    .sensor = series_sensor(series, r->type, r->sensor),
	    .line_at = b->lines.len,
	    .line_len = line.len,
	    .first_value = (uint32_t)b->value_count,
	    .schema = schema,
	};
	for (size_t i = 0; i < r->count; i++)
		add_value(b, series, &r->metrics[i]);
	b->count++;
	buf_append_slice(&b->lines, line);
}

void batch_complete(struct batch *b, uint64_t seq)
{
	if (seq <= b->watermark)
		return;
	open_batch(b);
	b->watermark = seq;
}

bool batch_empty(const struct batch *b)
{
	return b->count == 0 && b->watermark == 0;
}

bool batch_fits(const struct batch *b, size_t max_rows, size_t values, size_t bytes)
{
	return b->count == 0 || (b->value_count + values <= max_rows &&
	                         b->lines.len + b->texts.len + bytes <= BATCH_BYTES_MAX);
}

bool batch_same_value(const struct batch *b, uint32_t value, uint32_t other)
{
	const struct batch_value *v = &b->values[value], *w = &b->values[other];

	if (v->is_text != w->is_text)
		return false;
	if (!v->is_text)
		return v->number == w->number;
	return slice_equal(batch_text(b, v), batch_text(b, w));
}

void batch_reject(struct batch *b, size_t reading, const char *code, const char *detail)
{
	if (b->readings[reading].outcome != OUTCOME_OPEN)
		return;
	b->readings[reading].outcome = OUTCOME_REJECTED;
	b->rejections = grow(b->rejections, &b->rejections_cap, b->rejection_count,
	                     sizeof(*b->rejections));
	b->rejections[b->rejection_count++] = (struct rejection){(uint32_t)reading, code,
	                                                         b->details.len};
	buf_append(&b->details, detail, strlen(detail) + 1);
}

void batch_settle(struct batch *b, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct batch_reading *r = &b->readings[i];

		if (r->outcome == OUTCOME_OPEN)
			r->outcome = r->written ? OUTCOME_STORED : OUTCOME_DUPLICATE;
	}
}

void batch_clear(struct batch *b)
{
	b->count = b->value_count = b->rejection_count = 0;
	buf_clear(&b->lines);
	buf_clear(&b->texts);
	buf_clear(&b->details);
	b->watermark = 0;
	b->watermark_stored = b->in_doubt = false;
	b->rows = 0;
	b->path = PATH_COPY;
}

void batch_free(struct batch *b)
{
	free(b->readings);
	free(b->values);
	free(b->rejections);
	buf_free(&b->lines);
	buf_free(&b->texts);
	buf_free(&b->details);
	*b = (struct batch){0};
}
