#include "link/mqtt_session.h"

#include "base/clock.h"
#include "base/msg.h"
#include "link/backoff.h"
#include "link/mqtt_message.h"
#include "link/mqtt_reason.h"
#include "link/mqtt_tls.h"
#include "link/tcp_close.h"
#include "link/tcp_probe.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* What the library's threads reported since the last step. */
struct news {
	bool connected, refused, subscribed, lost;
	bool last;   /* no further message is wanted */
	bool held;   /* a message that is not wanted holds up the library; see refuse_message() */
	bool closed; /* DISCONNECT is sent */
	bool subscribing;     /* with connected: the answer to a subscription is to come */
	int code;	      /* with refused: of CONNACK, or negative: no CONNACK */
	int disconnect;	      /* with lost: the reason code of the broker's DISCONNECT, -1: none */
	bool session_present; /* with connected */
	struct mqtt_limits limits;
};

struct session {
	struct mqtt_session public; /* first: the two are one object */
	struct mqtt_config config;
	const struct mqtt_options *options;
	struct mqtt_tls tls;
	struct backoff backoff;
	char *url; /* for messages and the library; without user name */
	int wake;  /* eventfd */

	MQTTAsync client;
	bool broken;	       /* a write failed under a publication; see mqtt_session.h */
	bool renew;	       /* the next connection needs a new handle */
	bool disconnecting;    /* DISCONNECT is queued */
	bool resumed;	       /* the broker had the session */
	bool subscribed;       /* the broker answered the subscriptions; of the receive thread */
	int64_t connected_at;  /* clock_monotonic() */
	struct buf properties; /* of the receive thread */
	struct mqtt_outgoing outgoing;

	pthread_mutex_t mutex;
	struct news news;
	int *granted; /* with news.subscribed: reason codes, one a filter */
};

static struct session *private_of(struct mqtt_session *s)
{
	return (struct session *)s;
}

static bool is_publisher(const struct session *s)
{
	return s->config.filter_count == 0;
}

/* ---- callbacks of the library, in its threads ---- */

static void wake(const struct session *s)
{
	const uint64_t one = 1;

	/* A counter that is full wakes just as well. */
	if (write(s->wake, &one, sizeof(one)) < 0 && errno != EAGAIN)
		msg_warn("cannot wake the main thread: %s", strerror(errno));
}

/* The caller changes s->news between these two. */
static void news_begin(struct session *s)
{
	pthread_mutex_lock(&s->mutex);
}

static void news_end(struct session *s)
{
	pthread_mutex_unlock(&s->mutex);
	wake(s);
}

static unsigned limit(MQTTProperties *from, enum MQTTPropertyCodes code, unsigned otherwise)
{
	MQTTProperty *p = MQTTProperties_getProperty(from, code);

	if (!p)
		return otherwise;
	switch (MQTTProperty_getType(code)) {
	case MQTTPROPERTY_TYPE_BYTE:
		return p->value.byte;
	case MQTTPROPERTY_TYPE_TWO_BYTE_INTEGER:
		return p->value.integer2;
	default:
		return p->value.integer4;
	}
}

/* With one filter the library gives its code in reasonCode, with more in an array. */
static void on_subscribed(void *context, MQTTAsync_successData5 *data)
{
	struct session *s = context;

	news_begin(s);
	s->news.subscribed = s->subscribed = true;
	for (int i = 0; i < s->config.filter_count; i++) {
		s->granted[i] = MQTT_REASON_FAILURE;
		if (s->config.filter_count == 1)
			s->granted[i] = (int)data->reasonCode;
		else if (i < data->alt.sub.reasonCodeCount)
			s->granted[i] = (int)data->alt.sub.reasonCodes[i];
	}
	news_end(s);
}

static void on_not_subscribed(void *context, MQTTAsync_failureData5 *data)
{
	struct session *s = context;

	/* Without a reason code it is the end of the connection, which is reported as such. */
	if ((int)data->reasonCode < MQTT_REASON_FAILURE)
		return;
	news_begin(s);
	s->news.subscribed = true;
	for (int i = 0; i < s->config.filter_count; i++)
		s->granted[i] = (int)data->reasonCode;
	news_end(s);
}

/*
 * Called in the receive thread: a resumed session may deliver at once, and the
 * library's lock would keep the main thread out for as long as a message waits
 * for room, which only the main thread can make.
 */
static void subscribe(struct session *s)
{
	MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
	int count = s->config.filter_count;
	MQTTSubscribe_options defaults = MQTTSubscribe_options_initializer;
	MQTTSubscribe_options *each = calloc((size_t)count, sizeof(*each));
	int *qos = calloc((size_t)count, sizeof(*qos));
	int rc;

	if (!each || !qos)
		msg_die(EX_OSERR, "out of memory");
	for (int i = 0; i < count; i++) {
		each[i] = defaults;
		qos[i] = s->config.qos;
	}
	response.onSuccess5 = on_subscribed;
	response.onFailure5 = on_not_subscribed;
	response.context = s;
	response.subscribeOptions = defaults;
	if (count > 1) {
		response.subscribeOptionsCount = count;
		response.subscribeOptionsList = each;
	}
	rc = MQTTAsync_subscribeMany(s->client, count, s->config.filters, qos, &response);
	free(each);
	free(qos);
	if (rc != MQTTASYNC_SUCCESS)
		msg_die(EX_SOFTWARE, "cannot subscribe: %s", MQTTAsync_strerror(rc));
}

static void on_connected(void *context, MQTTAsync_successData5 *data)
{
	struct session *s = context;
	unsigned packet = limit(&data->properties, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, 0);
	bool present = data->alt.connect.sessionPresent;

	s->subscribed &= present;
	if (!is_publisher(s) && !s->subscribed)
		subscribe(s);
	news_begin(s);
	s->news.connected = true;
	s->news.session_present = present;
	s->news.subscribing = !is_publisher(s) && !s->subscribed;
	s->news.limits = (struct mqtt_limits){
	    .receive_maximum = limit(&data->properties, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, 65535),
	    .packet_size = packet ? packet : SIZE_MAX,
	    .qos = limit(&data->properties, MQTTPROPERTY_CODE_MAXIMUM_QOS, 2),
	    .retain = limit(&data->properties, MQTTPROPERTY_CODE_RETAIN_AVAILABLE, 1),
	};
	news_end(s);
}

static void on_refused(void *context, MQTTAsync_failureData5 *data)
{
	struct session *s = context;

	news_begin(s);
	s->news.refused = true;
	s->news.code = data->code;
	news_end(s);
}

static void on_lost(void *context, char *cause)
{
	struct session *s = context;

	(void)cause; /* the library never gives one */
	news_begin(s);
	s->news.lost = true;
	s->news.disconnect = -1;
	news_end(s);
}

static void on_server_disconnect(void *context, MQTTProperties *properties,
				 enum MQTTReasonCodes reason)
{
	struct session *s = context;

	(void)properties;
	news_begin(s);
	s->news.lost = true;
	s->news.disconnect = (int)reason;
	news_end(s);
}

static void on_disconnected(void *context, MQTTAsync_successData5 *data)
{
	struct session *s = context;

	(void)data;
	news_begin(s);
	s->news.closed = true;
	news_end(s);
}

/*
 * A message came after the last one that is wanted. Once this callback returned the library would
 * acknowledge it; so for a session that lives on it never returns: the broker delivers it to the
 * next process. The main thread ends the connection. A session that ends with this process has no
 * next.
 */
static void refuse_message(struct session *s)
{
	if (!s->config.keep)
		return;
	news_begin(s);
	s->news.held = true;
	news_end(s);
	for (;;)
		pause();
}

/* The return value 1 says that the message was freed here; 0 would queue it without bound. */
static int on_message(void *context, char *topic, int topic_len, MQTTAsync_message *from)
{
	struct session *s = context;
	int64_t received = clock_now();
	struct message m;

	mqtt_message_arrived(topic, topic_len, from, &s->properties, &m);
	m.received = received;
	switch (s->config.handler.message(s->config.handler.context, &m)) {
	case MQTT_TAKEN:
		break;
	case MQTT_LAST:
		news_begin(s);
		s->news.last = true;
		news_end(s);
		break;
	case MQTT_NOT_TAKEN:
		refuse_message(s);
		break;
	}
	MQTTAsync_freeMessage(&from);
	MQTTAsync_free(topic);
	return 1;
}

static void on_settled(void *context, MQTTAsync_successData5 *data)
{
	struct mqtt_delivery *delivery = context;
	const struct session *s = private_of(delivery->session);

	s->config.handler.settled(s->config.handler.context, delivery, (int)data->reasonCode);
}

static void on_not_settled(void *context, MQTTAsync_failureData5 *data)
{
	struct mqtt_delivery *delivery = context;
	struct session *s = private_of(delivery->session);

	/* The reason code is set only where the broker gave one. */
	if (data->code == MQTTASYNC_SUCCESS) {
		s->config.handler.settled(s->config.handler.context, delivery,
					  (int)data->reasonCode);
	} else if (data->code == MQTTASYNC_FAILURE) {
		/* The write failed; the loss of the connection follows. */
		news_begin(s);
		s->broken = true;
		news_end(s);
	}
}

/* ---- making ---- */

static void make_client(struct session *s)
{
	MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer5;
	int rc;

	/* The caller bounds what is under way; the library must not drop any of it. */
	options.maxBufferedMessages = INT32_MAX;
	options.deleteOldestMessages = 0;
	options.sendWhileDisconnected = 0;
	rc = MQTTAsync_createWithOptions(&s->client, s->url, s->options->client_id,
					 MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
	if (rc != MQTTASYNC_SUCCESS)
		msg_die(EX_SOFTWARE, "cannot make an MQTT client for '%s': %s", s->url,
			MQTTAsync_strerror(rc));
	MQTTAsync_setCallbacks(s->client, s, on_lost, on_message, NULL);
	MQTTAsync_setDisconnected(s->client, s, on_server_disconnect);
	s->broken = false;
}

/* The old handle is freed where that is safe; see mqtt_session.h. The new one comes first, because
 * the library stops its threads, for seconds, when its last handle goes. */
static void renew_client(struct session *s)
{
	MQTTAsync old = s->client;
	bool broken;

	pthread_mutex_lock(&s->mutex);
	broken = s->broken;
	pthread_mutex_unlock(&s->mutex);
	make_client(s);
	if (!broken)
		MQTTAsync_destroy(&old);
	s->renew = false;
}

static char *make_url(const struct mqtt_options *o)
{
	struct buf url = {0};
	bool v6 = strchr(o->host, ':');

	buf_printf(&url, "%s://%s%s%s:%u", o->tls ? "mqtts" : "mqtt", v6 ? "[" : "", o->host,
		   v6 ? "]" : "", o->port);
	buf_putc(&url, '\0');
	return url.ptr;
}

struct mqtt_session *mqtt_session_new(const struct mqtt_config *config)
{
	struct session *s = calloc(1, sizeof(*s));

	if (!s)
		msg_die(EX_OSERR, "out of memory");
	s->config = *config;
	s->options = config->options;
	s->public.state = MQTT_WAITING;
	s->url = make_url(s->options);
	s->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	s->granted = calloc((size_t)config->filter_count + 1, sizeof(*s->granted));
	if (s->wake < 0 || !s->granted)
		msg_die(EX_OSERR, "cannot make a session: %s", strerror(errno));
	pthread_mutex_init(&s->mutex, NULL);
	/* The library would go through an HTTP proxy, even without TLS (#1344). */
	unsetenv("http_proxy");
	unsetenv("https_proxy");
	if (s->options->tls)
		mqtt_tls_init(&s->tls, s->options);
	make_client(s);
	return &s->public;
}

int mqtt_session_fd(const struct mqtt_session *s)
{
	return ((const struct session *)s)->wake;
}

void mqtt_session_wake(struct mqtt_session *s)
{
	wake(private_of(s));
}

/* ---- connecting ---- */

static void add_number(MQTTProperties *to, enum MQTTPropertyCodes code, uint32_t value)
{
	MQTTProperty p = {.identifier = code};

	if (MQTTProperty_getType(code) == MQTTPROPERTY_TYPE_TWO_BYTE_INTEGER)
		p.value.integer2 = (unsigned short)value;
	else
		p.value.integer4 = value;
	MQTTProperties_add(to, &p);
}

/* A publisher's session has to outlive its connection by a second, else the library takes its
 * messages apart on a loss (see mqtt_session.h). */
static void add_connect_properties(const struct session *s, MQTTProperties *to)
{
	const struct mqtt_config *c = &s->config;

	add_number(to, MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL, is_publisher(s) ? 1 : c->expiry);
	if (is_publisher(s))
		return;
	add_number(to, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, c->receive_maximum);
	add_number(to, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, c->max_packet);
}

static void fill_tls(struct session *s, MQTTAsync_SSLOptions *ssl, struct buf *key_password,
		     struct buf *alpn)
{
	const struct mqtt_options *o = s->options;

	ssl->trustStore = o->cafile;
	ssl->CApath = o->capath;
	ssl->keyStore = o->cert;
	ssl->privateKey = o->key;
	ssl->enableServerCertAuth = 1;
	ssl->verify = 1; /* the host name */
	ssl->ssl_error_cb = mqtt_tls_on_error;
	ssl->ssl_error_context = &s->tls;
	if (o->key_password.len) {
		buf_append_slice(key_password, buf_slice(&o->key_password));
		ssl->privateKeyPassword = buf_string(key_password);
	}
	if (o->alpn) {
		/* One name after its length, RFC 7301; the library copies it as a string. */
		buf_putc(alpn, (char)strlen(o->alpn));
		buf_append_string(alpn, o->alpn);
		ssl->protos = (const unsigned char *)buf_string(alpn);
		ssl->protos_len = (unsigned)alpn->len;
	}
}

/* The library's threads start with the first connection; signals are for the main thread. */
static int connect_without_signals(MQTTAsync client, const MQTTAsync_connectOptions *options)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = MQTTAsync_connect(client, options);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

static void connect_now(struct session *s)
{
	MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer5;
	MQTTAsync_SSLOptions ssl = MQTTAsync_SSLOptions_initializer;
	MQTTProperties properties = MQTTProperties_initializer;
	struct buf key_password = {0}, alpn = {0};
	const struct mqtt_options *o = s->options;
	int rc;

	if (s->renew)
		renew_client(s);
	options.keepAliveInterval = (int)o->keep_alive;
	options.connectTimeout = MQTT_CONNECT_TIMEOUT;
	/* A session that is not kept starts anew with the process, not with every connection. */
	options.cleanstart = is_publisher(s) || (!s->config.keep && s->public.connections == 0);
	options.username = o->username;
	options.binarypwd.data = o->password.ptr;
	options.binarypwd.len = (int)o->password.len;
	options.onSuccess5 = on_connected;
	options.onFailure5 = on_refused;
	options.context = s;
	add_connect_properties(s, &properties);
	options.connectProperties = &properties;
	if (o->tls) {
		mqtt_tls_begin(&s->tls);
		fill_tls(s, &ssl, &key_password, &alpn);
		options.ssl = &ssl;
	}
	rc = connect_without_signals(s->client, &options);
	MQTTProperties_free(&properties);
	if (key_password.ptr)
		explicit_bzero(key_password.ptr, key_password.cap);
	buf_free(&key_password);
	buf_free(&alpn);
	if (rc != MQTTASYNC_SUCCESS)
		msg_die(EX_SOFTWARE, "cannot connect to '%s': %s", s->url, MQTTAsync_strerror(rc));
	s->public.state = MQTT_CONNECTING;
	s->public.deadline = INT64_MAX; /* the library keeps MQTT_CONNECT_TIMEOUT */
}

/* ---- the steps ---- */

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

	if (s->options->tls)
		refused = mqtt_tls_reason(&s->tls, why);
	if (!why[0])
		tcp_probe(s->options->host, s->options->port, why, sizeof(why));
	if (!why[0])
		snprintf(why, sizeof(why), "the broker ended the connection before it was made%s",
			 s->options->tls && !s->options->cert
			     ? " (it may want a certificate, --cert)"
			     : "");
	snprintf(text, sizeof(text), "cannot connect to '%s': %s", s->url, why);
	if (refused || (!s->options->retry && s->public.connections == 0))
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
		 s->url, s->options->client_id, mqtt_reason_text(code), (unsigned)code);
	if (mqtt_reason_is_denied(code))
		fail(s, EX_NOPERM, "%s", text);
	else if (!mqtt_reason_is_transient(code) ||
		 (!s->options->retry && s->public.connections == 0))
		fail(s, EX_UNAVAILABLE, "%s", text);
	else
		wait_for_next(s, text);
}

/* Connected, and for a subscriber: all subscriptions are granted. */
static void step_ready(struct session *s)
{
	bool again = s->public.connections > 1;

	if (is_publisher(s))
		msg_info("connected%s to '%s' as client '%s'", again ? " again" : "", s->url,
			 s->options->client_id);
	else
		msg_info("connected%s to '%s' as client '%s' and subscribed, %s",
			 again ? " again" : "", s->url, s->options->client_id,
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
	msg_warn("'%s' has no session of client '%s' any more: messages may be lost", s->url,
		 s->options->client_id);
}

static void step_connected(struct session *s, const struct news *news)
{
	if (s->public.connections > 0)
		s->public.reconnects++;
	s->public.connections++;
	s->public.limits = news->limits;
	s->connected_at = clock_monotonic();
	s->resumed = news->session_present;
	step_session(s);
	if (!news->subscribing) {
		step_ready(s);
		return;
	}
	s->public.state = MQTT_SUBSCRIBING;
	s->public.deadline = clock_monotonic() + MQTT_ANSWER_WAIT;
}

static void step_subscribed(struct session *s)
{
	for (int i = 0; i < s->config.filter_count; i++) {
		int code = s->granted[i];

		if (code >= MQTT_REASON_FAILURE) {
			fail(s, mqtt_reason_is_denied(code) ? EX_NOPERM : EX_UNAVAILABLE,
			     "'%s' refuses the subscription to '%s': %s (0x%02x)", s->url,
			     s->config.filters[i], mqtt_reason_text(code), (unsigned)code);
			return;
		}
		if (code < s->config.qos)
			msg_warn("'%s' grants '%s' only QoS %d", s->url, s->config.filters[i],
				 code);
	}
	step_ready(s);
}

static void step_lost(struct session *s, int code)
{
	char text[MSG_MAX];

	s->renew = is_publisher(s);
	if (clock_monotonic() - s->connected_at >= MQTT_STEADY)
		backoff_reset(&s->backoff);
	if (code < 0) {
		snprintf(text, sizeof(text), "the connection to '%s' is lost", s->url);
		wait_for_next(s, text);
		return;
	}
	snprintf(text, sizeof(text), "'%s' ended the connection of client '%s': %s (0x%02x)",
		 s->url, s->options->client_id, mqtt_reason_text(code), (unsigned)code);
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

static struct news take_news(struct session *s)
{
	struct news news;
	uint64_t count;

	if (read(s->wake, &count, sizeof(count)) < 0 && errno != EAGAIN)
		msg_die(EX_OSERR, "eventfd: %s", strerror(errno));
	pthread_mutex_lock(&s->mutex);
	news = s->news;
	s->news = (struct news){0};
	pthread_mutex_unlock(&s->mutex);
	return news;
}

/*
 * Queues a DISCONNECT. False: there is no connection to end. This takes none of the locks that a
 * callback may hold for long.
 */
static bool begin_disconnect(struct session *s)
{
	MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer5;
	MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL};
	int rc;

	options.onSuccess5 = on_disconnected;
	options.context = s;
	if (!s->config.keep)
		MQTTProperties_add(&options.properties, &expiry);
	rc = MQTTAsync_disconnect(s->client, &options);
	MQTTProperties_free(&options.properties);
	return rc == MQTTASYNC_SUCCESS;
}

/* A session that is kept: messages under way would be cut off by a DISCONNECT, and with them the
 * acknowledgements; so it is first seen whether any come. */
static void begin_closing(struct session *s)
{
	s->public.state = MQTT_CLOSING;
	s->disconnecting = false;
	s->public.deadline = clock_monotonic() + (s->config.keep ? MQTT_QUIET : 0);
}

/* While closing only the end counts, however it comes. */
static void step_closing(struct session *s, const struct news *news)
{
	if (news->held)
		tcp_close_gently(s->options->port, MQTT_CLOSE_WAIT);
	if (news->held || news->closed || news->lost) {
		s->public.state = MQTT_CLOSED;
	} else if (clock_monotonic() >= s->public.deadline) {
		if (s->disconnecting || !begin_disconnect(s))
			s->public.state = MQTT_CLOSED;
		s->disconnecting = true;
		s->public.deadline = clock_monotonic() + MQTT_CLOSE_WAIT;
	}
}

enum mqtt_state mqtt_session_step(struct mqtt_session *public)
{
	struct session *s = private_of(public);
	struct news news = take_news(s);

	if (news.last && public->state != MQTT_CLOSING)
		begin_closing(s);
	if (public->state == MQTT_CLOSING) {
		step_closing(s, &news);
		return public->state;
	}
	if (public->state == MQTT_CLOSED || public->state == MQTT_FAILED)
		return public->state;
	if (news.refused)
		step_refused(s, news.code);
	if (news.connected)
		step_connected(s, &news);
	if (news.subscribed && public->state == MQTT_SUBSCRIBING)
		step_subscribed(s);
	if (news.lost && public->state != MQTT_FAILED)
		step_lost(s, news.disconnect);
	if (clock_monotonic() >= public->deadline) {
		if (public->state == MQTT_WAITING)
			connect_now(s);
		else if (public->state == MQTT_SUBSCRIBING)
			fail(s, EX_UNAVAILABLE, "'%s' does not answer the subscription", s->url);
	}
	return public->state;
}

const char *mqtt_session_publish(struct mqtt_session *public, const struct message *m,
				 struct mqtt_delivery *delivery)
{
	struct session *s = private_of(public);
	MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
	const char *fault = mqtt_message_prepare(&s->outgoing, m);
	int rc;

	if (fault)
		return fault;
	if (s->outgoing.packet_size > public->limits.packet_size)
		return "the message is larger than the broker takes (Maximum Packet Size)";
	if (m->qos > public->limits.qos)
		return "the broker does not take messages of this QoS (Maximum QoS)";
	if (m->retained && !public->limits.retain)
		return "the broker does not retain messages (Retain Available)";
	delivery->session = public;
	response.onSuccess5 = on_settled;
	response.onFailure5 = on_not_settled;
	response.context = delivery;
	rc = MQTTAsync_sendMessage(s->client, s->outgoing.topic, &s->outgoing.message, &response);
	if (rc == MQTTASYNC_BAD_UTF8_STRING)
		return "the topic holds characters that MQTT forbids";
	if (rc != MQTTASYNC_SUCCESS && rc != MQTTASYNC_DISCONNECTED)
		msg_die(EX_SOFTWARE, "cannot publish: %s", MQTTAsync_strerror(rc));
	return NULL;
}

void mqtt_session_close(struct mqtt_session *public)
{
	struct session *s = private_of(public);

	if (public->state == MQTT_CLOSING || public->state == MQTT_CLOSED)
		return;
	begin_closing(s);
	if (!begin_disconnect(s))
	public->state = MQTT_CLOSED;
}
