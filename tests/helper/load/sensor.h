/*
 * sensor: one connection of the fleet, over TLS 1.3, without ever blocking.
 *
 * CONNECT is sent when the handshake is done; one message at a time is under
 * way. What fails is told once by a state of SENSOR_FAILED and why; the sensor
 * is closed then.
 */
#ifndef FLEET_SENSOR_H
#define FLEET_SENSOR_H

#include "packet.h"

#include <openssl/types.h>
#include <stdbool.h>
#include <sys/socket.h>

enum { SENSOR_NAME_MAX = 32, SENSOR_WHY_MAX = 96 };

enum sensor_state {
	SENSOR_CLOSED,     /* not opened yet, or ended */
	SENSOR_CONNECTING, /* TCP */
	SENSOR_HANDSHAKE,  /* TLS */
	SENSOR_GREETING,   /* CONNECT, until CONNACK */
	SENSOR_READY,
	SENSOR_FAILED,
};

struct sensor {
	enum sensor_state state;
	int fd; /* while it is none of closed and failed */
	SSL *ssl;
	char name[SENSOR_NAME_MAX];
	uint8_t in[PACKET_MAX], out[PACKET_MAX];
	size_t in_len, out_len;
	bool busy;     /* a message is under way */
	bool writable; /* wants to be called when it can write, too */
	uint16_t id;   /* of the last message */
	uint64_t acknowledged, refused;
	char why[SENSOR_WHY_MAX]; /* it failed */
};

/* Begins to connect; `s->name` is set. `ctx` verifies the broker, for the host name given. */
void sensor_open(struct sensor *s, SSL_CTX *ctx, X509 *certificate, EVP_PKEY *key,
                 const struct sockaddr *address, socklen_t n, const char *host);

/* Goes on as far as it can. To be called when the descriptor is ready. */
void sensor_step(struct sensor *s);

/* Publishes; it is ready and not busy. */
void sensor_publish(struct sensor *s, const char *topic, const char *payload);

/* DISCONNECT, and the end of the connection. */
void sensor_close(struct sensor *s);

#endif
