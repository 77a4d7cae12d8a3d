#include "senml/decode_senml_json.h"

#include "senml/senml.h"
#include "text/json.h"
#include "json/json_value.h"
#include "json/json_verdict.h"

#include <string.h>

/* {"v":1} and a comma. */
enum { RECORD_MIN = 8 };

struct pack {
	struct payload *payload;
	struct json json;
	struct senml senml;
	char *texts; /* strings without their escapes, one behind the other */
	size_t texts_len;
	bool stream; /* the array may lack its end */
};

static int fail_json(struct pack *w)
{
	return fault_set(w->payload->fault, FAULT_BAD_JSON, "offset %zu: %s", w->json.error_at,
	                 w->json.error);
}

/* The string or name last given, which stays as long as the payload. All of them together are
 * shorter than it. */
static struct slice keep_string(struct pack *w, enum json_token token)
{
	const struct json_value value = json_value_of(&w->json, token);
	struct slice text = json_value_string(&value, w->payload->scratch);
	char *at = w->texts + w->texts_len;

	if (!w->json.escaped)
		return text;
	memcpy(at, text.ptr, text.len);
	w->texts_len += text.len;
	return (struct slice){at, text.len};
}

/* The field of that label, or SENML_FIELDS. */
static enum senml_field field_of(struct slice label)
{
	int i = 0;

	while (i < SENML_FIELDS && !slice_is(label, senml_labels[i].name))
		i++;
	return (enum senml_field)i;
}

static bool has_type(enum senml_type type, enum json_token token)
{
	switch (type) {
	case SENML_NUMBER:
		return token == JSON_NUMBER;
	case SENML_BOOLEAN:
		return token == JSON_TRUE || token == JSON_FALSE;
	case SENML_TEXT:
	case SENML_DATA:
		break;
	}
	return token == JSON_STRING;
}

/* The field whose name was just given. */
static int take_field(struct pack *w)
{
	struct slice label = keep_string(w, JSON_NAME), *field;
	enum senml_field which = field_of(label);
	enum json_token token;

	if (which == SENML_FIELDS) {
		if (senml_unknown_field(&w->senml, label) < 0)
			return -1;
		return json_skip(&w->json, json_next(&w->json)) < 0 ? fail_json(w) : 0;
	}
	field = &w->senml.record.fields[which];
	if (field->ptr)
		return senml_twice(&w->senml, which);
	token = json_next(&w->json);
	if (token == JSON_ERROR)
		return fail_json(w);
	if (!has_type(senml_labels[which].type, token))
		return senml_wrong_type(&w->senml, which);
	if (token == JSON_NUMBER && memchr(w->json.text.ptr, 'E', w->json.text.len))
		return senml_bad_field(&w->senml, which, "has an exponent that is not written 'e'");
	*field = token == JSON_STRING ? keep_string(w, token) : w->json.text;
	return 0;
}

/* A record, whose JSON_OBJECT was just given. */
static int take_record(struct pack *w)
{
	enum json_token token;

	while ((token = json_next(&w->json)) != JSON_OBJECT_END)
		if (token == JSON_ERROR ? fail_json(w) < 0 : take_field(w) < 0)
			return -1;
	return senml_take_record(&w->senml);
}

/* The text ends between two records, or behind the comma after one. */
static bool stream_pauses(const struct pack *w, enum json_token token)
{
	return w->stream && token == JSON_ERROR && w->json.error_at == w->payload->bytes.len;
}

static int take_pack(struct pack *w)
{
	enum json_token token = json_next(&w->json);

	if (token == JSON_ERROR)
		return fail_json(w);
	if (token != JSON_ARRAY)
		return fault_set(w->payload->fault, FAULT_BAD_SENML,
		                 "the payload is %s, not an array of records",
		                 json_value_shape(token));
	while ((token = json_next(&w->json)) != JSON_ARRAY_END) {
		if (stream_pauses(w, token))
			return senml_end(&w->senml);
		if (token == JSON_ERROR)
			return fail_json(w);
		if (token != JSON_OBJECT)
			return fault_set(w->payload->fault, FAULT_BAD_SENML,
			                 "record %zu is %s, not an object", w->senml.number,
			                 json_value_shape(token));
		if (take_record(w) < 0)
			return -1;
	}
	return json_next(&w->json) == JSON_END ? senml_end(&w->senml) : fail_json(w);
}

int decode_senml_json(struct payload *p)
{
	size_t memory = senml_memory(p->bytes, RECORD_MIN);
	struct pack w;

	w.payload = p;
	w.stream = p->type.format == FORMAT_SENSML_JSON;
	arena_reset(p->arena, memory + p->bytes.len);
	senml_begin(&w.senml, p, arena_take(p->arena, memory), RECORD_MIN);
	w.texts = arena_take(p->arena, p->bytes.len);
	w.texts_len = 0;
	json_init(&w.json, p->bytes, p->options->json.max_depth + 1);
	if (take_pack(&w) == 0)
		return 0;
	return w.stream ? -1 : json_verdict(p); /* of an array without an end it would be bad */
}
