#include "decode.h"

#include "base/msg.h"
#include "cbor/decode_cbor.h"
#include "decode_text.h"
#include "identity.h"
#include "influx/decode_influx.h"
#include "map/mapper.h"
#include "payload.h"
#include "protobuf/decode_protobuf.h"
#include "senml/decode_senml_cbor.h"
#include "senml/decode_senml_json.h"
#include "sparkplug/decode_sparkplug.h"
#include "sparkplug/sparkplug_topic.h"
#include "text/topic_filter.h"
#include "topic.h"
#include "json/decode_json.h"

#include <stdlib.h>

struct decoder {
	const struct decode_options *options;
	struct readings readings;
	struct arena arena;
	struct buf scratch;    /* of the payload decoders */
	struct buf properties; /* decoded; what the identity may point to */
	struct buf sensor;     /* a name that is put together */
	struct sparkplug sparkplug;
	struct inflater inflater;
	struct mapper *mapper; /* NULL without a map */
};

struct decoder *decoder_new(const struct decode_options *options)
{
	struct decoder *d = calloc(1, sizeof(*d));

	if (!d)
		msg_die(EX_OSERR, "out of memory");
	d->options = options;
	d->mapper = options->map ? mapper_new() : NULL;
	d->readings.max_string = options->max_string;
	d->readings.max_metrics = options->max_metrics;
	return d;
}

void decoder_free(struct decoder *d)
{
	readings_free(&d->readings);
	arena_free(&d->arena);
	buf_free(&d->scratch);
	buf_free(&d->properties);
	buf_free(&d->sensor);
	inflater_free(&d->inflater);
	sparkplug_free(&d->sparkplug);
	mapper_free(d->mapper);
	free(d);
}

static payload_decoder *const decoders[FORMATS] = {
    [FORMAT_JSON] = decode_json,
    [FORMAT_PROTOBUF] = decode_protobuf,
    [FORMAT_SPARKPLUG] = decode_sparkplug,
    [FORMAT_TEXT] = decode_text,
    [FORMAT_SENML_JSON] = decode_senml_json,
    [FORMAT_SENSML_JSON] = decode_senml_json,
    [FORMAT_SENML_CBOR] = decode_senml_cbor,
    [FORMAT_SENSML_CBOR] = decode_senml_cbor,
    [FORMAT_CBOR] = decode_cbor,
    [FORMAT_INFLUX] = decode_influx,
};

/* By the content type, or without one by the topic: as the map's rule has it, or an option. */
static int choose_type(const struct decode_options *o, const struct map_rule *rule,
                       const struct message *m, struct content_type *type, struct fault *fault)
{
	const char *wrong;

	if (m->content_type.len) {
		wrong = content_type_read(m->content_type, type);
		if (wrong)
			return fault_set(fault, FAULT_CONTENT_TYPE, "content type '%.*s': %s",
			                 SLICE_ARG(m->content_type), wrong);
		return 0;
	}
	if (rule && rule->has_type) {
		*type = rule->type;
		return 0;
	}
	for (size_t i = 0; i < o->default_count; i++) {
		if (topic_filter_matches(o->defaults[i].filter, m->topic)) {
			*type = o->defaults[i].type;
			return 0;
		}
	}
	if (sparkplug_topic_matches(m->topic)) {
		*type = (struct content_type){.format = FORMAT_SPARKPLUG};
		return 0;
	}
	return fault_set(fault, FAULT_NO_CONTENT_TYPE,
	                 "no content type, and no --default-type for topic '%.*s'",
	                 SLICE_ARG(m->topic));
}

/* A rule of the map is for payloads in JSON and in plain text. */
static bool is_mapped(const struct map_rule *rule, struct content_type type)
{
	return rule && (type.format == FORMAT_JSON || type.format == FORMAT_TEXT);
}

/* The coding of the payload: by the content type, or by a user property. */
static int choose_coding(const struct content_type *type, const struct identity *given,
                         enum coding *coding, struct fault *fault)
{
	*coding = type->coding;
	if (!given->encoding.ptr)
		return 0;
	if (!coding_read(given->encoding, coding))
		return fault_set(fault, FAULT_BAD_ENCODING,
		                 "the content encoding '%.*s' is none of gzip, deflate and zstd",
		                 SLICE_ARG(given->encoding));
	if (*coding != CODING_IDENTITY && type->coding != CODING_IDENTITY)
		return fault_set(fault, FAULT_BAD_ENCODING,
		                 "the content type and the user property 'content-encoding' both "
		                 "name an encoding");
	if (*coding == CODING_IDENTITY)
		*coding = type->coding;
	return 0;
}

/* The bytes of the payload, as the decoders take them. */
static int take_bytes(struct decoder *d, const struct identity *given, struct payload *p)
{
	size_t max = p->options->max_payload ? p->options->max_payload : DECODE_PAYLOAD_MAX;
	enum coding coding;

	if (p->bytes.len > max)
		return fault_set(p->fault, FAULT_TOO_LARGE,
		                 "the payload has %zu bytes, more than %zu", p->bytes.len, max);
	if (choose_coding(&p->type, given, &coding, p->fault) < 0)
		return -1;
	if (coding == CODING_IDENTITY)
		return 0;
	return inflater_take(&d->inflater, coding, p->bytes, max, &p->bytes, p->fault);
}

static int decode_payload(struct decoder *d, const struct message *m,
                          const struct topic_names *topic, const struct map_rule *rule,
                          const struct identity *given, struct fault *fault)
{
	const struct decode_options *o = d->options;
	struct payload p = {
	    .bytes = m->payload,
	    .message = m,
	    .options = o,
	    .given = given,
	    .metric = topic->metric.ptr ? topic->metric : o->metric,
	    .readings = &d->readings,
	    .arena = &d->arena,
	    .scratch = &d->scratch,
	    .sparkplug = &d->sparkplug,
	    .fault = fault,
	};

	if (choose_type(o, rule, m, &p.type, fault) < 0)
		return -1;
	if (take_bytes(d, given, &p) < 0)
		return -1;
	if (given->message.ptr)
		p.type.message = given->message;
	readings_clear(p.readings);
	if (is_mapped(rule, p.type))
		return mapper_decode(d->mapper, o->map, rule, &p);
	return decoders[p.type.format](&p);
}

/* What the first template that matches tells. The rule of a map has one, too. */
static struct topic_names names_of_topic(const struct decode_options *o, struct slice topic)
{
	struct topic_names names;

	for (size_t i = 0; i < o->template_count; i++)
		if (topic_template_matches(&o->templates[i], topic, &names))
			return names;
	return (struct topic_names){0};
}

static struct slice first_of(struct slice a, struct slice b, struct slice c)
{
	return a.ptr ? a : b.ptr ? b : c;
}

/* The rule of the map for a topic, if there is one: what its template tells comes first. */
static const struct map_rule *choose_rule(const struct decode_options *o, struct slice topic,
                                          struct topic_names *names)
{
	const struct slice none = {0};
	struct topic_names by_rule;
	const struct map_rule *rule = o->map ? map_rule_for(o->map, topic, &by_rule) : NULL;

	if (!rule)
		return NULL;
	names->type = first_of(by_rule.type, names->type, none);
	names->sensor = first_of(by_rule.sensor, names->sensor, none);
	names->schema = first_of(by_rule.schema, names->schema, none);
	names->metric = first_of(by_rule.metric, names->metric, none);
	return rule;
}

/* Who a reading is of: by `given`, the user properties; by what the payload says of the reading; by
 * `common`, of the payload as a whole and the topic. */
static struct identity identify(const struct readings *r, size_t reading,
                                const struct identity *given, const struct identity *common,
                                struct buf *sensor)
{
	struct slice suffix = readings_suffix(r, reading);
	struct identity id = *common;

	id.type = first_of(given->type, readings_type(r, reading), common->type);
	id.sensor = first_of(given->sensor, readings_sensor(r, reading), common->sensor);
	if (id.sensor.len && suffix.len) {
		buf_clear(sensor);
		buf_append_slice(sensor, id.sensor);
		buf_append_slice(sensor, suffix);
		id.sensor = buf_slice(sensor);
	}
	return id;
}

/* Readings of one sensor are told apart by their times, so each must bring its own, but where the
 * decoder told them apart. */
static int check_time(const struct readings *r, size_t reading, const struct identity *given,
                      struct fault *fault)
{
	bool alone = !given->sensor.ptr && r->each[reading].sensor_len > 0;

	if (r->distinct)
		alone = !given->timed || !r->each[reading].timed;
	if (r->count == 1 || alone)
		return 0;
	if (given->timed)
		return fault_set(fault, FAULT_BAD_TIME,
		                 "the user property 'time' cannot hold for %zu readings", r->count);
	if (!r->each[reading].timed)
		return fault_set(fault, FAULT_BAD_TIME, "reading %zu of %zu has no time of its own",
		                 reading + 1, r->count);
	return 0;
}

static int append_readings(struct decoder *d, const struct identity *given,
                           const struct identity *common, const struct message *m, struct buf *out,
                           struct fault *fault)
{
	const struct readings *r = &d->readings;
	struct reading_head head = {
	    .seq = m->seq, .received = m->received, .schema = common->schema};
	size_t from = 0;

	for (size_t i = 0; i < r->count; i++) {
		struct identity id = identify(r, i, given, common, &d->sensor);

		if (identity_check(&id, fault) < 0 || check_time(r, i, given, fault) < 0)
			return -1;
		head.type = id.type;
		head.sensor = id.sensor;
		head.more = i + 1 < r->count;
		head.time = id.timed ? id.time : r->each[i].timed ? r->each[i].time : m->received;
		reading_begin(out, &head);
		buf_append(out, r->metrics.ptr + from, r->each[i].end - from);
		buf_putc(out, '\n');
		from = r->each[i].end;
	}
	return (int)r->count;
}

int decode_message(struct decoder *d, const struct message *m, struct buf *out, struct fault *fault)
{
	struct topic_names topic = names_of_topic(d->options, m->topic);
	const struct map_rule *rule = choose_rule(d->options, m->topic, &topic);
	const struct readings *r = &d->readings;
	struct identity given, common;
	size_t before = out->len;
	int count;

	d->sparkplug.remember = false;
	if (identity_read(&given, m->properties, &d->properties, fault) < 0 ||
	    decode_payload(d, m, &topic, rule, &given, fault) < 0)
		return -1;
	common = given;
	identity_fill(&common, r->type, r->sensor, r->schema);
	identity_fill(&common, topic.type, topic.sensor, topic.schema);
	identity_fill(&common, r->topic_type, r->topic_sensor, (struct slice){0});
	count = append_readings(d, &given, &common, m, out, fault);
	if (count < 0)
		out->len = before;
	return count;
}

struct sparkplug *decoder_sparkplug(struct decoder *d)
{
	return &d->sparkplug;
}

void decoder_restore(struct decoder *d, const struct message *m)
{
	const struct sparkplug_counts counts = d->sparkplug.counts;
	struct fault fault;
	struct buf ignored = {0};

	d->sparkplug.restoring = true;
	decode_message(d, m, &ignored, &fault);
	d->sparkplug.restoring = false;
	d->sparkplug.counts = counts;
	buf_free(&ignored);
}
