/* Writing: messages to JSON lines of mosquitto_sub; see record/mosquitto_json.h. */
#include "record/mosquitto_json.h"

#include "base/clock.h"
#include "record/properties.h"
#include "text/json.h"
#include "text/number.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>

/* A control character, quote or backslash as cJSON, which mosquitto_sub prints with, escapes it. */
static void append_escape(struct buf *b, unsigned char c)
{
	static const char plain[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";
	const char *at = memchr(plain, c, sizeof(plain) - 1);

	if (at)
		buf_printf(b, "\\%c", letters[at - plain]);
	else
		buf_printf(b, "\\u%04x", c);
}

/* Any bytes as a JSON string, U+FFFD for each that is not UTF-8. */
static void append_string(struct buf *b, struct slice text)
{
	const char *p = text.ptr, *end = text.ptr + text.len;

	buf_putc(b, '"');
	while (p < end) {
		unsigned char c = (unsigned char)*p;
		unsigned n = utf8_sequence(p, end);

		if (c < 0x20 || c == '"' || c == '\\')
			append_escape(b, c);
		else if (n)
			buf_append(b, p, n);
		else
			buf_append_string(b, "\xef\xbf\xbd");
		p += n ? n : 1;
	}
	buf_putc(b, '"');
}

/* As cJSON prints it where that keeps the value, else as it is. */
static void append_number(struct buf *b, struct slice text)
{
	char shorter[32];
	double value;
	int len;

	if (number_parse(text, &value) < 0) {
		buf_append_slice(b, text);
		return;
	}
	len = snprintf(shorter, sizeof(shorter), "%1.15g", value);
	if (strtod(shorter, NULL) == value)
		buf_append(b, shorter, (size_t)len);
	else
		buf_append_slice(b, text);
}

/* A string of the payload; `decoded` is emptied. */
static void append_raw_string(struct buf *b, const struct json *json, struct buf *decoded)
{
	buf_clear(decoded);
	if (json->escaped)
		json_unescape(json->text, decoded);
	append_string(b, json->escaped ? buf_slice(decoded) : json->text);
}

/* The JSON payload without its white space. Returns -1 when it is not JSON, *b then being as it
 * was. */
static int append_json(struct buf *b, struct slice payload)
{
	struct buf decoded = {0};
	size_t from = b->len;
	bool comma = false;
	enum json_token token;
	struct json json;

	json_init(&json, payload, JSON_DEPTH_MAX);
	while ((token = json_next(&json)) != JSON_END && token != JSON_ERROR) {
		bool closing = token == JSON_OBJECT_END || token == JSON_ARRAY_END;

		if (comma && !closing)
			buf_putc(b, ',');
		comma = token != JSON_OBJECT && token != JSON_ARRAY && token != JSON_NAME;
		if (token == JSON_NAME || token == JSON_STRING)
			append_raw_string(b, &json, &decoded);
		else if (token == JSON_NUMBER)
			append_number(b, json.text);
		else
			buf_append_slice(b, json.text);
		if (token == JSON_NAME)
			buf_putc(b, ':');
	}
	buf_free(&decoded);
	if (token == JSON_END)
		return 0;
	b->len = from;
	return -1;
}

static void append_payload(struct buf *b, struct slice payload)
{
	buf_append_string(b, ",\"payload\":");
	if (payload.len == 0)
		buf_append_string(b, "null");
	else if (append_json(b, payload) < 0)
		append_string(b, payload);
}

/* A comma, unless the first member of its object follows. */
static void separate(struct buf *b, bool *first)
{
	if (!*first)
		buf_putc(b, ',');
	*first = false;
}

static void append_member(struct buf *b, bool *first, struct slice name, struct slice value,
                          bool quoted)
{
	separate(b, first);
	append_string(b, name);
	buf_putc(b, ':');
	if (quoted)
		append_string(b, value);
	else
		buf_append_slice(b, value);
}

/* All user properties, as one object; it stands where the first of them was. */
static void append_user_properties(struct buf *b, struct slice field, struct buf *scratch)
{
	struct properties_walk walk;
	struct property p;
	bool first = true;

	buf_append_string(b, "\"user-properties\":{");
	properties_walk(&walk, field, scratch);
	while (properties_next(&walk, &p) > 0)
		if (!p.mqtt)
			append_member(b, &first, p.name, p.value, true);
	buf_putc(b, '}');
}

/* One of MQTT's own that JSON shows as a number, if it is one. */
static bool is_number(const struct property *p)
{
	const char *end = p->value.ptr + p->value.len;

	return (slice_is(p->name, "payload-format-indicator") ||
	        slice_is(p->name, "message-expiry-interval") ||
	        slice_is(p->name, "subscription-identifier")) &&
	       number_end(p->value.ptr, end) == end;
}

static void append_properties(struct buf *b, const struct message *m)
{
	struct buf outer = {0}, inner = {0};
	struct properties_walk walk;
	struct property p;
	bool first = true, users = false;

	if (m->content_type.len == 0 && m->properties.len == 0)
		return;
	buf_append_string(b, ",\"properties\":{");
	if (m->content_type.len)
		append_member(b, &first, SLICE("content-type"), m->content_type, true);
	properties_walk(&walk, m->properties, &outer);
	while (properties_next(&walk, &p) > 0) {
		if (p.mqtt) {
			append_member(b, &first, p.name, p.value, !is_number(&p));
		} else if (!users) {
			users = true;
			separate(b, &first);
			append_user_properties(b, m->properties, &inner);
		}
	}
	buf_putc(b, '}');
	buf_free(&outer);
	buf_free(&inner);
}

void mosquitto_json_append(struct buf *b, const struct message *m)
{
	buf_append_string(b, "{\"tst\":\"");
	clock_append(b, m->received);
	buf_append_string(b, "+0000\",\"topic\":");
	append_string(b, m->topic);
	buf_printf(b, ",\"qos\":%u,\"retain\":%d,\"payloadlen\":%zu", m->qos, m->retained,
	           m->payload.len);
	append_properties(b, m);
	append_payload(b, m->payload);
	buf_append_string(b, "}\n");
}
