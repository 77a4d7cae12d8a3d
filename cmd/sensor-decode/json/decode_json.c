#include "json/decode_json.h"

#include "lone_value.h"
#include "text/json.h"
#include "json/json_members.h"
#include "json/json_value.h"
#include "json/json_verdict.h"

#include <string.h>

/* ---- objects ---- */

/* The name just given is this word. */
static bool name_is(const struct json *j, const char *word, struct buf *scratch)
{
	const struct json_value name = json_value_of(j, JSON_NAME);

	return slice_is(json_value_string(&name, scratch), word);
}

/* Whether the object that has just been opened is {"ts": ..., "values": {...}}. The parser is a
 * copy: it looks ahead. Errors are for who reads the object. */
static bool is_envelope(struct json ahead, struct buf *scratch)
{
	bool ts = false, values = false;

	for (int i = 0; i < 2; i++) {
		enum json_token token = json_next(&ahead);
		bool is_ts, is_values;

		if (token != JSON_NAME)
			return false;
		is_ts = name_is(&ahead, "ts", scratch);
		is_values = !is_ts && name_is(&ahead, "values", scratch);
		if (!is_ts && !is_values)
			return false;
		token = json_next(&ahead);
		if (is_values != (token == JSON_OBJECT) || token == JSON_ARRAY ||
		    json_skip(&ahead, token) < 0)
			return false;
		ts |= is_ts;
		values |= is_values;
	}
	return ts && values && json_next(&ahead) == JSON_OBJECT_END;
}

/* Its members were seen by is_envelope(). */
static int take_envelope(struct json_members *w)
{
	while (json_next(w->json) == JSON_NAME) {
		enum json_token token = json_next(w->json);

		if (token != JSON_OBJECT) {
			if (json_members_set_time(w, SLICE("ts"), token, TIME_MS) < 0)
				return -1;
			continue;
		}
		if (json_members_check_depth(w, SLICE("values")) < 0)
			return -1;
		w->take_time = false;
		if (json_members_take(w) < 0)
			return -1;
	}
	return 0;
}

/* Whether the quote of a name starts "values", or one with an escape. */
static bool may_be_values(const char *p, const char *end)
{
	return end - p < 2 || *p != '"' || p[1] == 'v' || p[1] == '\\';
}

/* What most objects are not is seen faster than by reading them. A time has no comma in it. */
static bool may_be_envelope(const struct json *j)
{
	const char *p = j->pos, *comma;

	if (j->end - p < 2 || *p != '"' || p[1] != 't')
		return may_be_values(p, j->end);
	comma = memchr(p, ',', (size_t)(j->end - p));
	return comma && may_be_values(comma + 1, j->end);
}

static int take_object(struct json_members *w)
{
	if (may_be_envelope(w->json) && is_envelope(*w->json, w->scratch))
		return take_envelope(w);
	w->take_time = true;
	return json_members_take(w);
}

/* ---- payloads ---- */

static int decode_object(struct json_members *w)
{
	if (readings_begin(w->readings, w->fault) < 0 || take_object(w) < 0)
		return -1;
	return readings_end(w->readings, w->fault);
}

/* An object of an array, the first of them being number 1. */
static int take_element(struct json_members *w, size_t number)
{
	bool joined = number > 1 && !w->timed;

	if (json_members_check_depth(w, SLICE("the array")) < 0)
		return -1;
	if (!joined) {
		if ((number > 1 && readings_end(w->readings, w->fault) < 0) ||
		    readings_begin(w->readings, w->fault) < 0)
			return -1;
	}
	w->timed = false;
	if (take_object(w) < 0)
		return -1;
	if (joined && w->timed)
		return fault_set(w->fault, FAULT_BAD_TIME,
		                 "element %zu has a time, those before it have none", number);
	return 0;
}

static int decode_array(struct json_members *w)
{
	enum json_token token;
	size_t number = 0;

	while ((token = json_next(w->json)) != JSON_ARRAY_END) {
		if (token == JSON_ERROR)
			return json_members_syntax(w);
		number++;
		if (token != JSON_OBJECT)
			return fault_set(w->fault, FAULT_UNSUPPORTED_SHAPE,
			                 "element %zu of the array is %s, not an object", number,
			                 json_value_shape(token));
		if (take_element(w, number) < 0)
			return -1;
	}
	if (number == 0)
		return fault_set(w->fault, FAULT_NO_METRICS, "the array is empty");
	return readings_end(w->readings, w->fault);
}

static int decode_scalar(struct payload *p, const struct json *json, enum json_token token)
{
	const struct json_value value = json_value_of(json, token);

	if (token == JSON_NULL)
		return fault_set(p->fault, FAULT_NO_METRICS, "the payload is null");
	return lone_value_take(p, &value);
}

static int decode(struct payload *p)
{
	struct json json;
	struct json_members w;
	enum json_token token;
	int taken;

	json_init(&json, p->bytes, json_members_depth(&p->options->json));
	json_members_init(&w, p, &json);
	token = json_next(&json);
	switch (token) {
	case JSON_ERROR:
		return json_members_syntax(&w);
	case JSON_OBJECT:
		taken = decode_object(&w);
		break;
	case JSON_ARRAY:
		taken = decode_array(&w);
		break;
	default:
		taken = decode_scalar(p, &json, token);
	}
	if (taken < 0)
		return -1;
	return json_next(&json) == JSON_END ? 0 : json_members_syntax(&w);
}

int decode_json(struct payload *p)
{
	return decode(p) < 0 ? json_verdict(p) : 0;
}
