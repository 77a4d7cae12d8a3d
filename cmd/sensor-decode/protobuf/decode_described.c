#include "protobuf/decode_described.h"

#include "base/clock.h"
#include "protobuf/described_value.h"
#include "wire.h"

#include <inttypes.h>
#include <stdio.h>

struct walk {
	struct payload *p;
	const struct protobuf_options *options;
	unsigned depth; /* messages that are open */
	bool timed;

	/* The name of the field at hand, of all messages it is in. */
	char path[RECORD_NAME_MAX];
	size_t path_len;
};

static struct slice path_of(const struct walk *w)
{
	return (struct slice){w->path, w->path_len};
}

static int fail(struct walk *w, const struct wire *at, const char *what)
{
	return fault_set(w->p->fault, FAULT_BAD_PROTOBUF, "offset %zu: %s", wire_offset(at), what);
}

/* What is wrong with the field at hand. */
static int fail_field(struct walk *w, enum fault_code code, const char *what)
{
	return fault_set(w->p->fault, code, "'%.*s' %s", SLICE_ARG(path_of(w)), what);
}

/* Goes on to a field in the one at hand; the caller sets path_len back. */
static int enter_name(struct walk *w, struct slice name)
{
	if (name.len + (w->path_len > 0) > sizeof(w->path) - w->path_len)
		return fault_set(w->p->fault, FAULT_BAD_NAME,
		                 "'%.*s' in '%.*s': the name of the metric is over %d bytes",
		                 SLICE_ARG(name), SLICE_ARG(path_of(w)), RECORD_NAME_MAX);
	if (w->path_len)
		w->path[w->path_len++] = '.';
	if (name.len)
		memcpy(w->path + w->path_len, name.ptr, name.len);
	w->path_len += name.len;
	return 0;
}

static int enter_index(struct walk *w, unsigned index)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", index);

	return enter_name(w, (struct slice){text, (size_t)len});
}

/* ---- values ---- */

/* What of a definition that is behind its sender may be skipped. */
static int unknown(struct walk *w, const char *what)
{
	return w->options->skip_unknown ? 0 : fail_field(w, FAULT_UNKNOWN_FIELD, what);
}

static int fail_value(struct walk *w, enum described what)
{
	switch (what) {
	case DESCRIBED_NOT_FINITE:
		return fail_field(w, FAULT_NUMBER_RANGE, "is not a finite number");
	case DESCRIBED_NUL:
		return fail_field(w, FAULT_NUL, "is a string with a NUL in it");
	case DESCRIBED_NOT_UTF8:
		return fail_field(w, FAULT_BAD_PROTOBUF, "is not UTF-8");
	default:
		return fail_field(w, FAULT_BAD_PROTOBUF, "has more bits than its type");
	}
}

static bool is_time(const struct walk *w)
{
	const struct slice path = path_of(w);

	if (w->options->time_field.len)
		return slice_equal(path, w->options->time_field);
	return slice_is(path, "ts") || slice_is(path, "time") || slice_is(path, "timestamp");
}

static int set_time(struct walk *w, bool good, int64_t time)
{
	if (!good)
		return fail_field(w, FAULT_BAD_TIME, "is no time of the years 0001 to 9999");
	if (w->timed)
		return fail_field(w, FAULT_DUPLICATE_TIME, "is a second time beside the first");
	w->timed = true;
	readings_set_time(w->p->readings, time);
	return 0;
}

/* The device's time of a scalar, whose JSON text is given. */
static int take_time(struct walk *w, const struct proto_field *field,
                     const struct wire_field *value, struct slice text)
{
	int64_t time = 0;
	int bad = -1;

	if (field->type == PROTO_STRING)
		bad = clock_parse(value->bytes, &time);
	else if (field->type != PROTO_BYTES && field->type != PROTO_ENUM &&
	         field->type != PROTO_BOOL)
		bad = device_time_number(text, w->p->options->json.unit, &time);
	return set_time(w, bad == 0, time);
}

static int take_scalar(struct walk *w, const struct proto_field *field,
                       const struct wire_field *value)
{
	struct buf *b = w->p->scratch;
	size_t before = b->len;
	enum described what = described_append(field, value, b);
	struct slice text;
	int result;

	if (what == DESCRIBED_NO_ENUMERATOR)
		return unknown(w, "has a number that is none of its enum");
	if (what != DESCRIBED_OK)
		return fail_value(w, what);
	text = (struct slice){b->ptr + before, b->len - before};
	if (is_time(w))
		result = take_time(w, field, value, text);
	else if (readings_name(w->p->readings, path_of(w), w->p->fault) < 0)
		result = -1;
	else
		result = readings_add(w->p->readings, path_of(w), text, w->p->fault);
	b->len = before;
	return result;
}

/* ---- messages ---- */

/* How often each field of an open message was there stands on the scratch buffer as on a stack;
 * gives the place. */
static size_t push_counts(struct walk *w, const struct proto_message *type)
{
	struct buf *b = w->p->scratch;
	size_t at = (b->len + 1) / 2 * 2, size = type->count * sizeof(uint16_t);

	buf_reserve(b, at - b->len + size + 1); /* a ptr also for a type without fields */
	memset(b->ptr + b->len, 0, at - b->len + size);
	b->len = at + size;
	return at;
}

/* The count of a field; valid until something is appended to the scratch buffer. */
static uint16_t *count_of(const struct walk *w, size_t counts, const struct proto_message *type,
                          const struct proto_field *field)
{
	return (uint16_t *)(void *)(w->p->scratch->ptr + counts) + (field - type->fields);
}

static int take_message(struct walk *w, const struct proto_message *type, struct wire wire);

/* A google.protobuf.Timestamp: seconds and nanoseconds since 1970. */
static int read_timestamp(struct walk *w, struct wire wire, bool *good, int64_t *time)
{
	const int64_t second = CLOCK_SECOND;
	struct wire_field f;
	int64_t seconds = 0, nanos = 0;
	int got;

	while ((got = wire_next(&wire, &f)) > 0) {
		if (f.type != WIRE_VARINT || f.number > 2)
			return fail_field(w, FAULT_BAD_PROTOBUF, "is no Timestamp");
		*(f.number == 1 ? &seconds : &nanos) = (int64_t)f.value;
	}
	if (got < 0)
		return fail(w, &wire, wire.error);
	*good = seconds >= CLOCK_MIN / second && seconds <= CLOCK_MAX / second && nanos >= 0 &&
	        nanos < 1000 * second;
	*time = *good ? seconds * second + nanos / 1000 : 0;
	return 0;
}

static int take_timestamp(struct walk *w, struct wire wire)
{
	char text[CLOCK_TEXT_LEN + 2];
	int64_t time = 0;
	bool good = false;

	if (read_timestamp(w, wire, &good, &time) < 0)
		return -1;
	if (is_time(w) || !good)
		return set_time(w, good, time);
	text[0] = text[CLOCK_TEXT_LEN + 1] = '"';
	clock_format(time, text + 1);
	if (readings_name(w->p->readings, path_of(w), w->p->fault) < 0)
		return -1;
	return readings_add(w->p->readings, path_of(w), (struct slice){text, sizeof(text)},
	                    w->p->fault);
}

/* The value of a field, or an element of a repeated one, under the name at hand. */
static int take_value(struct walk *w, const struct proto_field *field,
                      const struct wire_field *value, const struct wire *wire)
{
	if (field->type != PROTO_MESSAGE)
		return take_scalar(w, field, value);
	if (field->message->timestamp)
		return take_timestamp(w, wire_inner(wire, value->bytes));
	return take_message(w, field->message, wire_inner(wire, value->bytes));
}

/* ---- maps ---- */

/* A key as it stands in a name. */
static int enter_key(struct walk *w, const struct proto_field *field,
                     const struct wire_field *value)
{
	struct buf *b = w->p->scratch;
	size_t before = b->len;
	enum described what = described_append(field, value, b);
	int entered;

	if (what != DESCRIBED_OK)
		return fail_value(w, what);
	if (field->type == PROTO_STRING)
		entered = enter_name(w, value->bytes);
	else
		entered = enter_name(w, (struct slice){b->ptr + before, b->len - before});
	b->len = before;
	return entered;
}

/* An entry: what is missing in it, its key or its value, is 0 or empty. */
static int take_entry(struct walk *w, const struct proto_message *type, struct wire wire)
{
	const struct proto_field *key = &type->fields[0], *value = &type->fields[1];
	struct wire_field f, k = {1, described_wire_type(key->type), 0, {wire.pos, 0}};
	struct wire_field v = {2, described_wire_type(value->type), 0, {wire.pos, 0}};
	size_t before = w->path_len;
	int got, taken;

	while ((got = wire_next(&wire, &f)) > 0) {
		if (f.number > 2 || f.type != (f.number == 1 ? k.type : v.type))
			return fail_field(w, FAULT_BAD_PROTOBUF, "is no map of its type");
		*(f.number == 1 ? &k : &v) = f;
	}
	if (got < 0)
		return fail(w, &wire, wire.error);
	if (enter_key(w, key, &k) < 0)
		return -1;
	taken = take_value(w, value, &v, &wire);
	w->path_len = before;
	return taken;
}

/* ---- fields ---- */

static int take_element(struct walk *w, const struct proto_field *field,
                        const struct wire_field *value, const struct wire *wire, unsigned index)
{
	size_t before = w->path_len;
	int taken;

	if (index >= RECORD_METRICS_MAX)
		return fail_field(w, FAULT_TOO_MANY_METRICS, "has too many elements");
	if (enter_index(w, index) < 0)
		return -1;
	taken = take_value(w, field, value, wire);
	w->path_len = before;
	return taken;
}

/* Elements in one field, without keys; *index is that of the next. */
static int take_packed(struct walk *w, const struct proto_field *field, struct wire wire,
                       unsigned *index)
{
	struct wire_field value = {.type = described_wire_type(field->type)};

	while (wire.pos < wire.end) {
		if (wire_value(&wire, value.type, &value.value) < 0)
			return fail(w, &wire, wire.error);
		if (take_element(w, field, &value, &wire, (*index)++) < 0)
			return -1;
	}
	return 0;
}

static int take_repeated(struct walk *w, const struct proto_field *field,
                         const struct wire_field *value, const struct wire *wire, unsigned *index)
{
	if (field->type == PROTO_MESSAGE && field->message->map_entry)
		return take_entry(w, field->message, wire_inner(wire, value->bytes));
	if (!w->p->options->json.index_arrays)
		return fail_field(w, FAULT_UNSUPPORTED_SHAPE, "is repeated");
	if (value->type == described_wire_type(field->type))
		return take_element(w, field, value, wire, (*index)++);
	return take_packed(w, field, wire_inner(wire, value->bytes), index);
}

static bool has_wire_type(const struct proto_field *field, enum wire_type type)
{
	return type == described_wire_type(field->type) || (field->repeated && type == WIRE_BYTES);
}

/* Whether another field of the same oneof was there. */
static bool oneof_taken(const struct walk *w, size_t counts, const struct proto_message *type,
                        const struct proto_field *field)
{
	if (field->oneof < 0)
		return false;
	for (size_t i = 0; i < type->count; i++)
		if (type->fields[i].oneof == field->oneof && &type->fields[i] != field &&
		    *count_of(w, counts, type, &type->fields[i]) > 0)
			return true;
	return false;
}

/* A field of the message whose counts are given, under its own name. */
static int take_field(struct walk *w, const struct proto_message *type, size_t counts,
                      const struct proto_field *field, const struct wire_field *value,
                      const struct wire *wire)
{
	unsigned index = *count_of(w, counts, type, field);

	if (field->type == PROTO_GROUP || !has_wire_type(field, value->type))
		return fail_field(w, FAULT_BAD_PROTOBUF, "is not of its type");
	if (!field->repeated) {
		if (index > 0 || oneof_taken(w, counts, type, field))
			return fail_field(w, FAULT_BAD_PROTOBUF,
			                  "is given twice, or beside another value");
		*count_of(w, counts, type, field) = 1;
		return take_value(w, field, value, wire);
	}
	if (take_repeated(w, field, value, wire, &index) < 0)
		return -1;
	*count_of(w, counts, type, field) = (uint16_t)index;
	return 0;
}

/* The fields that were not there. */
static int take_absent(struct walk *w, const struct proto_message *type, size_t counts)
{
	static const struct wire_field zero = {.bytes = {"", 0}};
	size_t before = w->path_len;

	for (size_t i = 0; i < type->count; i++) {
		const struct proto_field *field = &type->fields[i];
		bool wanted = field->required || (w->options->zeros && field->implicit);

		if (!wanted || *count_of(w, counts, type, field) > 0)
			continue;
		if (enter_name(w, field->name) < 0)
			return -1;
		if (field->required)
			return fail_field(w, FAULT_BAD_PROTOBUF, "is missing");
		if (!is_time(w) && take_scalar(w, field, &zero) < 0)
			return -1;
		w->path_len = before;
	}
	return 0;
}

static int take_unknown(struct walk *w, const struct proto_message *type, const struct wire *wire,
                        uint64_t number)
{
	if (w->options->skip_unknown)
		return 0;
	return fault_set(w->p->fault, FAULT_UNKNOWN_FIELD, "offset %zu: a %s has no field %" PRIu64,
	                 wire_offset(wire), type->name, number);
}

static int take_fields(struct walk *w, const struct proto_message *type, struct wire wire)
{
	size_t counts = push_counts(w, type);
	size_t before = w->path_len;
	struct wire_field value;
	int got;

	while ((got = wire_next(&wire, &value)) > 0) {
		const struct proto_field *field = proto_field(type, value.number);

		if (!field) {
			if (take_unknown(w, type, &wire, value.number) < 0)
				return -1;
			continue;
		}
		if (enter_name(w, field->name) < 0 ||
		    take_field(w, type, counts, field, &value, &wire) < 0)
			return -1;
		w->path_len = before;
	}
	return got < 0 ? fail(w, &wire, wire.error) : take_absent(w, type, counts);
}

static int take_message(struct walk *w, const struct proto_message *type, struct wire wire)
{
	size_t before = w->p->scratch->len;
	unsigned most = w->p->options->json.max_depth;

	if (w->depth == most)
		return fault_set(w->p->fault, FAULT_TOO_DEEP, "'%.*s' is nested over %u deep",
		                 SLICE_ARG(path_of(w)), most);
	w->depth++;
	if (take_fields(w, type, wire) < 0)
		return -1;
	w->depth--;
	w->p->scratch->len = before;
	return 0;
}

int decode_described(struct payload *p)
{
	const struct protobuf_options *o = &p->options->protobuf;
	const struct proto_message *type = NULL;
	struct walk w;

	if (o->schema)
		type = proto_schema_message(o->schema, p->type.message);
	if (!type)
		return fault_set(p->fault, FAULT_UNKNOWN_MESSAGE,
		                 "the message type '%.*s' is not in --descriptors",
		                 SLICE_ARG(p->type.message));
	w.p = p;
	w.options = o;
	w.depth = 0;
	w.timed = false;
	w.path_len = 0;
	buf_clear(p->scratch);
	if (readings_begin(p->readings, p->fault) < 0 ||
	    take_message(&w, type, wire_of(p->bytes)) < 0)
		return -1;
	return readings_end(p->readings, p->fault);
}
