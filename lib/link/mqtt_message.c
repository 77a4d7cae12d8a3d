#include "link/mqtt_message.h"

#include "base/msg.h"
#include "link/mqtt_options.h"
#include "record/properties.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	STRING_MAX = 65535,        /* MQTT 5 section 1.5.4 */
	REMAINING_MAX = 268435455, /* section 2.1.4 */
	FIXED_HEADER_MAX = 1 + 4,
};

/* MQTT's own properties that a message can carry. */
static const struct known {
	const char *name;
	enum MQTTPropertyCodes code;
} known[] = {
    {"payload-format-indicator", MQTTPROPERTY_CODE_PAYLOAD_FORMAT_INDICATOR},
    {"message-expiry-interval", MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL},
    {"response-topic", MQTTPROPERTY_CODE_RESPONSE_TOPIC},
    {"correlation-data", MQTTPROPERTY_CODE_CORRELATION_DATA},
    {"subscription-identifier", MQTTPROPERTY_CODE_SUBSCRIPTION_IDENTIFIER},
};
enum { KNOWN = sizeof(known) / sizeof(known[0]) };

/* ---- arrived ---- */

static struct slice paho_slice(MQTTLenString s)
{
	return (struct slice){s.data, (size_t)s.len};
}

static void append_number(struct buf *b, const char *name, unsigned value)
{
	char digits[16];
	int len = snprintf(digits, sizeof(digits), "%u", value);

	properties_append_mqtt(b, name, (struct slice){digits, (size_t)len});
}

static void append_known(struct buf *b, const struct known *k, const MQTTProperty *p)
{
	switch (MQTTProperty_getType(k->code)) {
	case MQTTPROPERTY_TYPE_BYTE:
		append_number(b, k->name, p->value.byte);
		break;
	case MQTTPROPERTY_TYPE_FOUR_BYTE_INTEGER:
	case MQTTPROPERTY_TYPE_VARIABLE_BYTE_INTEGER:
		append_number(b, k->name, p->value.integer4);
		break;
	default:
		properties_append_mqtt(b, k->name, paho_slice(p->value.data));
		break;
	}
}

void mqtt_message_arrived(const char *topic, int topic_len, const MQTTAsync_message *from,
                          struct buf *properties, struct message *m)
{
	*m = (struct message){
	    .qos = (unsigned)from->qos,
	    .retained = from->retained,
	    .duplicate = from->dup,
	    .topic = {topic, topic_len ? (size_t)topic_len : strlen(topic)},
	    .payload = {from->payload, (size_t)from->payloadlen},
	};
	buf_clear(properties);
	for (int i = 0; i < from->properties.count; i++) {
		const MQTTProperty *p = &from->properties.array[i];

		if (p->identifier == MQTTPROPERTY_CODE_USER_PROPERTY)
			properties_append_user(properties, paho_slice(p->value.data),
			                       paho_slice(p->value.value));
		else if (p->identifier == MQTTPROPERTY_CODE_CONTENT_TYPE)
			m->content_type = paho_slice(p->value.data);
		for (int k = 0; k < KNOWN; k++) {
			if (p->identifier == known[k].code)
				append_known(properties, &known[k], p);
		}
	}
	m->properties = buf_slice(properties);
}

/* ---- to be published ---- */

static MQTTProperty *add_property(struct mqtt_outgoing *o, enum MQTTPropertyCodes code)
{
	MQTTProperties *all = &o->message.properties;

	if ((size_t)all->count == o->capacity) {
		o->capacity = o->capacity ? 2 * o->capacity : 16;
		o->array = realloc(o->array, o->capacity * sizeof(*o->array));
		if (!o->array)
			msg_die(EX_OSERR, "out of memory");
	}
	all->array = o->array;
	all->array[all->count] = (MQTTProperty){.identifier = code};
	o->packet_size += 1;
	return &all->array[all->count++];
}

static void set_bytes(struct mqtt_outgoing *o, MQTTLenString *to, struct slice bytes)
{
	/* Paho only reads them. */
	*to = (MQTTLenString){(int)bytes.len, (char *)(bytes.ptr ? bytes.ptr : "")};
	o->packet_size += 2 + bytes.len;
}

static bool is_string(struct slice s)
{
	return s.len <= STRING_MAX && !(s.len && memchr(s.ptr, '\0', s.len)) && utf8_valid(s);
}

/* A decimal number of at most `max`. */
static bool read_number(struct slice text, unsigned long max, unsigned *value)
{
	unsigned long n = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		n = n * 10 + (unsigned long)(text.ptr[i] - '0');
		if (n > max)
			return false;
	}
	*value = (unsigned)n;
	return text.len > 0;
}

static const char *add_known(struct mqtt_outgoing *o, enum MQTTPropertyCodes code,
                             struct slice value)
{
	unsigned number;
	MQTTProperty *p;

	switch (code) {
	case MQTTPROPERTY_CODE_PAYLOAD_FORMAT_INDICATOR:
		if (!read_number(value, 1, &number))
			return "mqtt.payload-format-indicator is neither 0 nor 1";
		add_property(o, code)->value.byte = (unsigned char)number;
		o->packet_size += 1;
		return NULL;
	case MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL:
		if (!read_number(value, UINT32_MAX, &number))
			return "mqtt.message-expiry-interval is not a number of seconds";
		add_property(o, code)->value.integer4 = number;
		o->packet_size += 4;
		return NULL;
	case MQTTPROPERTY_CODE_RESPONSE_TOPIC:
		if (mqtt_topic_fault(value))
			return "mqtt.response-topic is not a topic name";
		break;
	case MQTTPROPERTY_CODE_CORRELATION_DATA:
		if (value.len > STRING_MAX)
			return "mqtt.correlation-data is longer than 65535 bytes";
		break;
	default:
		return NULL; /* a subscription identifier: not the publisher's */
	}
	p = add_property(o, code);
	set_bytes(o, &p->value.data, value);
	return NULL;
}

static const char *add_one(struct mqtt_outgoing *o, const struct property *from)
{
	if (from->mqtt) {
		for (int k = 0; k < KNOWN; k++) {
			if (slice_is(from->name, known[k].name))
				return add_known(o, known[k].code, from->value);
		}
		return "a property mqtt.* that no message has";
	}
	if (!is_string(from->name) || !is_string(from->value))
		return "a user property is not at most 65535 bytes of UTF-8 without NUL";
	MQTTProperty *p = add_property(o, MQTTPROPERTY_CODE_USER_PROPERTY);

	set_bytes(o, &p->value.data, from->name);
	set_bytes(o, &p->value.value, from->value);
	return NULL;
}

static const char *add_properties(struct mqtt_outgoing *o, const struct message *m)
{
	struct properties_walk walk;
	struct property property;
	const char *fault = NULL;
	int more;

	if (m->content_type.len) {
		if (!is_string(m->content_type))
			return "the content type is not at most 65535 bytes of UTF-8 without NUL";
		set_bytes(o, &add_property(o, MQTTPROPERTY_CODE_CONTENT_TYPE)->value.data,
		          m->content_type);
	}
	properties_walk(&walk, m->properties, &o->scratch);
	while (!fault && (more = properties_next(&walk, &property)) != 0)
		fault = more < 0 ? "the properties are malformed" : add_one(o, &property);
	return fault;
}

const char *mqtt_message_prepare(struct mqtt_outgoing *o, const struct message *m)
{
	const char *fault = mqtt_topic_fault(m->topic);

	if (fault)
		return "the topic is not a topic name";
	o->message = (MQTTAsync_message)MQTTAsync_message_initializer;
	o->packet_size = FIXED_HEADER_MAX + 2 + m->topic.len + 2 + 4 + m->payload.len;
	fault = add_properties(o, m);
	if (fault)
		return fault;
	if (o->packet_size > REMAINING_MAX)
		return "the message is larger than MQTT allows (256 MiB)";
	buf_clear(&o->topic_text);
	buf_append_slice(&o->topic_text, m->topic);
	o->topic = buf_string(&o->topic_text);
	o->message.qos = (int)m->qos;
	o->message.retained = m->retained;
	o->message.payloadlen = (int)m->payload.len;
	o->message.payload = (void *)(m->payload.ptr ? m->payload.ptr : "");
	return NULL;
}

void mqtt_outgoing_free(struct mqtt_outgoing *o)
{
	buf_free(&o->topic_text);
	buf_free(&o->scratch);
	free(o->array);
}
