#include "link/mqtt_session.h"

#include "base/clock.h"
#include "base/msg.h"
#include "link/backoff.h"
#include "link/mqtt_client.h"
#include "link/mqtt_reason.h"
#include "link/tcp_close.h"
#include "link/tcp_probe.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct session {
	struct mqtt_session public; /* first: the two are one object */
	struct mqtt_client client;
	struct mqtt_outgoing outgoing;
	struct backoff backoff;
	int64_t connected_at; /* clock_monotonic() */
	bool renew;           /* the next connection needs a new handle */
	bool resumed;         /* the broker had the session */
	uint64_t arrived;     /* messages, when the waiting for an answer began */
	/* In MQTT_LEAVING: */
	bool asked;       /* an UNSUBACK is to come */
	bool answered;    /* one came, on this connection */
	uint64_t by_then; /* messages that had arrived then */
	/* In MQTT_CLOSING: */
	bool connected, ending; /* there was a connection; its end is under way */
	int64_t close_by;       /* clock_monotonic(): it is begun at the latest */
};

static struct session *private_of(struct mqtt_session *session)
{
	return (struct session *)session;
}

static bool is_publisher(const struct session *s)
{
	return s->client.config.filter_count == 0;
}

struct mqtt_session *mqtt_session_new(const struct mqtt_config *config)
{
	struct session *s = calloc(1, sizeof(*s));

	if (!s)
		msg_die(EX_OSERR, "out of memory");
	s->public.state = MQTT_WAITING;
	mqtt_client_init(&s->client, config);
	return &s->public;
}

int mqtt_session_fd(const struct mqtt_session *session)
{
	return ((const struct session *)session)->client.wake;
}

void mqtt_session_wake(struct mqtt_session *session)
{
	mqtt_client_wake(&private_of(session)->client);
}

/* ---- connecting ---- */

__attribute__((format(printf, 3, 4))) static void fail(struct session *s, int status,
                                                       const char *format, ...)
{
	char text[MSG_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	msg_warn("%s", text);
	s->public.status = status;
	s->public.state = MQTT_FAILED;
}

static void wait_for_next(struct session *s, const char *why)
{
	int64_t wait = backoff_next(&s->backoff);

	msg_warn("%s; trying again in %.1f s", why, (double)wait / CLOCK_SECOND);
	s->public.state = MQTT_WAITING;
	s->public.deadline = clock_monotonic() + wait;
}

/* No CONNACK came: TLS knows why, or the kernel, or nobody. */
static void step_unreachable(struct session *s)
{
	char why[MQTT_TLS_REASON_MAX] = "", text[MSG_MAX];
	bool refused = false;

	if (s->client.options->tls)
		refused = mqtt_tls_reason(&s->client.tls, why);
	if (!why[0])
		tcp_probe(s->client.options->host, s->client.options->port, why, sizeof(why));
	if (!why[0])
		snprintf(why, sizeof(why), "the broker ended the connection before it was made%s",
		         s->client.options->tls && !s->client.options->cert
		             ? " (it may want a certificate, --cert)"
		             : "");
	snprintf(text, sizeof(text), "cannot connect to '%s': %s", s->client.url, why);
	if (refused || (!s->client.options->retry && s->public.connections == 0))
		fail(s, EX_UNAVAILABLE, "%s", text);
	else
		wait_for_next(s, text);
}

static void step_refused(struct session *s, int code)
{
	char text[MSG_MAX];

	if (code <= 0) {
		step_unreachable(s);
		return;
	}
	snprintf(text, sizeof(text), "'%s' refuses the connection of client '%s': %s (0x%02x)",
	         s->client.url, s->client.options->client_id, mqtt_reason_text(code),
	         (unsigned)code);
	if (mqtt_reason_is_denied(code))
		fail(s, EX_NOPERM, "%s", text);
	else if (!mqtt_reason_is_transient(code) ||
	         (!s->client.options->retry && s->public.connections == 0))
		fail(s, EX_UNAVAILABLE, "%s", text);
	else
		wait_for_next(s, text);
}

/* Connected, and for a subscriber: all subscriptions are granted. */
static void step_ready(struct session *s)
{
	bool again = s->public.connections > 1;

	if (is_publisher(s))
		msg_info("connected%s to '%s' as client '%s'", again ? " again" : "", s->client.url,
		         s->client.options->client_id);
	else
		msg_info("connected%s to '%s' as client '%s' and subscribed, %s",
		         again ? " again" : "", s->client.url, s->client.options->client_id,
		         s->resumed ? "session resumed" : "new session");
	s->public.state = MQTT_READY;
	s->public.deadline = INT64_MAX;
}

/* A session that should be there and is not: what the broker held for it is gone. */
static void step_session(struct session *s)
{
	if (s->resumed || s->public.connections == 1 || is_publisher(s))
		return;
	s->public.session_losses++;
	msg_warn("'%s' has no session of client '%s' any more: messages may be lost", s->client.url,
	         s->client.options->client_id);
}

/* A session that is resumed may deliver for long before the answer comes: while the handler takes
 * its time over messages that are there already, the library's sending thread seldom gets a turn.
 */
static void await_answer(struct session *s, enum mqtt_state state)
{
	s->arrived = atomic_load(&s->client.arrived);
	s->public.state = state;
	s->public.deadline = clock_monotonic() + MQTT_ANSWER_WAIT;
}

static void step_unanswered(struct session *s)
{
	if (atomic_load(&s->client.arrived) != s->arrived)
		await_answer(s, s->public.state);
	else
		fail(s, EX_UNAVAILABLE, "'%s' does not answer the %s", s->client.url,
		     s->public.state == MQTT_LEAVING ? "end of the subscription" : "subscription");
}

/* ---- leaving ---- */

static void ask_to_unsubscribe(struct session *s)
{
	mqtt_client_unsubscribe(&s->client);
	s->asked = true;
	await_answer(s, MQTT_LEAVING);
}

static void begin_leaving(struct session *s)
{
	msg_info("client '%s' leaves '%s': what is in its session is taken",
	         s->client.options->client_id, s->client.url);
	s->answered = false;
	ask_to_unsubscribe(s);
}

/* That there was no such subscription is no failure. */
static bool is_released(struct session *s)
{
	for (int i = 0; i < s->client.config.filter_count; i++) {
		int code = s->client.granted[i];

		if (code < MQTT_REASON_FAILURE)
			continue;
		fail(s, mqtt_reason_is_denied(code) ? EX_NOPERM : EX_UNAVAILABLE,
		     "'%s' does not end the subscription to '%s': %s (0x%02x)", s->client.url,
		     s->client.config.filters[i], mqtt_reason_text(code), (unsigned)code);
		return false;
	}
	return true;
}

/* True: the session is empty, and may end. */
static bool step_unsubscribed(struct session *s)
{
	uint64_t arrived = atomic_load(&s->client.arrived);

	if (!s->asked || !is_released(s))
		return false;
	s->asked = false;
	s->public.left = s->answered && arrived == s->by_then;
	s->answered = true;
	s->by_then = arrived;
	s->public.deadline = clock_monotonic() + MQTT_LEAVE_QUIET;
	return s->public.left;
}

/* ---- connected, or not any more ---- */

static void step_connected(struct session *s, const struct mqtt_news *news)
{
	if (s->public.connections > 0)
		s->public.reconnects++;
	s->public.connections++;
	s->public.limits = news->limits;
	s->connected_at = clock_monotonic();
	s->resumed = news->session_present;
	step_session(s);
	if (atomic_load(&s->client.leaving))
		begin_leaving(s);
	else if (news->subscribing)
		await_answer(s, MQTT_SUBSCRIBING);
	else
		step_ready(s);
}

/* Whether the broker grants what was asked for. */
static bool is_granted(struct session *s)
{
	for (int i = 0; i < s->client.config.filter_count; i++) {
		int code = s->client.granted[i];

		if (code >= MQTT_REASON_FAILURE) {
			fail(s, mqtt_reason_is_denied(code) ? EX_NOPERM : EX_UNAVAILABLE,
			     "'%s' refuses the subscription to '%s': %s (0x%02x)", s->client.url,
			     s->client.config.filters[i], mqtt_reason_text(code), (unsigned)code);
			return false;
		}
		if (code < s->client.config.qos)
			msg_warn("'%s' grants '%s' only QoS %d", s->client.url,
			         s->client.config.filters[i], code);
	}
	return true;
}

/* The end of a connection that this side ended. */
static void step_resume(struct session *s)
{
	s->public.state = MQTT_WAITING;
	s->public.deadline = clock_monotonic();
}

static void step_lost(struct session *s, int code)
{
	char text[MSG_MAX];

	s->renew = is_publisher(s);
	if (clock_monotonic() - s->connected_at >= MQTT_STEADY)
		backoff_reset(&s->backoff);
	if (code < 0 && s->public.state == MQTT_PAUSED) {
		step_resume(s);
		return;
	}
	if (code < 0) {
		snprintf(text, sizeof(text), "the connection to '%s' is lost", s->client.url);
		wait_for_next(s, text);
		return;
	}
	snprintf(text, sizeof(text), "'%s' ended the connection of client '%s': %s (0x%02x)",
	         s->client.url, s->client.options->client_id, mqtt_reason_text(code),
	         (unsigned)code);
	if (mqtt_reason_is_denied(code))
		fail(s, EX_NOPERM, "%s", text);
	else if (mqtt_reason_is_transient(code))
		wait_for_next(s, text);
	else
		fail(s, EX_UNAVAILABLE, "%s%s", text,
		     code == MQTT_REASON_SESSION_TAKEN_OVER
		         ? "; another client uses this id: give each its own (-i)"
		         : "");
}

/*
 * The end of a session that is kept has to leave the broker time to read every
 * acknowledgement: what a successor's connection, or a reset, cuts off is
 * delivered again. The library closes the socket behind a DISCONNECT at once. So
 * only the sending side is closed, by us, and the broker's end is waited for.
 * Before that it is seen whether it still sends: messages, which are held (see
 * mqtt_client.c), or answers to acknowledgements of QoS 2, which the library
 * would answer in turn, and being unable to, close the socket.
 */
static int64_t quiet(const struct session *s)
{
	return s->client.config.qos == 2 ? MQTT_QUIET_QOS2 : MQTT_QUIET;
}

static bool is_connected(const struct session *s)
{
	return s->public.state == MQTT_READY || s->public.state == MQTT_SUBSCRIBING ||
	       s->public.state == MQTT_LEAVING;
}

/* The session outlives the end that is under way. */
static bool is_kept(const struct session *s)
{
	return s->client.config.keep && !s->public.left;
}

static void begin_closing(struct session *s)
{
	s->connected = is_connected(s);
	s->public.state = MQTT_CLOSING;
	s->ending = false;
	s->close_by = clock_monotonic() + MQTT_CLOSE_WAIT;
	s->public.deadline = clock_monotonic() + (is_kept(s) ? MQTT_QUIET : 0);
}

static bool is_still_sending(struct session *s)
{
	int64_t silence = tcp_silence(s->client.options->port);

	if (!is_kept(s) || silence >= quiet(s) || clock_monotonic() >= s->close_by)
		return false;
	s->public.deadline = clock_monotonic() + quiet(s) - silence;
	return true;
}

/* False: there is no connection to end. */
static bool end_connection(struct session *s)
{
	if (is_kept(s))
		return s->connected && tcp_close_sending(s->client.options->port);
	return mqtt_client_disconnect(&s->client);
}

/* While closing only the end counts, however it comes. */
static void step_closing(struct session *s, const struct mqtt_news *news)
{
	if (news->held)
		tcp_close_gently(s->client.options->port, MQTT_CLOSE_WAIT);
	if (news->held || news->closed || news->lost) {
		s->public.state = MQTT_CLOSED;
	} else if (clock_monotonic() >= s->public.deadline && (s->ending || !is_still_sending(s))) {
		if (s->ending || !end_connection(s))
			s->public.state = MQTT_CLOSED;
		s->ending = true;
		s->public.deadline = clock_monotonic() + MQTT_CLOSE_WAIT;
	}
	/* Where DISCONNECT found no connection, the session is still there, though empty. */
	if (s->public.state == MQTT_CLOSED && !news->closed)
		s->public.left = false;
}

/* A session that is not kept starts anew with the process, not with every connection. */
static void connect_now(struct session *s)
{
	if (s->renew)
		mqtt_client_renew(&s->client);
	s->renew = false;
	mqtt_client_connect(&s->client, is_publisher(s) ||
	                                    (!s->client.config.keep && s->public.connections == 0));
	s->public.state = MQTT_CONNECTING;
	s->public.deadline = INT64_MAX; /* the library keeps MQTT_CONNECT_TIMEOUT */
}

static void step_due(struct session *s)
{
	if (s->public.state == MQTT_WAITING)
		connect_now(s);
	else if (s->public.state == MQTT_LEAVING && !s->asked)
		ask_to_unsubscribe(s);
	else if (s->public.state == MQTT_SUBSCRIBING || s->public.state == MQTT_LEAVING)
		step_unanswered(s);
}

enum mqtt_state mqtt_session_step(struct mqtt_session *session)
{
	struct session *s = private_of(session);
	struct mqtt_news news = mqtt_client_news(&s->client);

	if (session->state == MQTT_CLOSED || session->state == MQTT_FAILED)
		return session->state;
	if ((news.last || news.held) && session->state != MQTT_CLOSING)
		begin_closing(s);
	if (session->state == MQTT_CLOSING) {
		step_closing(s, &news);
		return session->state;
	}
	if (news.refused)
		step_refused(s, news.code);
	if (news.connected)
		step_connected(s, &news);
	if (news.subscribed && is_granted(s) && session->state == MQTT_SUBSCRIBING)
		step_ready(s);
	if (news.lost && session->state != MQTT_FAILED)
		step_lost(s, news.disconnect);
	if (news.unsubscribed && session->state == MQTT_LEAVING && step_unsubscribed(s))
		begin_closing(s);
	if (clock_monotonic() >= session->deadline)
		step_due(s);
	return session->state;
}

const char *mqtt_session_publish(struct mqtt_session *session, const struct message *m,
                                 struct mqtt_delivery *delivery)
{
	struct session *s = private_of(session);
	const char *fault = mqtt_message_prepare(&s->outgoing, m);

	if (fault)
		return fault;
	if (s->outgoing.packet_size > session->limits.packet_size)
		return "the message is larger than the broker takes (Maximum Packet Size)";
	if (m->qos > session->limits.qos)
		return "the broker does not take messages of this QoS (Maximum QoS)";
	if (m->retained && !session->limits.retain)
		return "the broker does not retain messages (Retain Available)";
	return mqtt_client_publish(&s->client, &s->outgoing, delivery);
}

void mqtt_session_pause(struct mqtt_session *session)
{
	if (!is_connected(private_of(session)))
		return;
	tcp_close_sending(private_of(session)->client.options->port);
	session->state = MQTT_PAUSED;
	session->deadline = INT64_MAX; /* the library reports the loss */
}

void mqtt_session_leave(struct mqtt_session *session)
{
	struct session *s = private_of(session);

	atomic_store(&s->client.leaving, true);
	if (session->state == MQTT_READY || session->state == MQTT_SUBSCRIBING)
		begin_leaving(s);
}

void mqtt_session_close(struct mqtt_session *session)
{
	struct session *s = private_of(session);

	if (session->state == MQTT_CLOSING || session->state == MQTT_CLOSED)
		return;
	begin_closing(s);
}
