/* Reading: JSON lines of mosquitto_sub to messages; see record/mosquitto_json.h. */
#include "record/mosquitto_json.h"

#include "base/clock.h"
#include "record/properties.h"
#include "text/json.h"

#include <stdint.h>

/* A string of the line, not yet unescaped. */
struct raw {
	struct slice text;
	bool escaped;
};

struct reader {
	struct json json;
	struct message *m;
	struct record_error *error;
	struct buf *scratch;
	struct buf decoded; /* names and values of properties with escapes in them; mostly unused */

	unsigned seen; /* bits of enum key */
	struct raw topic, content_type, payload;
	bool payload_is_string;
	uint64_t payload_len;
	size_t payload_at;
};

/* The keys of a line; those of mosquitto_sub that a message has no place for are skipped. */
enum key { KEY_TST, KEY_TOPIC, KEY_QOS, KEY_RETAIN, KEY_PAYLOADLEN, KEY_PROPERTIES, KEY_PAYLOAD };
static const char *const keys[] = {"tst",        "topic",      "qos",    "retain",
                                   "payloadlen", "properties", "payload"};
enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static int fail_at(struct reader *r, size_t offset, const char *what)
{
	*r->error = (struct record_error){.what = what, .column = offset + 1};
	return -1;
}

/* At the token last given. */
static int fail(struct reader *r, const char *what)
{
	return fail_at(r, (size_t)(r->json.text.ptr - r->json.start), what);
}

static int fail_json(struct reader *r)
{
	return fail_at(r, r->json.error_at, r->json.error);
}

/* The next token, which must be of this kind. */
static int expect(struct reader *r, enum json_token wanted, const char *what)
{
	enum json_token token = json_next(&r->json);

	if (token == JSON_ERROR)
		return fail_json(r);
	return token == wanted ? 0 : fail(r, what);
}

static int read_string(struct reader *r, const char *what, struct raw *string)
{
	if (expect(r, JSON_STRING, what) < 0)
		return -1;
	*string = (struct raw){r->json.text, r->json.escaped};
	return 0;
}

/* An unsigned integer up to max. */
static int read_integer(struct reader *r, uint64_t max, const char *what, uint64_t *value)
{
	if (expect(r, JSON_NUMBER, what) < 0)
		return -1;
	*value = 0;
	for (size_t i = 0; i < r->json.text.len; i++) {
		unsigned digit = (unsigned)(r->json.text.ptr[i] - '0');

		if (digit > 9 || digit > max || *value > (max - digit) / 10)
			return fail(r, what);
		*value = *value * 10 + digit;
	}
	return 0;
}

/*
 * The time stamp as mosquitto_sub 2 writes it: local time, 'Z', and the offset
 * without a colon (2026-01-31T12:00:00.000000Z+0100). RFC 3339 is taken too.
 */
static int parse_stamp(struct slice text, int64_t *us)
{
	char rfc[40];
	size_t date = text.len > 5 ? text.len - 5 : 0; /* bytes before "+0100" */
	const char *offset = text.ptr + date;

	if (clock_parse(text, us) == 0)
		return 0;
	if (date == 0 || date + 6 > sizeof(rfc) || (*offset != '+' && *offset != '-'))
		return -1;
	memcpy(rfc, text.ptr, date);
	if (rfc[date - 1] == 'Z')
		date--;
	memcpy(rfc + date, offset, 3);
	rfc[date + 3] = ':';
	memcpy(rfc + date + 4, offset + 3, 2);
	return clock_parse((struct slice){rfc, date + 6}, us);
}

static int read_stamp(struct reader *r)
{
	static const char what[] = "\"tst\" is no time stamp of mosquitto_sub";

	if (expect(r, JSON_STRING, what) < 0)
		return -1;
	return parse_stamp(r->json.text, &r->m->received) < 0 ? fail(r, what) : 0;
}

static int read_payload(struct reader *r)
{
	enum json_token token = json_next(&r->json);
	const char *start = r->json.text.ptr;

	r->payload_at = (size_t)(start - r->json.start);
	r->payload_is_string = token == JSON_STRING;
	if (token == JSON_STRING) {
		r->payload = (struct raw){r->json.text, r->json.escaped};
		return 0;
	}
	if (json_skip(&r->json, token) < 0)
		return fail_json(r);
	r->payload.text = (struct slice){start, (size_t)(r->json.pos - start)};
	return 0;
}

/* The string's bytes: in the line, or appended to `decoded`, which has room for them. */
static struct slice decode(struct raw string, struct buf *decoded)
{
	size_t from = decoded->len;

	if (!string.escaped)
		return string.text;
	json_unescape(string.text, decoded);
	return (struct slice){decoded->ptr + from, decoded->len - from};
}

/* Bytes to reserve so that decode() never moves what is there: json_unescape() asks for a few more
 * than it fills. */
static size_t decode_room(struct raw string)
{
	return string.escaped ? string.text.len + 4 : 0;
}

/* One member of "user-properties", of which the name was just given. */
static int read_user_property(struct reader *r)
{
	struct raw name = {r->json.text, r->json.escaped}, value;
	struct slice decoded_name;

	if (read_string(r, "a user property that is not a string", &value) < 0)
		return -1;
	buf_clear(&r->decoded);
	buf_reserve(&r->decoded, decode_room(name) + decode_room(value));
	decoded_name = decode(name, &r->decoded);
	properties_append_user(r->scratch, decoded_name, decode(value, &r->decoded));
	return 0;
}

static int read_user_properties(struct reader *r)
{
	enum json_token token;

	if (expect(r, JSON_OBJECT, "\"user-properties\" is not an object") < 0)
		return -1;
	while ((token = json_next(&r->json)) == JSON_NAME)
		if (read_user_property(r) < 0)
			return -1;
	return token == JSON_ERROR ? fail_json(r) : 0;
}

/* One of MQTT's own properties with a string for a value. */
static int read_text_property(struct reader *r, const char *name)
{
	struct raw value;

	if (read_string(r, "a property that is not a string", &value) < 0)
		return -1;
	buf_clear(&r->decoded);
	buf_reserve(&r->decoded, decode_room(value));
	properties_append_mqtt(r->scratch, name, decode(value, &r->decoded));
	return 0;
}

static int read_number_property(struct reader *r, const char *name)
{
	uint64_t value;

	if (read_integer(r, UINT32_MAX, "a property that is not a number of 32 bits", &value) < 0)
		return -1;
	properties_append_mqtt(r->scratch, name, r->json.text);
	return 0;
}

/* One member of "properties", of which the name was just given: those of a PUBLISH (MQTT 5 section
 * 3.3.2.3). */
static int read_property(struct reader *r, unsigned *seen)
{
	enum { TEXT, NUMBER, CONTENT_TYPE, USER, CONNECTION };
	static const struct {
		const char *name;
		int kind;
		bool repeats;
	} known[] = {
	    {"content-type", CONTENT_TYPE, false},
	    {"user-properties", USER, false},
	    {"payload-format-indicator", NUMBER, false},
	    {"message-expiry-interval", NUMBER, false},
	    {"response-topic", TEXT, false},
	    {"correlation-data", TEXT, false},
	    {"subscription-identifier", NUMBER, true},
	    {"topic-alias", CONNECTION, false},
	};
	uint64_t alias;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!slice_is(r->json.text, known[i].name))
			continue;
		if ((*seen >> i & 1) && !known[i].repeats)
			return fail(r, "a property that is given twice");
		*seen |= 1U << i;
		switch (known[i].kind) {
		case TEXT:
			return read_text_property(r, known[i].name);
		case NUMBER:
			return read_number_property(r, known[i].name);
		case CONTENT_TYPE:
			return read_string(r, "\"content-type\" is not a string", &r->content_type);
		case USER:
			return read_user_properties(r);
		default: /* means something on its own connection only */
			return read_integer(r, UINT16_MAX, "\"topic-alias\" is not a number",
			                    &alias);
		}
	}
	return fail(r, "a property that no MQTT message has");
}

static int read_properties(struct reader *r)
{
	enum json_token token;
	unsigned seen = 0;

	if (expect(r, JSON_OBJECT, "\"properties\" is not an object") < 0)
		return -1;
	while ((token = json_next(&r->json)) == JSON_NAME)
		if (read_property(r, &seen) < 0)
			return -1;
	return token == JSON_ERROR ? fail_json(r) : 0;
}

static int read_value(struct reader *r, enum key key)
{
	uint64_t value = 0;

	switch (key) {
	case KEY_TST:
		return read_stamp(r);
	case KEY_TOPIC:
		return read_string(r, "\"topic\" is not a string", &r->topic);
	case KEY_QOS:
		if (read_integer(r, 2, "\"qos\" is not 0, 1 or 2", &value) < 0)
			return -1;
		r->m->qos = (unsigned)value;
		return 0;
	case KEY_RETAIN:
		if (read_integer(r, 1, "\"retain\" is not 0 or 1", &value) < 0)
			return -1;
		r->m->retained = value == 1;
		return 0;
	case KEY_PAYLOADLEN:
		return read_integer(r, UINT32_MAX, "\"payloadlen\" is not a number of bytes",
		                    &r->payload_len);
	case KEY_PROPERTIES:
		return read_properties(r);
	case KEY_PAYLOAD:
		return read_payload(r);
	}
	return -1;
}

/* One member of the line, of which the name was just given. */
static int read_member(struct reader *r)
{
	enum json_token token;

	for (unsigned key = 0; key < KEYS; key++) {
		if (!slice_is(r->json.text, keys[key]))
			continue;
		if (r->seen >> key & 1)
			return fail(r, "a key that is given twice");
		r->seen |= 1U << key;
		return read_value(r, (enum key)key);
	}
	/* "mid", and what later versions may add. */
	token = json_next(&r->json);
	return json_skip(&r->json, token) < 0 ? fail_json(r) : 0;
}

static int check_complete(struct reader *r, size_t end)
{
	static const struct {
		enum key key;
		const char *what;
	} wanted[] = {
	    {KEY_TST, "\"tst\" is missing"},
	    {KEY_TOPIC, "\"topic\" is missing"},
	    {KEY_PAYLOAD, "\"payload\" is missing"},
	};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!(r->seen >> wanted[i].key & 1))
			return fail_at(r, end, wanted[i].what);
	return 0;
}

/*
 * %j writes any payload as a string, cut at its first NUL byte; %J writes a
 * payload that is JSON as that JSON, which may be a string too. Its length
 * tells them apart; where it fits neither, the payload was cut.
 */
static int settle_payload(struct reader *r)
{
	struct slice text = r->payload.text;
	struct message *m = r->m;

	m->payload = text;
	if (!r->payload_is_string) {
		if (slice_is(text, "null") && (r->seen >> KEY_PAYLOADLEN & 1) &&
		    r->payload_len == 0)
			m->payload.len = 0;
		return 0;
	}
	m->payload = decode(r->payload, r->scratch);
	if (!(r->seen >> KEY_PAYLOADLEN & 1) || r->payload_len == m->payload.len)
		return 0;
	if (r->payload_len != text.len + 2)
		return fail_at(r, r->payload_at,
		               "a payload that does not have \"payloadlen\" bytes");
	m->payload = (struct slice){text.ptr - 1, text.len + 2};
	return 0;
}

/* Unescapes what stands outside of the properties, all of which are in the scratch buffer. */
static int finish(struct reader *r)
{
	size_t properties = r->scratch->len;
	struct message *m = r->m;

	buf_reserve(r->scratch,
	            decode_room(r->topic) + decode_room(r->content_type) + decode_room(r->payload));
	m->properties = (struct slice){r->scratch->ptr, properties};
	m->topic = decode(r->topic, r->scratch);
	m->content_type = decode(r->content_type, r->scratch);
	if (m->topic.len == 0 || m->topic.len > RECORD_TOPIC_MAX)
		return fail_at(r, (size_t)(r->topic.text.ptr - r->json.start),
		               "a topic that is empty or over 65535 bytes");
	return settle_payload(r);
}

static int read_line(struct reader *r, size_t len)
{
	enum json_token token;

	if (expect(r, JSON_OBJECT, "not a JSON object") < 0)
		return -1;
	while ((token = json_next(&r->json)) == JSON_NAME)
		if (read_member(r) < 0)
			return -1;
	if (token == JSON_ERROR || json_next(&r->json) != JSON_END)
		return fail_json(r);
	if (check_complete(r, len) < 0)
		return -1;
	return finish(r);
}

int mosquitto_json_parse(struct slice line, struct buf *scratch, struct message *m,
                         struct record_error *error)
{
	struct reader r = {.m = m, .error = error, .scratch = scratch};
	int result;

	*m = (struct message){0};
	buf_clear(scratch);
	json_init(&r.json, line, JSON_DEPTH_MAX);
	result = read_line(&r, line.len);
	buf_free(&r.decoded);
	return result;
}
