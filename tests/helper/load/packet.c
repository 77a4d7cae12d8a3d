#include "packet.h"

#include <string.h>

enum {
	CONNECT = 1 << 4,
	PUBLISH_QOS1 = 3 << 4 | 1 << 1,
	DISCONNECT = PACKET_DISCONNECT << 4,
	CLEAN_START = 1 << 1,
	CONTENT_TYPE = 3, /* property */
	VERSION = 5,
	LENGTH_OCTETS = 2, /* of a remaining length as written here: 128 to 16383, padded */
};

static uint8_t *put16(uint8_t *p, size_t value)
{
	*p++ = (uint8_t)(value >> 8);
	*p++ = (uint8_t)value;
	return p;
}

static uint8_t *put_text(uint8_t *p, const char *text, size_t n)
{
	p = put16(p, n);
	memcpy(p, text, n);
	return p + n;
}

/* The first byte and the remaining length, always in two octets, so that the rest can be written
 * first. */
static size_t head(uint8_t *out, unsigned first, const uint8_t *end)
{
	size_t rest = (size_t)(end - out) - 1 - LENGTH_OCTETS;

	out[0] = (uint8_t)first;
	out[1] = (uint8_t)(rest % 128 | 128);
	out[2] = (uint8_t)(rest / 128);
	return (size_t)(end - out);
}

size_t packet_connect(uint8_t out[PACKET_MAX], const char *client_id, unsigned seconds)
{
	uint8_t *p = out + 1 + LENGTH_OCTETS;

	p = put_text(p, "MQTT", 4);
	*p++ = VERSION;
	*p++ = CLEAN_START;
	p = put16(p, seconds);
	*p++ = 0; /* bytes of properties */
	p = put_text(p, client_id, strlen(client_id));
	return head(out, CONNECT, p);
}

size_t packet_publish(uint8_t out[PACKET_MAX], const char *topic, uint16_t id, const char *payload)
{
	static const char type[] = "application/json";
	size_t n = strlen(payload);
	uint8_t *p = out + 1 + LENGTH_OCTETS;

	p = put_text(p, topic, strlen(topic));
	p = put16(p, id);
	*p++ = (uint8_t)(1 + 2 + strlen(type));
	*p++ = CONTENT_TYPE;
	p = put_text(p, type, strlen(type));
	memcpy(p, payload, n);
	return head(out, PUBLISH_QOS1, p + n);
}

size_t packet_disconnect(uint8_t out[PACKET_MAX])
{
	out[0] = DISCONNECT;
	out[1] = 0;
	return 2;
}

/* The reason code at `at` of a body; absent means 0, success. */
static unsigned reason(const uint8_t *body, size_t n, size_t at)
{
	return at < n ? body[at] : 0;
}

int packet_read(const uint8_t *bytes, size_t n, struct packet *p)
{
	size_t rest, at = 2;
	const uint8_t *body;

	if (n < 2 || (bytes[1] & 128 && n < 3))
		return 0;
	rest = bytes[1] & 127;
	if (bytes[1] & 128)
		rest += (size_t)bytes[at++] * 128;
	if (rest > PACKET_MAX - at)
		return -1;
	if (n < at + rest)
		return 0;
	body = bytes + at;
	*p = (struct packet){.type = bytes[0] >> 4};
	if (p->type == PACKET_CONNACK && rest >= 2) {
		p->reason = reason(body, rest, 1);
	} else if (p->type == PACKET_PUBACK && rest >= 2) {
		p->id = (uint16_t)(body[0] << 8 | body[1]);
		p->reason = reason(body, rest, 2);
	} else if (p->type == PACKET_DISCONNECT) {
		p->reason = reason(body, rest, 0);
	} else {
		return -1;
	}
	return (int)(at + rest);
}
