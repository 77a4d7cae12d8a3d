#include "sparkplug/decode_sparkplug.h"

#include "base/clock.h"
#include "protobuf/protobuf_wire.h"
#include "sparkplug/sparkplug_message.h"
#include "sparkplug/sparkplug_topic.h"

#include <inttypes.h>
#include <stdlib.h>

/* The payload itself and the first of protobuf-c's tables. */
enum { MEMORY_MIN = 4096 };

enum { SEQS = 256 }; /* numbers of messages start again at 0 after so many */

/* A value to be stored. */
struct item {
	int64_t time;
	struct slice name;
	size_t at, len; /* its text, in the scratch buffer */
	enum quality quality;
};

/* One message on its way. */
struct taking {
	struct payload *p;
	struct sparkplug *s;
	struct sparkplug_topic topic;
	struct sparkplug_node *node;
	const Sparkplug__Payload *payload;
	int64_t time; /* of what has none of its own */
	struct item *items;
	size_t count;
};

static int fail(struct taking *t, const char *what)
{
	return fault_set(t->p->fault, FAULT_BAD_SPARKPLUG, "%s: %s",
	                 sparkplug_type_name(t->topic.type), what);
}

static int no_data(struct taking *t)
{
	return fault_set(t->p->fault, FAULT_NO_DATA, "%s: nothing to store",
	                 sparkplug_type_name(t->topic.type));
}

/* ---- the payload ---- */

static size_t memory_for(struct slice payload)
{
	size_t most = SPARKPLUG_MEMORY_MAX;

	if (payload.len >= (most - MEMORY_MIN) / SPARKPLUG_PER_BYTE)
		return most;
	return MEMORY_MIN + payload.len * SPARKPLUG_PER_BYTE;
}

static void *take_memory(struct taking *t, size_t bytes)
{
	ProtobufCAllocator *a = &t->p->arena->allocator;

	return a->alloc(a->allocator_data, bytes);
}

static int too_large(struct taking *t)
{
	return fault_set(t->p->fault, FAULT_TOO_LARGE,
	                 "unpacking the %zu bytes needs more memory than %zu bytes",
	                 t->p->bytes.len, memory_for(t->p->bytes));
}

/* A time in milliseconds as microseconds. */
static int read_time(struct taking *t, uint64_t milliseconds, int64_t *time)
{
	if (milliseconds > CLOCK_MAX / 1000)
		return fault_set(t->p->fault, FAULT_BAD_TIME,
		                 "timestamp %" PRIu64 " is not of the years 0001 to 9999",
		                 milliseconds);
	*time = (int64_t)milliseconds * 1000;
	return 0;
}

static int unpack(struct taking *t)
{
	struct payload *p = t->p;

	if (protobuf_wire_check(p->bytes, &sparkplug__payload__descriptor, PROTOBUF_UNKNOWN_SKIPPED,
	                        p->fault) < 0)
		return -1;
	arena_reset(p->arena, memory_for(p->bytes));
	t->payload = sparkplug__payload__unpack(&p->arena->allocator, p->bytes.len,
	                                        (const uint8_t *)p->bytes.ptr);
	if (!t->payload)
		return too_large(t);
	/* one more for SPARKPLUG_ONLINE */
	t->items = take_memory(t, (t->payload->n_metrics + 1) * sizeof(*t->items));
	if (!t->items)
		return too_large(t);
	if (t->payload->uuid && strcmp(t->payload->uuid, "SPBV1.0_COMPRESSED") == 0)
		return fault_set(p->fault, FAULT_UNSUPPORTED_SHAPE, "a compressed payload");
	buf_clear(p->scratch);
	t->time = p->message->received;
	/* A death of a node was written when the node connected, long before. */
	if (t->payload->has_timestamp && t->topic.type != SPARKPLUG_NDEATH)
		return read_time(t, t->payload->timestamp, &t->time);
	return 0;
}

/* ---- the order of messages ---- */

/* Compares the message's number with the one before it. */
static int take_seq(struct taking *t)
{
	struct sparkplug_node *node = t->node;
	int seq, before = node->seq;

	if (!t->payload->has_seq || t->payload->seq >= SEQS)
		return fail(t, "it has no sequence number of 0 to 255");
	node->seq = seq = (int)t->payload->seq;
	if (t->s->restoring) {
		/* what was between the births is not restored */
		if (t->topic.type != SPARKPLUG_NDATA)
			node->seq = SPARKPLUG_SEQ_UNKNOWN;
	} else if (before == SPARKPLUG_SEQ_UNKNOWN) {
		node->ask = true;
	} else if (seq != before && seq != (before + 1) % SEQS) {
		node->gap = node->ask = true;
		t->s->counts.gaps++;
	}
	return 0;
}

/* Asks for a birth where one is wanted, not too often. */
static void request_birth(struct taking *t)
{
	struct sparkplug_node *node = t->node;
	int64_t now = t->p->message->received, since = now - node->asked;

	if (!node->ask || t->s->restoring)
		return;
	if (node->asked_ever && since < SPARKPLUG_ASK_INTERVAL && since > -SPARKPLUG_ASK_INTERVAL)
		return;
	node->asked = now;
	node->asked_ever = true;
	sparkplug_append_rebirth(&t->s->requests, t->topic.group, t->topic.node, now);
}

/* ---- metrics ---- */

static const struct sparkplug_source *known_source(const struct taking *t)
{
	struct sparkplug_device *d;

	if (t->topic.device.len == 0)
		return &t->node->source;
	d = sparkplug_device(t->node, t->topic.device);
	return d ? &d->source : NULL;
}

static bool has_name(const Sparkplug__Metric *m)
{
	return m->name && *m->name;
}

static int no_birth(struct taking *t, const Sparkplug__Metric *m)
{
	t->node->ask = true;
	if (has_name(m))
		return fault_set(t->p->fault, FAULT_NO_BIRTH, "no birth gives the datatype of '%s'",
		                 m->name);
	return fault_set(t->p->fault, FAULT_NO_BIRTH, "no birth gives the name of alias %" PRIu64,
	                 m->alias);
}

/* Name and datatype of a metric in a data message. */
static int define(struct taking *t, const struct sparkplug_source *source,
                  const Sparkplug__Metric *m, struct sparkplug_definition *d)
{
	const struct sparkplug_definition *known = NULL;

	if (!has_name(m) && !m->has_alias)
		return fail(t, "a metric has neither a name nor an alias");
	if (source)
		known = has_name(m) ? sparkplug_by_name(source, slice_of(m->name))
		                    : sparkplug_by_alias(source, m->alias);
	if (!known && !(has_name(m) && m->has_datatype))
		return no_birth(t, m);
	if (known)
		*d = *known;
	else
		*d = (struct sparkplug_definition){.name = slice_of(m->name)};
	if (known && m->has_datatype && m->datatype != known->datatype)
		return fault_set(t->p->fault, FAULT_BAD_SPARKPLUG,
		                 "'%.*s' has datatype %" PRIu32 ", but %" PRIu32 " by its birth",
		                 SLICE_ARG(d->name), m->datatype, known->datatype);
	if (m->has_datatype)
		d->datatype = m->datatype;
	return 0;
}

/* By the property "Quality" (specification 3.0.0, section 6.4.15): 192 good, 0 bad, 500 stale. */
static enum quality read_quality(const Sparkplug__Metric *m)
{
	const Sparkplug__PropertySet *set = m->properties;

	for (size_t i = 0; set && i < set->n_keys && i < set->n_values; i++) {
		const Sparkplug__PropertyValue *v = set->values[i];

		if (strcmp(set->keys[i], "Quality") != 0 ||
		    v->value_case != SPARKPLUG__PROPERTY_VALUE__VALUE_INT_VALUE)
			continue;
		return v->int_value == 192 ? QUALITY_GOOD
		       : v->int_value == 0 ? QUALITY_FAIL
		                           : QUALITY_SUSPECT;
	}
	return QUALITY_GOOD;
}

/* Keeps the metric's value if it has one that can be stored. */
static int take_value(struct taking *t, const Sparkplug__Metric *m,
                      const struct sparkplug_definition *d, bool doubtful)
{
	struct payload *p = t->p;
	size_t limit = p->readings->max_string;
	struct item item = {t->time, d->name, p->scratch->len, 0, read_quality(m)};
	int fate = SPARKPLUG_BAD_NAME;

	if (m->has_timestamp && read_time(t, m->timestamp, &item.time) < 0)
		return -1;
	if (!record_name_fault(d->name, true))
		fate = sparkplug_value(m, d->datatype, limit ? limit : READINGS_STRING_DEFAULT,
		                       p->scratch, p->fault);
	if (fate < 0)
		return -1;
	t->s->counts.fates[fate]++;
	if (fate != SPARKPLUG_TAKEN)
		return 0;
	if (doubtful && item.quality == QUALITY_GOOD)
		item.quality = QUALITY_SUSPECT;
	item.len = p->scratch->len - item.at;
	t->items[t->count++] = item;
	return 0;
}

/* Births and deaths tell more than their metrics. */
static void take_online(struct taking *t, bool online)
{
	struct buf *b = t->p->scratch;
	struct item item = {t->time, SLICE(SPARKPLUG_ONLINE), b->len, 0, QUALITY_GOOD};

	buf_append_string(b, online ? "true" : "false");
	item.len = b->len - item.at;
	t->items[t->count++] = item;
}

/* ---- readings ---- */

/* By time, and those of one time as they came. */
static int by_time(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static void sort_items(struct taking *t)
{
	size_t i = 1;

	while (i < t->count && t->items[i - 1].time <= t->items[i].time)
		i++;
	if (i < t->count)
		qsort(t->items, t->count, sizeof(*t->items), by_time);
}

static int begin_reading(struct readings *r, int64_t time, struct fault *fault)
{
	if ((r->count > 0 && readings_end(r, fault) < 0) || readings_begin(r, fault) < 0)
		return -1;
	readings_set_time(r, time);
	return 0;
}

/* A reading for each time; more than a record can hold go on in another. */
static int give_readings(struct taking *t)
{
	struct readings *r = t->p->readings;

	if (t->count == 0)
		return no_data(t);
	sort_items(t);
	for (size_t i = 0; i < t->count; i++) {
		const struct item *item = &t->items[i];
		struct slice text = {t->p->scratch->ptr + item->at, item->len};

		if ((i == 0 || item->time != item[-1].time ||
		     r->metric_count == RECORD_METRICS_MAX) &&
		    begin_reading(r, item->time, t->p->fault) < 0)
			return -1;
		if (readings_name(r, item->name, t->p->fault) < 0 ||
		    readings_add_quality(r, item->name, text, item->quality, t->p->fault) < 0)
			return -1;
	}
	return readings_end(r, t->p->fault);
}

/* ---- births, data, deaths ---- */

/* The number of the session, in its NBIRTH and its NDEATH. */
static bool read_bdseq(const Sparkplug__Payload *payload, uint64_t *bdseq)
{
	for (size_t i = 0; i < payload->n_metrics; i++) {
		const Sparkplug__Metric *m = payload->metrics[i];

		if (!m->name || strcmp(m->name, "bdSeq") != 0)
			continue;
		*bdseq = m->value_case == SPARKPLUG__METRIC__VALUE_INT_VALUE ? m->int_value
		                                                             : m->long_value;
		return m->value_case == SPARKPLUG__METRIC__VALUE_INT_VALUE ||
		       m->value_case == SPARKPLUG__METRIC__VALUE_LONG_VALUE;
	}
	return false;
}

/* All metrics of a birth: what they are, and their values. */
static int read_birth(struct taking *t, struct sparkplug_definition *definitions)
{
	for (size_t i = 0; i < t->payload->n_metrics; i++) {
		const Sparkplug__Metric *m = t->payload->metrics[i];

		if (!has_name(m) || !m->has_datatype)
			return fail(t, "a metric without its name or its datatype");
		definitions[i] = (struct sparkplug_definition){slice_of(m->name), m->alias,
		                                               m->datatype, m->has_alias};
		if (take_value(t, m, &definitions[i], false) < 0)
			return -1;
	}
	return 0;
}

static int learn(struct taking *t, struct sparkplug_definition *definitions)
{
	struct sparkplug_definition at;

	switch (sparkplug_birth(&t->s->table, t->node, t->topic.device, definitions,
	                        t->payload->n_metrics, &at)) {
	case SPARKPLUG_BORN:
		return 0;
	case SPARKPLUG_FULL:
		return fault_set(t->p->fault, FAULT_TOO_MANY_NODES,
		                 "more devices or metrics than are remembered");
	case SPARKPLUG_TWICE:
		break;
	}
	if (at.aliased)
		return fault_set(t->p->fault, FAULT_BAD_SPARKPLUG,
		                 "two metrics have the alias %" PRIu64, at.alias);
	return fault_set(t->p->fault, FAULT_DUPLICATE_NAME, "'%.*s' is there twice",
	                 SLICE_ARG(at.name));
}

static int take_birth(struct taking *t)
{
	struct sparkplug_definition *definitions;
	struct sparkplug_node *node = t->node;

	definitions = take_memory(t, (t->payload->n_metrics + 1) * sizeof(*definitions));
	if (!definitions)
		return too_large(t);
	if (t->topic.type == SPARKPLUG_NBIRTH)
		node->seq = SPARKPLUG_SEQ_UNKNOWN; /* a new count begins */
	if (take_seq(t) < 0 || read_birth(t, definitions) < 0 || learn(t, definitions) < 0)
		return -1;
	if (t->topic.type == SPARKPLUG_NBIRTH) {
		node->gap = node->ask = false;
		node->numbered = read_bdseq(t->payload, &node->bdseq);
	}
	t->s->counts.births++;
	if (!sparkplug_by_name(known_source(t), SLICE(SPARKPLUG_ONLINE)))
		take_online(t, true);
	return 0;
}

static int take_data(struct taking *t)
{
	const struct sparkplug_source *source = known_source(t);

	if (take_seq(t) < 0)
		return -1;
	for (size_t i = 0; i < t->payload->n_metrics; i++) {
		const Sparkplug__Metric *m = t->payload->metrics[i];
		bool by_birth = !has_name(m) || !m->has_datatype;
		struct sparkplug_definition d = {0};

		if (define(t, source, m, &d) < 0 ||
		    take_value(t, m, &d, t->node->gap && by_birth) < 0)
			return -1;
	}
	return 0;
}

static int take_death(struct taking *t)
{
	struct sparkplug_node *node = t->node;
	const struct sparkplug_source *source = known_source(t);
	uint64_t bdseq;

	if (t->topic.type == SPARKPLUG_DDEATH && take_seq(t) < 0)
		return -1;
	if (t->topic.type == SPARKPLUG_NDEATH && node->numbered && read_bdseq(t->payload, &bdseq) &&
	    bdseq != node->bdseq) {
		t->s->counts.stale++;
		return no_data(t);
	}
	if (!source || !sparkplug_by_name(source, SLICE(SPARKPLUG_ONLINE)))
		take_online(t, false);
	sparkplug_death(&t->s->table, node, t->topic.device);
	t->s->counts.deaths++;
	return 0;
}

/* A birth that cannot be read has ended what the one before it told, all the same. */
static int read_message(struct taking *t)
{
	switch (t->topic.type) {
	case SPARKPLUG_NBIRTH:
	case SPARKPLUG_DBIRTH:
		t->s->remember = true;
		if (unpack(t) < 0 || take_birth(t) < 0) {
			sparkplug_death(&t->s->table, t->node, t->topic.device);
			t->node->ask = true;
			return -1;
		}
		return 0;
	case SPARKPLUG_NDEATH:
	case SPARKPLUG_DDEATH:
		t->s->remember = true;
		return unpack(t) < 0 ? -1 : take_death(t);
	default:
		return unpack(t) < 0 ? -1 : take_data(t);
	}
}

int decode_sparkplug(struct payload *p)
{
	struct taking t = {.p = p, .s = p->sparkplug};
	const char *wrong = sparkplug_topic_read(p->message->topic, &t.topic);
	int read;

	t.s->remember = false;
	if (wrong)
		return fault_set(p->fault, FAULT_BAD_SPARKPLUG, "the topic '%.*s': %s",
		                 SLICE_ARG(p->message->topic), wrong);
	if (t.topic.type >= SPARKPLUG_NCMD)
		return no_data(&t);
	t.node = sparkplug_node(&t.s->table, t.topic.group, t.topic.node);
	if (!t.node)
		return fault_set(p->fault, FAULT_TOO_MANY_NODES, "more than %d nodes",
		                 SPARKPLUG_NODES_MAX);
	p->readings->topic_type = t.topic.group;
	p->readings->topic_sensor = t.topic.sensor;
	read = read_message(&t);
	request_birth(&t);
	return read < 0 ? -1 : give_readings(&t);
}

/* ---- between messages ---- */

void sparkplug_append_state(const struct sparkplug *s, uint64_t seq, int64_t received,
                            struct buf *b)
{
	for (const struct sparkplug_node *n = s->table.nodes; n; n = n->hh.next) {
		/* A number that nothing fits: what is missing before is missing after. */
		unsigned last = n->gap ? (unsigned)(n->seq + 2) % SEQS : (unsigned)n->seq;

		if (n->source.born && n->seq != SPARKPLUG_SEQ_UNKNOWN)
			sparkplug_append_last(b, (struct slice){n->name, n->hh.keylen}, last, seq,
			                      received);
	}
}

void sparkplug_free(struct sparkplug *s)
{
	sparkplug_table_free(&s->table);
	buf_free(&s->requests);
}
