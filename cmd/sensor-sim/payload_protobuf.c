#include "payload.h"

#include "payload/sensor.pb-c.h"

#include <math.h>

/* protobuf-c has char * where it only reads. */
static char *text_of(struct slice literal)
{
	return (char *)literal.ptr;
}

static void set_value(Sensorpipe__Metric *out, const struct sample_metric *m)
{
	switch (m->kind) {
	case SAMPLE_NUMBER:
		if (m->decimals == 0) {
			out->value_case = SENSORPIPE__METRIC__VALUE_INTEGER;
			out->integer = m->scaled;
			break;
		}
		out->value_case = SENSORPIPE__METRIC__VALUE_NUMBER;
		out->number = (double)m->scaled / sample_scale(m->decimals);
		break;
	case SAMPLE_FLAG:
		out->value_case = SENSORPIPE__METRIC__VALUE_FLAG;
		out->flag = m->flag;
		break;
	case SAMPLE_TEXT:
		out->value_case = SENSORPIPE__METRIC__VALUE_TEXT;
		out->text = text_of(m->text);
		break;
	case SAMPLE_INFINITE:
		out->value_case = SENSORPIPE__METRIC__VALUE_NUMBER;
		out->number = INFINITY;
		break;
	}
}

void payload_append_protobuf(struct buf *b, const struct sample *s, size_t want)
{
	/* Tags and lengths of a metric named pad, and of what holds it, when its text is 128 bytes.
	 */
	const size_t around = 2 + 5 + 3 + 1 + 3;
	Sensorpipe__Metric metrics[SAMPLE_METRICS_MAX + 1], *list[SAMPLE_METRICS_MAX + 1];
	Sensorpipe__Reading reading = SENSORPIPE__READING__INIT, *readings = &reading;
	Sensorpipe__SensorMessage message = SENSORPIPE__SENSOR_MESSAGE__INIT;
	char text[PAYLOAD_WANT_MAX + 1];
	size_t size;

	for (size_t i = 0; i < s->count; i++) {
		list[i] = &metrics[i];
		sensorpipe__metric__init(list[i]);
		list[i]->name = text_of(s->metrics[i].name);
		set_value(list[i], &s->metrics[i]);
	}
	reading.has_time_us = 1;
	reading.time_us = s->time;
	reading.n_metrics = s->count;
	reading.metrics = list;
	message.n_readings = 1;
	message.readings = &readings;

	size = sensorpipe__sensor_message__get_packed_size(&message);
	if (size + around <= want) {
		Sensorpipe__Metric *pad = list[reading.n_metrics] = &metrics[reading.n_metrics];

		reading.n_metrics++;
		sensorpipe__metric__init(pad);
		pad->name = text_of(SLICE("pad"));
		pad->value_case = SENSORPIPE__METRIC__VALUE_TEXT;
		pad->text = memset(text, 'x', want - size - around);
		text[want - size - around] = '\0';
		size = sensorpipe__sensor_message__get_packed_size(&message);
	}
	buf_reserve(b, size);
	b->len += sensorpipe__sensor_message__pack(&message, (uint8_t *)b->ptr + b->len);
}
