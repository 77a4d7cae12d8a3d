#include "decode_json.h"

#include "base/clock.h"
#include "record/record.h"
#include "text/json.h"
#include "text/number.h"

#include <stdbool.h>
#include <string.h>

_Static_assert((int)DECODE_JSON_DEPTH_MAX < (int)JSON_DEPTH_MAX,
               "the parser must allow one level more");

/* Numbers up to this long without an exponent are far from the limits of a double. */
enum { NUMBER_SURELY_FINITE = 300 };

struct walk {
	struct json json;
	const struct json_options *options;
	struct readings *readings;
	struct fault *fault;
	struct buf *scratch; /* of the string last unescaped */

	/* The path of the open objects, each name followed by a dot. A metric's name is the path
	 * and its own name, which is put behind it; only at the top a name may stay where it is. */
	char path[2 * RECORD_NAME_MAX + 2];
	size_t path_len;
	uint16_t path_before[DECODE_JSON_DEPTH_MAX + 1]; /* its length outside of each object */
	bool timed;
};

static int fail_json(struct walk *w)
{
	return fault_set(w->fault, FAULT_BAD_JSON, "offset %zu: %s", w->json.error_at,
	                 w->json.error);
}

static bool has_nul(struct slice decoded)
{
	return decoded.len && memchr(decoded.ptr, '\0', decoded.len);
}

/* The string or name last given, unescaped. */
static struct slice unescaped(struct walk *w)
{
	if (!w->json.escaped)
		return w->json.text;
	buf_clear(w->scratch);
	json_unescape(w->json.text, w->scratch);
	return buf_slice(w->scratch);
}

/* Where the name last given stands, with its quote. */
static size_t name_offset(const struct walk *w)
{
	return (size_t)(w->json.text.ptr - w->json.start) - 1;
}

/* The whole name of the member whose own name was just given. */
static int full_name(struct walk *w, struct slice *name)
{
	struct slice own = unescaped(w);

	if (w->json.escaped && has_nul(own))
		return fault_set(w->fault, FAULT_NUL, "offset %zu: a name with a NUL in it",
		                 name_offset(w));
	if (own.len == 0)
		return fault_set(w->fault, FAULT_BAD_NAME, "offset %zu: an empty name",
		                 name_offset(w));
	*name = own;
	if ((w->path_len == 0 && !w->json.escaped) || own.len > RECORD_NAME_MAX)
		return 0; /* good where it is, or refused soon */
	memcpy(w->path + w->path_len, own.ptr, own.len);
	*name = (struct slice){w->path, w->path_len + own.len};
	return 0;
}

static bool has_exponent(struct slice number)
{
	for (size_t i = 0; i < number.len; i++)
		if ((number.ptr[i] | 0x20) == 'e')
			return true;
	return false;
}

static int add_number(struct walk *w, struct slice name)
{
	struct slice text = w->json.text;
	double value;

	if ((text.len >= NUMBER_SURELY_FINITE || has_exponent(text)) &&
	    number_parse(text, &value) < 0)
		return fault_set(w->fault, FAULT_NUMBER_RANGE,
		                 "'%.*s' is beyond the range of a double", SLICE_ARG(name));
	return readings_add(w->readings, name, text, w->fault);
}

static int add_string(struct walk *w, struct slice name)
{
	struct slice raw = w->json.text;

	if (raw.len > READINGS_STRING_MAX)
		return fault_set(w->fault, FAULT_STRING_TOO_LONG,
		                 "'%.*s' is a string of %zu bytes, more than %d", SLICE_ARG(name),
		                 raw.len, READINGS_STRING_MAX);
	if (w->json.escaped && has_nul(unescaped(w)))
		return fault_set(w->fault, FAULT_NUL, "'%.*s' is a string with a NUL in it",
		                 SLICE_ARG(name));
	return readings_add(w->readings, name, (struct slice){raw.ptr - 1, raw.len + 2}, w->fault);
}

/* Opens an object: its members' names get `name` and a dot in front. */
static int enter(struct walk *w, struct slice name)
{
	if (w->json.depth > w->options->max_depth)
		return fault_set(w->fault, FAULT_TOO_DEEP, "'%.*s' is nested over %u deep",
		                 SLICE_ARG(name), w->options->max_depth);
	w->path_before[w->json.depth] = (uint16_t)w->path_len;
	memmove(w->path, name.ptr, name.len);
	w->path[name.len] = '.';
	w->path_len = name.len + 1;
	return 0;
}

static void leave(struct walk *w)
{
	w->path_len = w->path_before[w->json.depth + 1];
}

/* A name that gives the device's time. */
static bool is_time_name(const struct walk *w, struct slice name)
{
	return w->json.depth == 1 &&
	       (slice_is(name, "ts") || slice_is(name, "time") || slice_is(name, "timestamp"));
}

static int take_time(struct walk *w, struct slice name, enum json_token token)
{
	struct slice text = w->json.text;
	int64_t time;
	int bad = -1;

	if (token == JSON_NULL)
		return 0;
	if (token == JSON_ERROR)
		return fail_json(w);
	if (w->timed)
		return fault_set(w->fault, FAULT_DUPLICATE_TIME,
		                 "'%.*s' is a second time beside the first", SLICE_ARG(name));
	if (token == JSON_STRING)
		bad = clock_parse(unescaped(w), &time);
	else if (token == JSON_NUMBER)
		bad = device_time_number(text, w->options->unit, &time);
	if (bad)
		return fault_set(w->fault, FAULT_BAD_TIME,
		                 "'%.*s' is no time of the years 0001 to 9999: '%.*s'",
		                 SLICE_ARG(name), (int)(text.len < 64 ? text.len : 64), text.ptr);
	readings_set_time(w->readings, time);
	w->timed = true;
	return 0;
}

static int take_value(struct walk *w, struct slice name, enum json_token token)
{
	switch (token) {
	case JSON_NUMBER:
		return add_number(w, name);
	case JSON_STRING:
		return add_string(w, name);
	case JSON_TRUE:
	case JSON_FALSE:
		return readings_add(w->readings, name, w->json.text, w->fault);
	case JSON_NULL:
		return 0;
	case JSON_OBJECT:
		return enter(w, name);
	case JSON_ARRAY:
		return fault_set(w->fault, FAULT_UNSUPPORTED_SHAPE, "'%.*s' is an array",
		                 SLICE_ARG(name));
	default:
		return fail_json(w);
	}
}

static int take_member(struct walk *w)
{
	struct slice name = SLICE("");
	enum json_token token;
	bool is_time;

	if (full_name(w, &name) < 0 || readings_name(w->readings, name, w->fault) < 0)
		return -1;
	is_time = is_time_name(w, name);
	token = json_next(&w->json);
	return is_time ? take_time(w, name, token) : take_value(w, name, token);
}

static const char *shape(enum json_token token)
{
	switch (token) {
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_NUMBER:
		return "a number";
	case JSON_NULL:
		return "null";
	default:
		return "a truth value";
	}
}

static int walk_object(struct walk *w)
{
	enum json_token token = json_next(&w->json);

	if (token == JSON_ERROR)
		return fail_json(w);
	if (token != JSON_OBJECT)
		return fault_set(w->fault, FAULT_UNSUPPORTED_SHAPE,
		                 "the payload is %s, not an object", shape(token));
	while ((token = json_next(&w->json)) != JSON_END) {
		if (token == JSON_ERROR)
			return fail_json(w);
		if (token == JSON_OBJECT_END)
			leave(w);
		else if (take_member(w) < 0)
			return -1;
	}
	return 0;
}

int decode_json(struct payload *p)
{
	struct walk w;

	w.options = &p->options->json;
	w.readings = p->readings;
	w.fault = p->fault;
	w.scratch = p->scratch;
	w.path_len = 0;
	w.path_before[1] = 0;
	w.timed = false;
	json_init(&w.json, p->bytes, w.options->max_depth + 1);
	if (readings_begin(w.readings, w.fault) < 0 || walk_object(&w) < 0)
		return -1;
	return readings_end(w.readings, w.fault);
}
