#include "link/mqtt_options.h"

#include "base/msg.h"
#include "base/opt.h"
#include "text/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { PORT_PLAIN = 1883, PORT_TLS = 8883, TOPIC_MAX = 65535, ALPN_MAX = 255 };

void mqtt_options_init(struct mqtt_options *o)
{
	*o = (struct mqtt_options){
	    .host = "localhost",
	    .keep_alive = MQTT_KEEP_ALIVE_DEFAULT,
	    .retry = true,
	};
}

static unsigned read_port(const char *option, const char *value)
{
	return (unsigned)opt_u64(option, value, 1, 65535);
}

/* host, host:port, [::1] or [::1]:port; cuts `text` up. */
static void take_authority(struct mqtt_options *o, char *text)
{
	char *colon = strrchr(text, ':');

	if (text[0] == '[') {
		char *end = strchr(text, ']');

		if (!end || (end[1] != '\0' && end[1] != ':'))
			msg_usage("-L: '%s': not an IPv6 address in brackets", text);
		colon = end[1] == ':' ? end + 1 : NULL;
		*end = '\0';
		text++;
	}
	if (colon) {
		*colon = '\0';
		o->port = read_port("-L", colon + 1);
	}
	if (!*text)
		msg_usage("-L: the URL names no host");
	o->host = text;
}

/* mqtt[s]://[user@]host[:port][/topic], as mosquitto_sub(1) takes it: nothing is percent-decoded.
 */
static void take_url(struct mqtt_options *o, const char *url)
{
	static const char plain[] = "mqtt://", secure[] = "mqtts://";
	const char *rest;
	char *slash, *at;

	if (strncmp(url, secure, sizeof(secure) - 1) == 0) {
		o->tls = true;
		rest = url + sizeof(secure) - 1;
	} else if (strncmp(url, plain, sizeof(plain) - 1) == 0) {
		rest = url + sizeof(plain) - 1;
	} else {
		/* The URL itself stays out of the message: it may hold a password. */
		msg_usage("-L: the URL starts neither with mqtt:// nor with mqtts://");
	}
	free(o->url_parts);
	o->url_parts = strdup(rest);
	if (!o->url_parts)
		msg_die(EX_OSERR, "out of memory");
	slash = strchr(o->url_parts, '/');
	if (slash) {
		*slash = '\0';
		o->url_topic = slash[1] ? slash + 1 : NULL;
	}
	at = strrchr(o->url_parts, '@');
	if (at) {
		*at = '\0';
		if (strchr(o->url_parts, ':'))
			msg_usage("-L: a password in the URL is seen by every user of this host: "
			          "use --password-file");
		o->username = o->url_parts;
	}
	take_authority(o, at ? at + 1 : o->url_parts);
}

static bool take_tls(struct mqtt_options *o, int c, const char *value)
{
	static const char *const versions[] = {"1.3", "1.2", NULL};

	switch (c) {
	case MQTT_OPT_CAFILE:
		o->cafile = value;
		break;
	case MQTT_OPT_CAPATH:
		o->capath = value;
		break;
	case MQTT_OPT_CRL_CHECK:
		o->crl_check = true;
		break;
	case MQTT_OPT_CERT:
		o->cert = value;
		break;
	case MQTT_OPT_KEY:
		o->key = value;
		break;
	case MQTT_OPT_KEY_PASSWORD_FILE:
		opt_secret_file("--key-password-file", value, &o->key_password);
		break;
	case MQTT_OPT_ALPN:
		if (!*value || strlen(value) > ALPN_MAX)
			msg_usage("--tls-alpn '%s': not 1 to %d bytes", value, ALPN_MAX);
		o->alpn = value;
		break;
	case MQTT_OPT_TLS_MIN:
		o->tls12 = opt_choice("--tls-min", value, versions) == 1;
		break;
	case MQTT_OPT_TLS:
		break;
	default:
		return false;
	}
	o->tls = true;
	return true;
}

bool mqtt_options_take(struct mqtt_options *o, int c, const char *value)
{
	switch (c) {
	case 'h':
		o->host = value;
		break;
	case 'p':
		o->port = read_port("-p", value);
		break;
	case 'L':
		take_url(o, value);
		break;
	case 'i':
		o->client_id = value;
		break;
	case 'k':
		o->keep_alive = (unsigned)opt_u64("-k", value, 0, 65535);
		break;
	case 'u':
		o->username = value;
		break;
	case MQTT_OPT_PASSWORD_FILE:
		opt_secret_file("--password-file", value, &o->password);
		break;
	case MQTT_OPT_NO_RETRY:
		o->retry = false;
		break;
	default:
		return take_tls(o, c, value);
	}
	return true;
}

static void make_client_id(struct mqtt_options *o, const char *prefix)
{
	struct buf id = {0};
	uint32_t random;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		msg_die(EX_OSERR, "cannot get random bytes: %s", strerror(errno));
	buf_printf(&id, "%s%08" PRIx32, prefix, random);
	buf_putc(&id, '\0');
	o->id_made = id.ptr;
	o->client_id = o->id_made;
}

static void check_text(const char *option, const char *value)
{
	size_t len = value ? strlen(value) : 0;

	if (len > MQTT_CLIENT_ID_MAX || (len && !utf8_valid(slice_of(value))))
		msg_usage("%s: not at most 65535 bytes of UTF-8", option);
}

void mqtt_options_check(struct mqtt_options *o, const char *id_prefix)
{
	if (!*o->host || strpbrk(o->host, "/ "))
		msg_usage("-h '%s': not a host name or address", o->host);
	if (o->client_id && !*o->client_id)
		msg_usage("-i: an empty client id");
	if (o->key && !o->cert)
		msg_usage("--key needs the certificate it belongs to (--cert)");
	check_text("-i", o->client_id);
	check_text("-u", o->username);
	if (!o->port)
		o->port = o->tls ? PORT_TLS : PORT_PLAIN;
	if (!o->client_id)
		make_client_id(o, id_prefix);
}

void mqtt_options_free(struct mqtt_options *o)
{
	opt_wipe(&o->password);
	opt_wipe(&o->key_password);
	free(o->id_made);
	free(o->url_parts);
}

static const char *text_fault(struct slice text)
{
	if (text.len == 0)
		return "is empty";
	if (text.len > TOPIC_MAX)
		return "is longer than 65535 bytes";
	if (memchr(text.ptr, '\0', text.len))
		return "holds a NUL character";
	if (!utf8_valid(text))
		return "is not UTF-8";
	return NULL;
}

const char *mqtt_filter_fault(struct slice filter)
{
	const char *fault = text_fault(filter);

	for (size_t i = 0; !fault && i < filter.len; i++) {
		bool first = i == 0 || filter.ptr[i - 1] == '/';
		bool last = i + 1 == filter.len;

		if (filter.ptr[i] == '#' && !(first && last))
			fault = "has a '#' that is not its whole last level";
		if (filter.ptr[i] == '+' && !(first && (last || filter.ptr[i + 1] == '/')))
			fault = "has a '+' that is not a whole level";
	}
	return fault;
}

const char *mqtt_topic_fault(struct slice topic)
{
	const char *fault = text_fault(topic);

	if (!fault && (memchr(topic.ptr, '#', topic.len) || memchr(topic.ptr, '+', topic.len)))
		fault = "holds a wildcard";
	return fault;
}
