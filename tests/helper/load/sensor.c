#include "sensor.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The broker's max_keepalive bounds it further; a run is shorter, so no PINGREQ is sent. */
enum { KEEP_ALIVE = 3600 };

static void release(struct sensor *s, enum sensor_state state)
{
	SSL_free(s->ssl);
	close(s->fd);
	s->ssl = NULL;
	s->fd = -1;
	s->writable = false;
	s->state = state;
}

__attribute__((format(printf, 2, 3))) static void fail(struct sensor *s, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(s->why, sizeof(s->why), format, ap);
	va_end(ap);
	release(s, SENSOR_FAILED);
}

/* What a call of OpenSSL gave that did not succeed: 0 when it only has to wait, -1 when the sensor
 * failed. */
static int unfinished(struct sensor *s, int result, const char *what)
{
	int saved = errno;
	unsigned long code = ERR_peek_error();

	switch (SSL_get_error(s->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		return 0;
	case SSL_ERROR_WANT_WRITE:
		s->writable = true;
		return 0;
	case SSL_ERROR_ZERO_RETURN:
		fail(s, "%s: the broker ended the connection", what);
		return -1;
	default:
		fail(s, "%s: %s", what,
		     code    ? ERR_reason_error_string(code)
		     : saved ? strerror(saved)
		             : "the broker ended the connection");
		return -1;
	}
}

static void flush(struct sensor *s)
{
	int n;

	if (!s->out_len)
		return;
	ERR_clear_error();
	/* All of it, or nothing yet: a partial write is not asked for. */
	n = SSL_write(s->ssl, s->out, (int)s->out_len);
	if (n > 0)
		s->out_len = 0;
	else
		(void)unfinished(s, n, "writing");
}

static void take(struct sensor *s, const struct packet *p)
{
	bool failure = p->reason >= PACKET_FAILURE;

	if (p->type == PACKET_CONNACK && s->state == SENSOR_GREETING && !failure) {
		s->state = SENSOR_READY;
	} else if (p->type == PACKET_PUBACK && s->busy && p->id == s->id) {
		s->busy = false;
		if (failure)
			s->refused++;
		else
			s->acknowledged++;
	} else {
		fail(s, "the broker sent packet %u with reason 0x%02x", p->type, p->reason);
	}
}

/* Takes the packets that are there whole. */
static void take_all(struct sensor *s)
{
	struct packet p;
	int n;

	while (s->ssl && (n = packet_read(s->in, s->in_len, &p)) != 0) {
		if (n < 0) {
			fail(s, "the broker sent what is no answer");
			return;
		}
		s->in_len -= (size_t)n;
		memmove(s->in, s->in + n, s->in_len);
		take(s, &p);
	}
}

static void receive(struct sensor *s)
{
	while (s->ssl) {
		int n;

		ERR_clear_error();
		n = SSL_read(s->ssl, s->in + s->in_len, (int)(sizeof(s->in) - s->in_len));
		if (n <= 0) {
			(void)unfinished(s, n, "reading");
			return;
		}
		s->in_len += (size_t)n;
		take_all(s);
	}
}

static void connected(struct sensor *s)
{
	int error = 0;
	socklen_t n = sizeof(error);

	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0)
		error = errno;
	if (error)
		fail(s, "connecting: %s", strerror(error));
	else
		s->state = SENSOR_HANDSHAKE;
}

static void handshake(struct sensor *s)
{
	int n;

	ERR_clear_error();
	n = SSL_connect(s->ssl);
	if (n <= 0) {
		(void)unfinished(s, n, "handshake");
		return;
	}
	s->state = SENSOR_GREETING;
	s->out_len = packet_connect(s->out, s->name, KEEP_ALIVE);
}

void sensor_step(struct sensor *s)
{
	s->writable = false;
	if (s->state == SENSOR_CONNECTING)
		connected(s);
	if (s->state == SENSOR_HANDSHAKE)
		handshake(s);
	if (s->state != SENSOR_GREETING && s->state != SENSOR_READY)
		return;
	flush(s);
	receive(s);
}

void sensor_open(struct sensor *s, SSL_CTX *ctx, X509 *certificate, EVP_PKEY *key,
                 const struct sockaddr *address, socklen_t n, const char *host)
{
	const int on = 1;

	s->fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0) {
		fail(s, "socket: %s", strerror(errno));
		return;
	}
	(void)setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	s->ssl = SSL_new(ctx);
	if (!s->ssl || !SSL_set_fd(s->ssl, s->fd) || !SSL_use_certificate(s->ssl, certificate) ||
	    !SSL_use_PrivateKey(s->ssl, key) || !SSL_set1_host(s->ssl, host)) {
		fail(s, "TLS: %s", ERR_reason_error_string(ERR_get_error()));
		return;
	}
	if (connect(s->fd, address, n) < 0 && errno != EINPROGRESS) {
		fail(s, "connecting: %s", strerror(errno));
		return;
	}
	s->state = SENSOR_CONNECTING;
	s->writable = true;
}

void sensor_publish(struct sensor *s, const char *topic, const char *payload)
{
	s->id = (uint16_t)(s->id == UINT16_MAX ? 1 : s->id + 1);
	s->busy = true;
	s->out_len = packet_publish(s->out, topic, s->id, payload);
	flush(s);
}

void sensor_close(struct sensor *s)
{
	s->out_len = packet_disconnect(s->out);
	flush(s);
	if (!s->ssl)
		return;
	(void)SSL_shutdown(s->ssl);
	release(s, SENSOR_CLOSED);
}
