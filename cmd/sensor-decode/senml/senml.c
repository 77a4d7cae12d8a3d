#include "senml/senml.h"

#include "base64url.h"
#include "decimal.h"
#include "senml/senml_resolve.h"
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

/* How many values a payload can hold, up to the limit. */
static size_t values_in(struct slice payload, size_t record_min)
{
	size_t values = payload.len / record_min + 1;

	return values < SENML_VALUES_MAX ? values : SENML_VALUES_MAX;
}

size_t senml_memory(struct slice payload, size_t record_min)
{
	return senml_seen_size(values_in(payload, record_min));
}

void senml_begin(struct senml *s, const struct payload *p, void *memory, size_t record_min)
{
	memset(s, 0, sizeof(*s));
	s->payload = p;
	s->number = 1;
	senml_seen_init(&s->seen, memory, values_in(p->bytes, record_min));
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

/* A decimal number from 1 to SENML_VERSION; 0 when it is something else. */
static unsigned read_version(struct slice text)
{
	enum { DIGITS_MAX = 2 };
	unsigned version = 0;

	if (text.len > DIGITS_MAX || *text.ptr == '0')
		return 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return 0;
		version = version * 10 + (unsigned)(text.ptr[i] - '0');
	}
	return version <= SENML_VERSION ? version : 0;
}

/* A version that is known, and the same in the whole pack. */
static int check_version(struct senml *s)
{
	struct slice text = s->record.fields[SENML_BVER];
	unsigned version = s->version ? s->version : SENML_VERSION;

	if (text.ptr)
		version = read_version(text);
	if (version == 0)
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

/* ---- readings ---- */

/* No value of the same metric has had the time. */
static int check_single(struct senml *s, const struct senml_resolved *at)
{
	switch (senml_seen_value(&s->seen, at->sensor, at->name, at->told_by, at->time)) {
	case SENML_VALUE_NEW:
		return 0;
	case SENML_VALUE_TWICE:
		return fault_set(s->payload->fault, FAULT_DUPLICATE_NAME,
		                 "record %zu: '%.*s' had a value of this time before", s->number,
		                 SLICE_ARG(senml_metric(at)));
	case SENML_VALUE_FULL:
		break;
	}
	return fault_set(s->payload->fault, FAULT_TOO_MANY_METRICS, "more than %d values in a pack",
	                 SENML_VALUES_MAX);
}

static int end_reading(struct senml *s)
{
	return s->payload->readings->count == 0
	           ? 0
	           : readings_end(s->payload->readings, s->payload->fault);
}

/* The reading is that of the sensor and the time: the one at hand, or a new one. */
static int choose_reading(struct senml *s, const struct senml_resolved *at)
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

static int add_metric(const struct senml *s, const struct senml_resolved *at, struct slice text)
{
	if (readings_name(s->payload->readings, senml_metric(at), s->payload->fault) < 0)
		return -1;
	return readings_add_unit(s->payload->readings, senml_metric(at), text, at->unit,
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

static int add_text(const struct senml *s, const struct senml_resolved *at, struct slice text)
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
static int add_data(const struct senml *s, const struct senml_resolved *at, struct slice data)
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

static int add_value(const struct senml *s, const struct senml_resolved *at)
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
static int add_sum(const struct senml *s, struct senml_resolved *at)
{
	char text[DECIMAL_TEXT_MAX];
	struct slice sum;

	if (!has(&s->record, SENML_S) && !(has(&s->record, SENML_V) && s->base[SENML_BS].ptr))
		return 0;
	if (add_base(s, SENML_BS, SENML_S, text, &sum) < 0)
		return -1;
	senml_extend_metric(at, SLICE(".sum"));
	at->unit = (struct slice){0};
	return add_metric(s, at, sum);
}

static int take_measurement(struct senml *s)
{
	struct senml_resolved at;

	if (senml_resolve(s, &at) < 0 || check_single(s, &at) < 0 || choose_reading(s, &at) < 0 ||
	    add_value(s, &at) < 0)
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
