#include "link/mqtt_tls.h"

#include "base/msg.h"
#include "base/secret.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first thing said about an attempt is the cause; what follows are consequences. */
static void note(struct mqtt_tls *t, bool refused, const char *what, const char *detail)
{
	pthread_mutex_lock(&t->mutex);
	if (!t->reason[0]) {
		snprintf(t->reason, sizeof(t->reason), "%s%s", what, detail);
		t->refused = refused;
	}
	pthread_mutex_unlock(&t->mutex);
}

static bool names_host(X509 *certificate, const char *host)
{
	return X509_check_host(certificate, host, 0, 0, NULL) == 1 ||
	       X509_check_ip_asc(certificate, host, 0) == 1;
}

/* The release of a verification: see mqtt_tls.h. The signature is OpenSSL's CRYPTO_EX_free. */
static void on_verified(void *parent, void *data, CRYPTO_EX_DATA *all, int index, long number,
                        void *context)
{
	X509_STORE_CTX *verification = parent;
	X509 *certificate = X509_STORE_CTX_get0_cert(verification);
	int error = X509_STORE_CTX_get_error(verification);
	struct mqtt_tls *t = context;

	(void)data, (void)all, (void)index, (void)number;
	/* Not of a peer: OpenSSL looks for the chain of this client's own certificate, which the
	 * broker judges. */
	if (!X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()))
		return;
	if (error != X509_V_OK)
		note(t, true, "the broker's certificate: ", X509_verify_cert_error_string(error));
	else if (certificate && !names_host(certificate, t->host))
		note(t, true, "the broker's certificate does not name the host ", t->host);
}

/* Lines look like "THREAD:error:CODE:library:function:reason:file:line:data". */
int mqtt_tls_on_error(const char *line, size_t len, void *context)
{
	const char *code = strstr(line, "error:");
	unsigned long error = code ? strtoul(code + strlen("error:"), NULL, 16) : 0;
	const char *reason = error ? ERR_reason_error_string(error) : NULL;
	/* A peer that hung up says nothing about certificates or versions. */
	bool gone = ERR_GET_LIB(error) == ERR_LIB_SYS ||
	            (ERR_GET_LIB(error) == ERR_LIB_SSL &&
	             ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING);

	(void)len;
	if (reason)
		note(context, !gone, "TLS: ", reason);
	return 1;
}

void mqtt_tls_begin(struct mqtt_tls *t)
{
	pthread_mutex_lock(&t->mutex);
	t->reason[0] = '\0';
	t->refused = false;
	pthread_mutex_unlock(&t->mutex);
}

bool mqtt_tls_reason(struct mqtt_tls *t, char text[MQTT_TLS_REASON_MAX])
{
	bool refused;

	pthread_mutex_lock(&t->mutex);
	memcpy(text, t->reason, sizeof(t->reason));
	refused = t->refused;
	pthread_mutex_unlock(&t->mutex);
	return refused;
}

static _Noreturn void bad_file(const char *option, const char *path)
{
	unsigned long error = ERR_peek_error();
	const char *why = ERR_SYSTEM_ERROR(error) ? strerror(ERR_GET_REASON(error))
	                                          : ERR_reason_error_string(error);

	msg_die(EX_CONFIG, "%s '%s': %s", option, path, why ? why : "cannot be used");
}

/* For encrypted keys; without --key-password-file it gives none, so nothing asks on the terminal.
 */
static int give_key_password(char *to, int size, int writing, void *context)
{
	const struct buf *password = context;

	(void)writing;
	if (size < 0 || password->len > (size_t)size)
		return -1;
	memcpy(to, password->ptr ? password->ptr : "", password->len);
	return (int)password->len;
}

/* Loads what Paho will load, to say what is wrong with which file. */
static void try_files(const struct mqtt_options *o)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	const char *key = o->key ? o->key : o->cert;

	if (!context)
		msg_die(EX_SOFTWARE, "OpenSSL gives no TLS context");
	if (o->cafile && SSL_CTX_load_verify_file(context, o->cafile) != 1)
		bad_file("--cafile", o->cafile);
	if (o->capath && SSL_CTX_load_verify_dir(context, o->capath) != 1)
		bad_file("--capath", o->capath);
	SSL_CTX_set_default_passwd_cb(context, give_key_password);
	SSL_CTX_set_default_passwd_cb_userdata(context, (void *)&o->key_password);
	if (o->cert && SSL_CTX_use_certificate_chain_file(context, o->cert) != 1)
		bad_file("--cert", o->cert);
	if (key && SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
		bad_file(o->key ? "--key" : "--cert (no --key given)", key);
	SSL_CTX_free(context);
	ERR_clear_error();
}

/* See mqtt_tls.h. Loading over the system's configuration keeps its providers and engines. */
static void set_lowest_version(bool tls12)
{
	static const char text[] = "openssl_conf = all\n"
				   "[all]\n"
				   "ssl_conf = contexts\n"
				   "[contexts]\n"
				   "system_default = lowest\n"
				   "[lowest]\n"
				   "MinProtocol = %s\n";
	BIO *bio = BIO_new(BIO_s_mem());
	CONF *conf = NCONF_new(NULL);

	if (!bio || !conf || BIO_printf(bio, text, tls12 ? "TLSv1.2" : "TLSv1.3") <= 0 ||
	    NCONF_load_bio(conf, bio, NULL) != 1 || CONF_modules_load(conf, NULL, 0) <= 0)
		msg_die(EX_SOFTWARE, "cannot set the lowest TLS version");
	NCONF_free(conf);
	BIO_free(bio);
}

/* See mqtt_tls.h. The parameters are those that OpenSSL has by this name, and the lists of all
 * authorities in the chain; OpenSSL owns them then. */
static void check_revocation(void)
{
	X509_VERIFY_PARAM *parameters = X509_VERIFY_PARAM_new();

	if (!parameters || X509_VERIFY_PARAM_set1_name(parameters, "ssl_server") != 1 ||
	    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER) != 1 ||
	    X509_VERIFY_PARAM_set_trust(parameters, X509_TRUST_SSL_SERVER) != 1 ||
	    X509_VERIFY_PARAM_set_flags(parameters,
	                                X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) != 1 ||
	    X509_VERIFY_PARAM_add0_table(parameters) != 1)
		msg_die(EX_SOFTWARE, "cannot ask for a check of revocation lists");
}

/* The library's threads may be inside OpenSSL when the process exits, so OpenSSL must not take
 * itself apart then. */
void mqtt_tls_init(struct mqtt_tls *t, const struct mqtt_options *o)
{
	size_t len = strlen(o->host);

	*t = (struct mqtt_tls){.mutex = PTHREAD_MUTEX_INITIALIZER};
	if (len > MQTT_TLS_HOST_MAX)
		msg_usage("-h '%s': longer than a host name can be", o->host);
	memcpy(t->host, o->host, len);
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_LOAD_CONFIG, NULL) != 1)
		msg_die(EX_SOFTWARE, "cannot initialize OpenSSL");
	set_lowest_version(o->tls12);
	if (o->crl_check)
		check_revocation();
	if (o->cert)
		secret_no_core();
	try_files(o);
	if (CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_X509_STORE_CTX, 0, t, NULL, NULL, on_verified) <
	    0)
		msg_die(EX_SOFTWARE, "cannot watch the verification of certificates");
}
