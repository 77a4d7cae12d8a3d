/*
 * mqtt_tls: what TLS needs beside the MQTT client library (Paho 1.3.12 over OpenSSL).
 *
 * Paho has no setting for the lowest TLS version, so it is set as OpenSSL's own
 * configuration is: a section `system_default` with MinProtocol, loaded from
 * memory over the system's configuration before Paho makes its context
 * (config(5ssl), SSL_CONF_cmd(3ssl)).
 *
 * Nor has it one for revocation lists. OpenSSL reads them from the same files and
 * directories as the authorities, and looks at them when the parameters by the
 * name that a client's verifications take their defaults from, "ssl_server", say
 * so: these are replaced (X509_VERIFY_PARAM_add0_table(3ssl)).
 *
 * Paho does not tell why a certificate was refused, so OpenSSL is asked: every
 * verification ends with the release of an X509_STORE_CTX, whose extra data
 * (CRYPTO_get_ex_new_index(3ssl)) carries a callback that looks at its verdict.
 */
#ifndef SENSORPIPE_MQTT_TLS_H
#define SENSORPIPE_MQTT_TLS_H

#include "link/mqtt_options.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { MQTT_TLS_REASON_MAX = 512, MQTT_TLS_HOST_MAX = 253 /* RFC 1035 */ };

/* Why the last handshake failed. Filled from the client library's threads. */
struct mqtt_tls {
	pthread_mutex_t mutex;
	char host[MQTT_TLS_HOST_MAX + 1]; /* a copy: a handshake may be under way at the very end */
	char reason[MQTT_TLS_REASON_MAX]; /* empty: TLS has nothing to say */
	bool refused;                     /* no outage: another attempt would fail alike */
};

/*
 * Sets the lowest version and the check of revocation lists, and tries the files of the options,
 * all before the client library is touched. Ends the process with EX_CONFIG when a file cannot be
 * used. `t` must outlive all connections, so in effect the process.
 */
void mqtt_tls_init(struct mqtt_tls *t, const struct mqtt_options *o);

/* Forgets the reason; to be called before each attempt. */
void mqtt_tls_begin(struct mqtt_tls *t);

/* Copies the reason; returns whether it is a refusal. */
bool mqtt_tls_reason(struct mqtt_tls *t, char text[MQTT_TLS_REASON_MAX]);

/* For ERR_print_errors_cb(3ssl); `context` is the struct mqtt_tls. */
int mqtt_tls_on_error(const char *line, size_t len, void *context);

#endif
