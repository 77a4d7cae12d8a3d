/*
 * mqtt_options: how to reach a broker, as the command lines of the MQTT tools say it.
 *
 * The options are those of mosquitto_sub(1) where it has them. A tool puts
 * MQTT_SHORT_OPTIONS and MQTT_LONG_OPTIONS into its own tables for
 * getopt_long(3), hands every option to mqtt_options_take(), and calls
 * mqtt_options_check() after the last. What is wrong ends the process with
 * EX_USAGE, or EX_NOINPUT where a file cannot be read.
 *
 * Secrets come from files only: a URL with a password in it is refused.
 */
#ifndef SENSORPIPE_MQTT_OPTIONS_H
#define SENSORPIPE_MQTT_OPTIONS_H

#include "base/buf.h"

#include <getopt.h>
#include <stdbool.h>

enum {
	MQTT_KEEP_ALIVE_DEFAULT = 60, /* seconds */
	MQTT_CLIENT_ID_MAX = 65535,   /* bytes; many brokers take less */
};

struct mqtt_options {
	const char *host;
	unsigned port;         /* mqtt_options_check() sets the scheme's default */
	const char *client_id; /* mqtt_options_check() makes one up when there is none */
	const char *username;  /* NULL: none */
	struct buf password;   /* empty: none */
	unsigned keep_alive;   /* seconds; 0: no pings */
	bool retry;            /* go on when the first connection cannot be made */

	bool tls;
	const char *cafile, *capath; /* both NULL: the system's trust store */
	bool crl_check;              /* they hold revocation lists too, which count */
	const char *cert, *key;      /* of the client; NULL: none */
	struct buf key_password;
	const char *alpn; /* NULL: none */
	bool tls12;       /* TLS 1.2 is good enough */

	const char *url_topic; /* of the URL, NULL: none */

	/* Private: what was allocated. */
	char *id_made, *url_parts;
};

enum {
	MQTT_OPT_PASSWORD_FILE = 256,
	MQTT_OPT_CAFILE,
	MQTT_OPT_CAPATH,
	MQTT_OPT_CRL_CHECK,
	MQTT_OPT_CERT,
	MQTT_OPT_KEY,
	MQTT_OPT_KEY_PASSWORD_FILE,
	MQTT_OPT_ALPN,
	MQTT_OPT_TLS,
	MQTT_OPT_TLS_MIN,
	MQTT_OPT_NO_RETRY,
	MQTT_OPT_END, /* a tool's own codes start here */
};

#define MQTT_SHORT_OPTIONS "h:p:L:i:k:u:"

/* clang-format off */
#define MQTT_LONG_OPTIONS                                                         \
	{"host", required_argument, NULL, 'h'},                                   \
	{"port", required_argument, NULL, 'p'},                                   \
	{"url", required_argument, NULL, 'L'},                                    \
	{"id", required_argument, NULL, 'i'},                                     \
	{"keepalive", required_argument, NULL, 'k'},                              \
	{"username", required_argument, NULL, 'u'},                               \
	{"password-file", required_argument, NULL, MQTT_OPT_PASSWORD_FILE},       \
	{"cafile", required_argument, NULL, MQTT_OPT_CAFILE},                     \
	{"capath", required_argument, NULL, MQTT_OPT_CAPATH},                     \
	{"crl-check", no_argument, NULL, MQTT_OPT_CRL_CHECK},                     \
	{"cert", required_argument, NULL, MQTT_OPT_CERT},                         \
	{"key", required_argument, NULL, MQTT_OPT_KEY},                           \
	{"key-password-file", required_argument, NULL, MQTT_OPT_KEY_PASSWORD_FILE}, \
	{"tls-alpn", required_argument, NULL, MQTT_OPT_ALPN},                     \
	{"tls", no_argument, NULL, MQTT_OPT_TLS},                                 \
	{"tls-min", required_argument, NULL, MQTT_OPT_TLS_MIN},                   \
	{"no-retry", no_argument, NULL, MQTT_OPT_NO_RETRY}

/* For --help: where the broker is (-L is described by the tool), and the other options. */
#define MQTT_USAGE_HOST \
	"  -h HOST                    broker (localhost)\n" \
	"  -p PORT                    its port (1883, with TLS 8883)\n"
#define MQTT_USAGE \
	"  -i ID                      client id (a random one)\n" \
	"  -k SECONDS                 keep alive (60)\n" \
	"  -u USER                    user name\n" \
	"      --password-file FILE   file with the password\n" \
	"      --tls                  TLS with the system's trust store\n" \
	"      --cafile FILE          trusted authorities (implies --tls, as all of these)\n" \
	"      --capath DIR           directory of them, by hash\n" \
	"      --crl-check            with their revocation lists, which must be there\n" \
	"      --cert FILE            certificate of this client\n" \
	"      --key FILE             its key, when not in the same file\n" \
	"      --key-password-file FILE\n" \
	"      --tls-alpn NAME        application protocol to ask for\n" \
	"      --tls-min VERSION      1.3 (default) or 1.2\n" \
	"      --no-retry             fail when the first connection cannot be made\n"
/* clang-format on */

void mqtt_options_init(struct mqtt_options *o);

/* True when option `c` is one of these. `value` must outlive o. */
bool mqtt_options_take(struct mqtt_options *o, int c, const char *value);

/* Completes and cross-checks. `id_prefix` begins the client id that is made up when none was given.
 */
void mqtt_options_check(struct mqtt_options *o, const char *id_prefix);

void mqtt_options_free(struct mqtt_options *o);

/* What is wrong with a topic filter of MQTT 5 section 4.7, a static text; NULL: nothing. */
const char *mqtt_filter_fault(struct slice filter);

/* The same for the topic name of a message to be published. */
const char *mqtt_topic_fault(struct slice topic);

#endif
