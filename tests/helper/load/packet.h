/*
 * packet: the few packets of MQTT 5 that a sensor which only publishes needs.
 *
 * MQTT Version 5.0, OASIS Standard, 7 March 2019, sections 2 and 3. The writers
 * return the length of the packet, which is at most PACKET_MAX for names of up
 * to 64 and payloads of up to 256 bytes.
 */
#ifndef FLEET_PACKET_H
#define FLEET_PACKET_H

#include <stddef.h>
#include <stdint.h>

enum { PACKET_MAX = 512 };

enum packet_type {
	PACKET_CONNACK = 2,
	PACKET_PUBACK = 4,
	PACKET_DISCONNECT = 14,
};

/* An answer of the broker; reason codes from PACKET_FAILURE on are failures. */
enum { PACKET_FAILURE = 0x80 };
struct packet {
	unsigned type;
	unsigned reason;
	uint16_t id; /* of a PUBACK */
};

/* CONNECT with a clean start, no will, no user name, and a keep alive of `seconds`. */
size_t packet_connect(uint8_t out[PACKET_MAX], const char *client_id, unsigned seconds);

/* PUBLISH at QoS 1 with the content type application/json. */
size_t packet_publish(uint8_t out[PACKET_MAX], const char *topic, uint16_t id, const char *payload);

size_t packet_disconnect(uint8_t out[PACKET_MAX]);

/*
 * Reads the packet at the start of n bytes. Returns its length; 0 when it is
 * not whole yet; -1 when it is none of the above, or longer than PACKET_MAX.
 */
int packet_read(const uint8_t *bytes, size_t n, struct packet *p);

#endif
