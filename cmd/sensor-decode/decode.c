#include "decode.h"

#include "base/msg.h"
#include "decode_protobuf.h"
#include "identity.h"
#include "readings.h"
#include "text/topic_filter.h"
#include "topic.h"

#include <stdlib.h>

struct decoder {
	const struct decode_options *options;
	struct readings readings;
	struct arena arena;
	struct buf scratch;    /* of the payload decoders */
	struct buf properties; /* decoded; what the identity may point to */
};

struct decoder *decoder_new(const struct decode_options *options)
{
	struct decoder *d = calloc(1, sizeof(*d));

	if (!d)
		msg_die(EX_OSERR, "out of memory");
	d->options = options;
	return d;
}

void decoder_free(struct decoder *d)
{
	readings_free(&d->readings);
	arena_free(&d->arena);
	buf_free(&d->scratch);
	buf_free(&d->properties);
	free(d);
}

/* By the content type, or without one by the topic. */
static int choose_format(const struct decode_options *o, const struct message *m,
                         enum format *format, struct fault *fault)
{
	const char *wrong;

	if (m->content_type.len) {
		wrong = content_type_format(m->content_type, format);
		if (wrong)
			return fault_set(fault, FAULT_CONTENT_TYPE, "content type '%.*s': %s",
			                 SLICE_ARG(m->content_type), wrong);
		return 0;
	}
	for (size_t i = 0; i < o->default_count; i++) {
		if (topic_filter_matches(o->defaults[i].filter, m->topic)) {
			*format = o->defaults[i].format;
			return 0;
		}
	}
	return fault_set(fault, FAULT_NO_CONTENT_TYPE,
	                 "no content type, and no --default-type for topic '%.*s'",
	                 SLICE_ARG(m->topic));
}

static int decode_payload(struct decoder *d, const struct message *m, struct fault *fault)
{
	enum format format = FORMAT_JSON;

	if (choose_format(d->options, m, &format, fault) < 0)
		return -1;
	if (format == FORMAT_PROTOBUF)
		return decode_protobuf(m->payload, &d->arena, &d->scratch, &d->readings, fault);
	return decode_json(m->payload, &d->options->json, &d->scratch, &d->readings, fault);
}

static void fill_from_topic(const struct decode_options *o, struct slice topic, struct identity *id)
{
	struct topic_names names;

	for (size_t i = 0; i < o->template_count; i++) {
		if (topic_template_matches(o->templates[i], topic, &names)) {
			identity_fill(id, names.type, names.sensor, (struct slice){0});
			return;
		}
	}
}

/* Several readings are told apart by their times, so each must bring its own. */
static int check_times(const struct readings *r, bool timed_by_property, struct fault *fault)
{
	if (r->count == 1)
		return 0;
	if (timed_by_property)
		return fault_set(fault, FAULT_BAD_TIME,
		                 "the user property 'time' cannot hold for %zu readings", r->count);
	for (size_t i = 0; i < r->count; i++)
		if (!r->each[i].timed)
			return fault_set(fault, FAULT_BAD_TIME,
			                 "reading %zu of %zu has no time of its own", i + 1,
			                 r->count);
	return 0;
}

static void append_readings(const struct readings *r, const struct identity *id,
                            const struct message *m, struct buf *out)
{
	struct reading_head head = {.seq = m->seq,
	                            .received = m->received,
	                            .type = id->type,
	                            .sensor = id->sensor,
	                            .schema = id->schema};
	size_t from = 0;

	for (size_t i = 0; i < r->count; i++) {
		head.more = i + 1 < r->count;
		head.time = id->timed ? id->time : r->each[i].timed ? r->each[i].time : m->received;
		reading_begin(out, &head);
		buf_append(out, r->metrics.ptr + from, r->each[i].end - from);
		buf_putc(out, '\n');
		from = r->each[i].end;
	}
}

int decode_message(struct decoder *d, const struct message *m, struct buf *out, struct fault *fault)
{
	const struct readings *r = &d->readings;
	struct identity id;

	if (identity_read(&id, m->properties, &d->properties, fault) < 0 ||
	    decode_payload(d, m, fault) < 0)
		return -1;
	identity_fill(&id, r->type, r->sensor, r->schema);
	fill_from_topic(d->options, m->topic, &id);
	if (identity_check(&id, fault) < 0 || check_times(r, id.timed, fault) < 0)
		return -1;
	append_readings(r, &id, m, out);
	return (int)r->count;
}
