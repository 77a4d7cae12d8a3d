#include "senml.h"

#include "base/clock.h"
#include "base64url.h"
#include "decimal.h"
#include "device_time.h"
#include "text/json.h"
#include "text/number.h"

#include <string.h>

const struct senml_label senml_labels[SENML_FIELDS] = {
    [SENML_BVER] = {"bver", -1, SENML_NUMBER}, [SENML_BN] = {"bn", -2, SENML_TEXT},
    [SENML_BT] = {"bt", -3, SENML_NUMBER},     [SENML_BU] = {"bu", -4, SENML_TEXT},
    [SENML_BV] = {"bv", -5, SENML_NUMBER},     [SENML_BS] = {"bs", -6, SENML_NUMBER},
    [SENML_N] = {"n", 0, SENML_TEXT},          [SENML_U] = {"u", 1, SENML_TEXT},
    [SENML_V] = {"v", 2, SENML_NUMBER},        [SENML_VS] = {"vs", 3, SENML_TEXT},
    [SENML_VB] = {"vb", 4, SENML_BOOLEAN},     [SENML_S] = {"s", 5, SENML_NUMBER},
    [SENML_T] = {"t", 6, SENML_NUMBER},        [SENML_UT] = {"ut", 7, SENML_NUMBER},
    [SENML_VD] = {"vd", 8, SENML_DATA},
};

/* Times from this on are absolute, microseconds. */
#define ABSOLUTE_FROM ((INT64_C(1) << 28) * CLOCK_SECOND)

/* A metric's name: its own, a unit and ".sum" behind it. */
enum { METRIC_MAX = RECORD_NAME_MAX + 1 + RECORD_UNIT_MAX + sizeof(".sum") };

/* A value's record with all that holds for it. */
struct resolved {
	struct slice sensor; /* empty where there is no base name */
	struct slice name, unit;
	struct slice told_by; /* the unit, where it is part of the metric's name, else empty */
	int64_t time;
	size_t metric_len; /* the metric's name is the name, a dot and told_by */
	char metric[METRIC_MAX];
};

size_t senml_memory(struct slice payload, size_t record_min)
{
	size_t values = payload.len / record_min + 1;

	return senml_seen_size(values < SENML_VALUES_MAX ? values : SENML_VALUES_MAX);
}

void senml_begin(struct senml *s, const struct payload *p, void *memory, size_t record_min)
{
	size_t values = p->bytes.len / record_min + 1;

	memset(s, 0, sizeof(*s));
	s->payload = p;
	s->number = 1;
	senml_seen_init(&s->seen, memory, values < SENML_VALUES_MAX ? values : SENML_VALUES_MAX);
}

/* ---- faults ---- */

static int fail(const struct senml *s, const char *what)
{
	return fault_set(s->payload->fault, FAULT_BAD_SENML, "record %zu: %s", s->number, what);
}

int senml_bad_field(const struct senml *s, enum senml_field field, const char *what)
{
	return fault_set(s->payload->fault, FAULT_BAD_SENML, "record %zu: '%s' %s", s->number,
	                 senml_labels[field].name, what);
}

int senml_twice(const struct senml *s, enum senml_field field)
{
	return fault_set(s->payload->fault, FAULT_DUPLICATE_NAME, "record %zu: '%s' is there twice",
	                 s->number, senml_labels[field].name);
}

int senml_wrong_type(const struct senml *s, enum senml_field field)
{
	static const char *const types[] = {
	    [SENML_TEXT] = "is not a string",
	    [SENML_NUMBER] = "is not a number",
	    [SENML_BOOLEAN] = "is neither true nor false",
	    [SENML_DATA] = "is not data",
	};

	return senml_bad_field(s, field, types[senml_labels[field].type]);
}

int senml_unknown_field(const struct senml *s, struct slice name)
{
	if (name.len == 0 || name.ptr[name.len - 1] != '_')
		return 0;
	return fault_set(s->payload->fault, FAULT_UNKNOWN_FIELD,
	                 "record %zu: the field '%.*s' is not known and must not be ignored",
	                 s->number, SLICE_ARG(name));
}

/* ---- what a record may hold ---- */

static bool has(const struct senml_record *r, enum senml_field field)
{
	return r->fields[field].ptr != NULL;
}

/* Version 1 to SENML_VERSION, the same in the whole pack. */
static int check_version(struct senml *s)
{
	struct slice text = s->record.fields[SENML_BVER];
	uint64_t version = SENML_VERSION;

	if (!text.ptr)
		version = s->version ? s->version : SENML_VERSION;
	else if (slice_is(text, "10"))
		version = 10;
	else if (text.len == 1 && *text.ptr >= '1' && *text.ptr <= '9')
		version = (uint64_t)(*text.ptr - '0');
	else
		return senml_bad_field(s, SENML_BVER, "is not a version from 1 to 10");
	if (s->version && version != s->version)
		return senml_bad_field(s, SENML_BVER, "is another than before");
	s->version = version;
	return 0;
}

static int check_numbers(const struct senml *s)
{
	double value;

	for (int i = 0; i < SENML_FIELDS; i++)
		if (senml_labels[i].type == SENML_NUMBER && has(&s->record, i) &&
		    number_parse(s->record.fields[i], &value) < 0)
			return fault_set(s->payload->fault, FAULT_NUMBER_RANGE,
			                 "record %zu: '%s' is beyond the range of a double",
			                 s->number, senml_labels[i].name);
	return 0;
}

/* One value, or none beside a sum. Base fields may also come alone. */
static int check_values(const struct senml *s, bool *measured)
{
	const struct senml_record *r = &s->record;
	unsigned values = has(r, SENML_V) + has(r, SENML_VS) + has(r, SENML_VB) + has(r, SENML_VD);
	bool base = false, regular = false;

	for (int i = 0; i < SENML_FIELDS; i++) {
		base |= i < SENML_BASE_FIELDS && has(r, i);
		regular |= i >= SENML_BASE_FIELDS && has(r, i);
	}
	*measured = values > 0 || has(r, SENML_S);
	if (values > 1)
		return fail(s, "more than one of 'v', 'vs', 'vb' and 'vd'");
	if (!*measured && (regular || !base))
		return fail(s, "there is no value and no sum");
	return 0;
}

static int check_data(const struct senml *s)
{
	struct slice data = s->record.fields[SENML_VD];

	if (data.ptr && !s->octets && !base64url_valid(data))
		return senml_bad_field(s, SENML_VD, "is not base64url without padding");
	return 0;
}

static void take_base(struct senml *s)
{
	for (int i = 0; i < SENML_BASE_FIELDS; i++)
		if (has(&s->record, i))
			s->base[i] = s->record.fields[i];
}

/* ---- resolving ---- */

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_separator(char c)
{
	return c == '/' || c == ':' || c == '.' || c == '-' || c == '_';
}

/* Base name and name together are of the characters RFC 8428 allows (section 4.5.1). */
static int check_name(const struct senml *s, struct slice base, struct slice own)
{
	struct slice parts[] = {base, own};
	char first = base.len ? *base.ptr : own.len ? *own.ptr : '\0';

	if (first == '\0' && base.len + own.len == 0)
		return fault_set(s->payload->fault, FAULT_BAD_NAME, "record %zu has no name",
		                 s->number);
	for (int i = 0; i < 2; i++)
		for (size_t at = 0; at < parts[i].len; at++)
			if (!is_letter_or_digit(parts[i].ptr[at]) &&
			    !is_separator(parts[i].ptr[at]))
				return fault_set(s->payload->fault, FAULT_BAD_NAME,
				                 "record %zu: the name '%.*s%.*s' is not of "
				                 "A-Z a-z 0-9 - : . / _",
				                 s->number, SLICE_ARG(base), SLICE_ARG(own));
	if (!is_letter_or_digit(first))
		return fault_set(s->payload->fault, FAULT_BAD_NAME,
		                 "record %zu: the name '%.*s%.*s' starts with none of A-Z a-z 0-9",
		                 s->number, SLICE_ARG(base), SLICE_ARG(own));
	return 0;
}

static int resolve_name(const struct senml *s, struct resolved *to)
{
	struct slice base = s->base[SENML_BN], own = s->record.fields[SENML_N];
	const char *wrong;

	if (check_name(s, base, own) < 0)
		return -1;
	to->sensor = base;
	while (to->sensor.len > 0 && is_separator(to->sensor.ptr[to->sensor.len - 1]))
		to->sensor.len--;
	to->name = own.len > 0                  ? own
	           : s->payload->metric.len > 0 ? s->payload->metric
	                                        : SLICE("value");
	wrong = record_name_fault(to->name, true);
	if (wrong)
		return fault_set(s->payload->fault, FAULT_BAD_NAME, "record %zu: the name %s",
		                 s->number, wrong);
	return 0;
}

static int resolve_time(const struct senml *s, struct resolved *to)
{
	struct slice base = s->base[SENML_BT], own = s->record.fields[SENML_T], sum;
	char text[DECIMAL_TEXT_MAX];

	if (!base.ptr)
		base = SLICE("0");
	if (!own.ptr)
		own = SLICE("0");
	if (decimal_add(base, own, text, &sum) < 0 ||
	    device_time_number(sum, TIME_S, &to->time) < 0)
		return fault_set(s->payload->fault, FAULT_BAD_TIME,
		                 "record %zu: no time of the years 0001 to 9999", s->number);
	if (to->time >= ABSOLUTE_FROM)
		return 0;
	to->time += s->payload->message->received;
	if (to->time < CLOCK_MIN || to->time > CLOCK_MAX)
		return fault_set(s->payload->fault, FAULT_BAD_TIME,
		                 "record %zu: no time of the years 0001 to 9999", s->number);
	return 0;
}

/* The unit; where it is another than is usual for the name, it tells the metric apart. Usual is
 * that of the name's first value; a sensor without names for its values has the base unit. */
static int resolve_unit(struct senml *s, struct resolved *to)
{
	struct slice base = s->base[SENML_BU], own = s->record.fields[SENML_U], *usual;

	to->unit = own.ptr ? own : base;
	if (to->unit.len > RECORD_UNIT_MAX)
		return fault_set(s->payload->fault, FAULT_STRING_TOO_LONG,
		                 "record %zu: a unit of %zu bytes, more than %d", s->number,
		                 to->unit.len, RECORD_UNIT_MAX);
	usual = senml_seen_unit(&s->seen, to->sensor, to->name);
	if (usual->len == 0)
		*usual = s->record.fields[SENML_N].len == 0 && base.len > 0 ? base : to->unit;
	to->told_by = (struct slice){0};
	if (!slice_equal(*usual, to->unit))
		to->told_by = to->unit;
	return 0;
}

/* Puts something behind the metric's name. */
static void extend_metric(struct resolved *to, struct slice text)
{
	if (text.len > 0)
		memcpy(to->metric + to->metric_len, text.ptr, text.len);
	to->metric_len += text.len;
}

static void name_metric(struct resolved *to)
{
	to->metric_len = 0;
	extend_metric(to, to->name);
	if (to->told_by.len > 0)
		extend_metric(to, SLICE("."));
	extend_metric(to, to->told_by);
}

static struct slice metric_of(const struct resolved *at)
{
	return (struct slice){at->metric, at->metric_len};
}

/* No value of the same metric has had the time. */
static int check_single(struct senml *s, const struct resolved *at)
{
	switch (senml_seen_value(&s->seen, at->sensor, at->name, at->told_by, at->time)) {
	case SENML_VALUE_NEW:
		return 0;
	case SENML_VALUE_TWICE:
		return fault_set(s->payload->fault, FAULT_DUPLICATE_NAME,
		                 "record %zu: '%.*s' had a value of this time before", s->number,
		                 SLICE_ARG(metric_of(at)));
	case SENML_VALUE_FULL:
		break;
	}
	return fault_set(s->payload->fault, FAULT_TOO_MANY_METRICS, "more than %d values in a pack",
	                 SENML_VALUES_MAX);
}

/* ---- readings ---- */

static int end_reading(struct senml *s)
{
	return s->payload->readings->count == 0
	           ? 0
	           : readings_end(s->payload->readings, s->payload->fault);
}

/* The reading is that of the sensor and the time: the one at hand, or a new one. */
static int choose_reading(struct senml *s, const struct resolved *at)
{
	struct readings *readings = s->payload->readings;

	if (readings->count > 0 && at->time == s->time && slice_equal(at->sensor, s->sensor))
		return 0;
	if (end_reading(s) < 0 || readings_begin(readings, s->payload->fault) < 0)
		return -1;
	s->sensor = at->sensor;
	s->time = at->time;
	readings_set_time(readings, at->time);
	return readings_identify(readings, (struct slice){0}, at->sensor, s->payload->fault);
}

static int add_metric(const struct senml *s, const struct resolved *at, struct slice text)
{
	if (readings_name(s->payload->readings, metric_of(at), s->payload->fault) < 0)
		return -1;
	return readings_add_unit(s->payload->readings, metric_of(at), text, at->unit,
	                         s->payload->fault);
}

/* Adds a base to a number; ptr is NULL where one of them is not there. */
static int add_base(const struct senml *s, enum senml_field base, enum senml_field field,
                    char text[DECIMAL_TEXT_MAX], struct slice *sum)
{
	struct slice a = s->base[base], b = s->record.fields[field];

	if (!a.ptr || !b.ptr) {
		*sum = a.ptr ? a : b;
		return 0;
	}
	if (decimal_add(a, b, text, sum) < 0)
		return fault_set(s->payload->fault, FAULT_NUMBER_RANGE,
		                 "record %zu: '%s' and '%s' together need more than %d digits",
		                 s->number, senml_labels[base].name, senml_labels[field].name,
		                 DECIMAL_PLACES);
	return 0;
}

static int add_text(const struct senml *s, const struct resolved *at, struct slice text)
{
	struct buf *json = s->payload->scratch;

	if (text.len && memchr(text.ptr, '\0', text.len))
		return fault_set(s->payload->fault, FAULT_NUL,
		                 "record %zu: a string with a NUL in it", s->number);
	buf_clear(json);
	json_append_string(json, text);
	return add_metric(s, at, buf_slice(json));
}

/* Data are a string: base64url, as SenML writes them in JSON. */
static int add_data(const struct senml *s, const struct resolved *at, struct slice data)
{
	struct buf *json = s->payload->scratch;

	buf_clear(json);
	buf_putc(json, '"');
	if (s->octets)
		base64url_append(json, data);
	else
		buf_append_slice(json, data);
	buf_putc(json, '"');
	return add_metric(s, at, buf_slice(json));
}

static int add_value(const struct senml *s, const struct resolved *at)
{
	const struct senml_record *r = &s->record;
	char text[DECIMAL_TEXT_MAX];
	struct slice value;

	if (has(r, SENML_V)) {
		if (add_base(s, SENML_BV, SENML_V, text, &value) < 0)
			return -1;
		return add_metric(s, at, value);
	}
	if (has(r, SENML_VB))
		return add_metric(s, at, r->fields[SENML_VB]);
	if (has(r, SENML_VS))
		return add_text(s, at, r->fields[SENML_VS]);
	return has(r, SENML_VD) ? add_data(s, at, r->fields[SENML_VD]) : 0;
}

/* The sum, of a record that has one, or has a number to which a base sum belongs. Comes last: the
 * metric's name is changed. */
static int add_sum(const struct senml *s, struct resolved *at)
{
	char text[DECIMAL_TEXT_MAX];
	struct slice sum;

	if (!has(&s->record, SENML_S) && !(has(&s->record, SENML_V) && s->base[SENML_BS].ptr))
		return 0;
	if (add_base(s, SENML_BS, SENML_S, text, &sum) < 0)
		return -1;
	extend_metric(at, SLICE(".sum"));
	at->unit = (struct slice){0};
	return add_metric(s, at, sum);
}

static int take_measurement(struct senml *s)
{
	struct resolved at;

	if (resolve_name(s, &at) < 0 || resolve_time(s, &at) < 0 || resolve_unit(s, &at) < 0)
		return -1;
	name_metric(&at);
	if (check_single(s, &at) < 0 || choose_reading(s, &at) < 0 || add_value(s, &at) < 0)
		return -1;
	return add_sum(s, &at);
}

int senml_take_record(struct senml *s)
{
	bool measured;

	if (check_version(s) < 0 || check_numbers(s) < 0 || check_values(s, &measured) < 0 ||
	    check_data(s) < 0)
		return -1;
	take_base(s);
	if (measured && take_measurement(s) < 0)
		return -1;
	memset(&s->record, 0, sizeof(s->record));
	s->number++;
	return 0;
}

int senml_end(struct senml *s)
{
	if (s->payload->readings->count == 0)
		return fault_set(s->payload->fault, FAULT_NO_METRICS,
		                 "there is no value in the pack");
	return end_reading(s);
}
