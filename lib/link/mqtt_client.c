#include "link/mqtt_client.h"

#include "base/clock.h"
#include "base/msg.h"
#include "link/mqtt_reason.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Retain Handling of a subscription (MQTT 5, 3.8.3.1). */
enum { RETAIN_ALWAYS = 0, RETAIN_IF_NEW = 1 };

static bool is_publisher(const struct mqtt_client *c)
{
	return c->config.filter_count == 0;
}

/* ---- callbacks of the library, in its threads ---- */

void mqtt_client_wake(const struct mqtt_client *c)
{
	const uint64_t one = 1;

	/* A counter that is full wakes just as well. */
	if (write(c->wake, &one, sizeof(one)) < 0 && errno != EAGAIN)
		msg_warn("cannot wake the main thread: %s", strerror(errno));
}

/* The caller changes c->news between these two. */
static void news_begin(struct mqtt_client *c)
{
	pthread_mutex_lock(&c->mutex);
}

static void news_end(struct mqtt_client *c)
{
	pthread_mutex_unlock(&c->mutex);
	mqtt_client_wake(c);
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
static void take_codes(struct mqtt_client *c, enum MQTTReasonCodes lone,
                       const enum MQTTReasonCodes *codes, int count)
{
	for (int i = 0; i < c->config.filter_count; i++) {
		c->granted[i] = MQTT_REASON_FAILURE;
		if (c->config.filter_count == 1)
			c->granted[i] = (int)lone;
		else if (i < count)
			c->granted[i] = (int)codes[i];
	}
}

static void take_code(struct mqtt_client *c, enum MQTTReasonCodes code)
{
	for (int i = 0; i < c->config.filter_count; i++)
		c->granted[i] = (int)code;
}

static void on_subscribed(void *context, MQTTAsync_successData5 *data)
{
	struct mqtt_client *c = context;

	news_begin(c);
	c->news.subscribed = c->subscribed = true;
	take_codes(c, data->reasonCode, data->alt.sub.reasonCodes, data->alt.sub.reasonCodeCount);
	news_end(c);
}

static void on_not_subscribed(void *context, MQTTAsync_failureData5 *data)
{
	struct mqtt_client *c = context;

	/* Without a reason code it is the end of the connection, which is reported as such. */
	if ((int)data->reasonCode < MQTT_REASON_FAILURE)
		return;
	news_begin(c);
	c->news.subscribed = true;
	take_code(c, data->reasonCode);
	news_end(c);
}

static void on_unsubscribed(void *context, MQTTAsync_successData5 *data)
{
	struct mqtt_client *c = context;

	news_begin(c);
	c->news.unsubscribed = true;
	take_codes(c, data->reasonCode, data->alt.unsub.reasonCodes,
	           data->alt.unsub.reasonCodeCount);
	news_end(c);
}

static void on_not_unsubscribed(void *context, MQTTAsync_failureData5 *data)
{
	struct mqtt_client *c = context;

	if ((int)data->reasonCode < MQTT_REASON_FAILURE)
		return;
	news_begin(c);
	c->news.unsubscribed = true;
	take_code(c, data->reasonCode);
	news_end(c);
}

/*
 * Called in the receive thread: a resumed session may deliver at once, and the
 * library's lock would keep the main thread out for as long as a message waits
 * for room, which only the main thread can make.
 *
 * A session that is resumed should have its subscriptions, but mosquitto (2.0) does not save the
 * shared ones: after its restart nothing would come any more. So they are asked for again; retained
 * messages come again only where the broker had lost the subscription.
 */
static void subscribe(struct mqtt_client *c)
{
	MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
	int count = c->config.filter_count;
	MQTTSubscribe_options defaults = MQTTSubscribe_options_initializer;
	MQTTSubscribe_options *each = calloc((size_t)count, sizeof(*each));
	int *qos = calloc((size_t)count, sizeof(*qos));
	int rc;

	defaults.retainHandling = c->subscribed ? RETAIN_IF_NEW : RETAIN_ALWAYS;
	if (!each || !qos)
		msg_die(EX_OSERR, "out of memory");
	for (int i = 0; i < count; i++) {
		each[i] = defaults;
		qos[i] = c->config.qos;
	}
	response.onSuccess5 = on_subscribed;
	response.onFailure5 = on_not_subscribed;
	response.context = c;
	response.subscribeOptions = defaults;
	if (count > 1) {
		response.subscribeOptionsCount = count;
		response.subscribeOptionsList = each;
	}
	rc = MQTTAsync_subscribeMany(c->handle, count, c->config.filters, qos, &response);
	free(each);
	free(qos);
	if (rc != MQTTASYNC_SUCCESS)
		msg_die(EX_SOFTWARE, "cannot subscribe: %s", MQTTAsync_strerror(rc));
}

static void on_connected(void *context, MQTTAsync_successData5 *data)
{
	struct mqtt_client *c = context;
	unsigned packet = limit(&data->properties, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, 0);
	bool present = data->alt.connect.sessionPresent, subscribing;

	c->subscribed &= present;
	subscribing = !is_publisher(c) && !atomic_load(&c->leaving);
	if (subscribing)
		subscribe(c);
	news_begin(c);
	c->news.connected = true;
	c->news.session_present = present;
	c->news.subscribing = subscribing;
	c->news.limits = (struct mqtt_limits){
	    .receive_maximum = limit(&data->properties, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, 65535),
	    .packet_size = packet ? packet : SIZE_MAX,
	    .qos = limit(&data->properties, MQTTPROPERTY_CODE_MAXIMUM_QOS, 2),
	    .retain = limit(&data->properties, MQTTPROPERTY_CODE_RETAIN_AVAILABLE, 1),
	};
	news_end(c);
}

static void on_refused(void *context, MQTTAsync_failureData5 *data)
{
	struct mqtt_client *c = context;

	news_begin(c);
	c->news.refused = true;
	c->news.code = data->code;
	news_end(c);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the library's type */
static void on_lost(void *context, char *cause)
{
	struct mqtt_client *c = context;

	(void)cause; /* the library never gives one */
	news_begin(c);
	c->news.lost = true;
	c->news.disconnect = -1;
	news_end(c);
}

static void on_server_disconnect(void *context, MQTTProperties *properties,
                                 enum MQTTReasonCodes reason)
{
	struct mqtt_client *c = context;

	(void)properties;
	news_begin(c);
	c->news.lost = true;
	c->news.disconnect = (int)reason;
	news_end(c);
}

static void on_disconnected(void *context, MQTTAsync_successData5 *data)
{
	struct mqtt_client *c = context;

	(void)data;
	news_begin(c);
	c->news.closed = true;
	news_end(c);
}

/*
 * Once this callback returned the library would acknowledge the message; so it never returns: the
 * broker delivers the message to the next process. The main thread ends the connection.
 */
static _Noreturn void hold_message(struct mqtt_client *c)
{
	news_begin(c);
	c->news.held = true;
	news_end(c);
	for (;;)
		pause();
}

/* The return value 1 says that the message was freed here; 0 would queue it without bound. */
static int on_message(void *context, char *topic, int topic_len, MQTTAsync_message *from)
{
	struct mqtt_client *c = context;
	int64_t received = clock_now();
	struct message m;

	atomic_fetch_add(&c->arrived, 1);
	mqtt_message_arrived(topic, topic_len, from, &c->properties, &m);
	m.received = received;
	switch (c->config.handler.message(c->config.handler.context, &m)) {
	case MQTT_TAKEN:
		break;
	case MQTT_LAST:
		news_begin(c);
		c->news.last = true;
		news_end(c);
		break;
	case MQTT_NOT_TAKEN:
		/* A session that ends with this process has no next one. */
		if (c->config.keep)
			hold_message(c);
		break;
	case MQTT_REFUSED:
		hold_message(c);
	}
	MQTTAsync_freeMessage(&from);
	MQTTAsync_free(topic);
	return 1;
}

static void on_settled(void *context, MQTTAsync_successData5 *data)
{
	struct mqtt_delivery *delivery = context;
	const struct mqtt_client *c = delivery->client;

	c->config.handler.settled(c->config.handler.context, delivery, (int)data->reasonCode);
}

static void on_not_settled(void *context, MQTTAsync_failureData5 *data)
{
	struct mqtt_delivery *delivery = context;
	struct mqtt_client *c = delivery->client;

	/* The reason code is set only where the broker gave one. */
	if (data->code == MQTTASYNC_SUCCESS) {
		c->config.handler.settled(c->config.handler.context, delivery,
		                          (int)data->reasonCode);
	} else if (data->code == MQTTASYNC_FAILURE) {
		/* The write failed; the loss of the connection follows. */
		news_begin(c);
		c->broken = true;
		news_end(c);
	}
}

/* ---- making ---- */

static void make_handle(struct mqtt_client *c)
{
	MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer5;
	int rc;

	/* The caller bounds what is under way; the library must not drop any of it. */
	options.maxBufferedMessages = INT32_MAX;
	options.deleteOldestMessages = 0;
	options.sendWhileDisconnected = 0;
	rc = MQTTAsync_createWithOptions(&c->handle, c->url, c->options->client_id,
	                                 MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
	if (rc != MQTTASYNC_SUCCESS)
		msg_die(EX_SOFTWARE, "cannot make an MQTT client for '%s': %s", c->url,
		        MQTTAsync_strerror(rc));
	MQTTAsync_setCallbacks(c->handle, c, on_lost, on_message, NULL);
	MQTTAsync_setDisconnected(c->handle, c, on_server_disconnect);
	c->broken = false;
}

/* The old handle is freed where that is safe; see mqtt_session.h. The new one comes first, because
 * the library stops its threads, for seconds, when its last handle goes. */
void mqtt_client_renew(struct mqtt_client *c)
{
	MQTTAsync old = c->handle;
	bool broken;

	pthread_mutex_lock(&c->mutex);
	broken = c->broken;
	pthread_mutex_unlock(&c->mutex);
	make_handle(c);
	if (!broken)
		MQTTAsync_destroy(&old);
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

void mqtt_client_init(struct mqtt_client *c, const struct mqtt_config *config)
{
	*c = (struct mqtt_client){
	    .config = *config,
	    .options = config->options,
	    .url = make_url(config->options),
	    .wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
	    .granted = calloc((size_t)config->filter_count + 1, sizeof(*c->granted)),
	    .mutex = PTHREAD_MUTEX_INITIALIZER,
	};
	if (c->wake < 0 || !c->granted)
		msg_die(EX_OSERR, "cannot make an MQTT client: %s", strerror(errno));
	/* The library would go through an HTTP proxy, even without TLS (#1344). */
	unsetenv("http_proxy");
	unsetenv("https_proxy");
	if (c->options->tls)
		mqtt_tls_init(&c->tls, c->options);
	make_handle(c);
}

struct mqtt_news mqtt_client_news(struct mqtt_client *c)
{
	struct mqtt_news news;
	uint64_t count;

	if (read(c->wake, &count, sizeof(count)) < 0 && errno != EAGAIN)
		msg_die(EX_OSERR, "eventfd: %s", strerror(errno));
	pthread_mutex_lock(&c->mutex);
	news = c->news;
	c->news = (struct mqtt_news){0};
	pthread_mutex_unlock(&c->mutex);
	return news;
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
static void add_connect_properties(const struct mqtt_client *c, MQTTProperties *to)
{
	const struct mqtt_config *config = &c->config;

	add_number(to, MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL,
	           is_publisher(c) ? 1 : config->expiry);
	if (is_publisher(c))
		return;
	add_number(to, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, config->receive_maximum);
	add_number(to, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, config->max_packet);
}

static void fill_tls(struct mqtt_client *c, MQTTAsync_SSLOptions *ssl, struct buf *key_password,
                     struct buf *alpn)
{
	const struct mqtt_options *o = c->options;

	ssl->trustStore = o->cafile;
	ssl->CApath = o->capath;
	ssl->keyStore = o->cert;
	ssl->privateKey = o->key;
	ssl->enableServerCertAuth = 1;
	ssl->verify = 1; /* the host name */
	ssl->ssl_error_cb = mqtt_tls_on_error;
	ssl->ssl_error_context = &c->tls;
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

/* Signals are for the main thread; a new thread takes over the mask of the one that starts it. */
static sigset_t block_signals(void)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	return before;
}

/* The library's threads start with the first connection. */
static int connect_without_signals(MQTTAsync client, const MQTTAsync_connectOptions *options)
{
	sigset_t before = block_signals();
	int rc = MQTTAsync_connect(client, options);

	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

void mqtt_client_connect(struct mqtt_client *c, bool clean_start)
{
	MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer5;
	MQTTAsync_SSLOptions ssl = MQTTAsync_SSLOptions_initializer;
	MQTTProperties properties = MQTTProperties_initializer;
	struct buf key_password = {0}, alpn = {0};
	const struct mqtt_options *o = c->options;
	int rc;

	options.keepAliveInterval = (int)o->keep_alive;
	options.connectTimeout = MQTT_CONNECT_TIMEOUT;
	options.cleanstart = clean_start;
	options.username = o->username;
	options.binarypwd.data = o->password.ptr;
	options.binarypwd.len = (int)o->password.len;
	options.onSuccess5 = on_connected;
	options.onFailure5 = on_refused;
	options.context = c;
	add_connect_properties(c, &properties);
	options.connectProperties = &properties;
	if (o->tls) {
		mqtt_tls_begin(&c->tls);
		fill_tls(c, &ssl, &key_password, &alpn);
		options.ssl = &ssl;
	}
	rc = connect_without_signals(c->handle, &options);
	MQTTProperties_free(&properties);
	if (key_password.ptr)
		explicit_bzero(key_password.ptr, key_password.cap);
	buf_free(&key_password);
	buf_free(&alpn);
	if (rc != MQTTASYNC_SUCCESS)
		msg_die(EX_SOFTWARE, "cannot connect to '%s': %s", c->url, MQTTAsync_strerror(rc));
}

/* ---- publishing and ending ---- */

const char *mqtt_client_publish(struct mqtt_client *c, const struct mqtt_outgoing *outgoing,
                                struct mqtt_delivery *delivery)
{
	MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
	int rc;

	delivery->client = c;
	response.onSuccess5 = on_settled;
	response.onFailure5 = on_not_settled;
	response.context = delivery;
	rc = MQTTAsync_sendMessage(c->handle, outgoing->topic, &outgoing->message, &response);
	if (rc == MQTTASYNC_BAD_UTF8_STRING)
		return "the topic holds characters that MQTT forbids";
	if (rc != MQTTASYNC_SUCCESS && rc != MQTTASYNC_DISCONNECTED)
		msg_die(EX_SOFTWARE, "cannot publish: %s", MQTTAsync_strerror(rc));
	return NULL;
}

/* A loss that is found here is reported as such. */
static void *unsubscribe(void *context)
{
	struct mqtt_client *c = context;
	MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
	int rc;

	response.onSuccess5 = on_unsubscribed;
	response.onFailure5 = on_not_unsubscribed;
	response.context = c;
	rc = MQTTAsync_unsubscribeMany(c->handle, c->config.filter_count, c->config.filters,
	                               &response);
	if (rc != MQTTASYNC_SUCCESS && rc != MQTTASYNC_DISCONNECTED)
		msg_die(EX_SOFTWARE, "cannot unsubscribe: %s", MQTTAsync_strerror(rc));
	return NULL;
}

void mqtt_client_unsubscribe(struct mqtt_client *c)
{
	sigset_t before;
	pthread_t thread;
	int error;

	before = block_signals();
	error = pthread_create(&thread, NULL, unsubscribe, c);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error)
		msg_die(EX_OSERR, "cannot start a thread: %s", strerror(error));
	pthread_detach(thread);
}

bool mqtt_client_disconnect(struct mqtt_client *c)
{
	MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer5;
	MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL};
	int rc;

	options.onSuccess5 = on_disconnected;
	options.context = c;
	MQTTProperties_add(&options.properties, &expiry);
	rc = MQTTAsync_disconnect(c->handle, &options);
	MQTTProperties_free(&options.properties);
	return rc == MQTTASYNC_SUCCESS;
}
