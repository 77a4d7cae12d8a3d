#include "identity.h"

#include "base/msg.h"

#include <errno.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR = 3600, SERIAL_OCTETS = 16 };

struct identity {
	X509 *authority;
	EVP_PKEY *authority_key;
	EVP_PKEY *key;
};

static _Noreturn void die(const char *what)
{
	msg_die(EX_SOFTWARE, "%s: %s", what, ERR_reason_error_string(ERR_get_error()));
}

static FILE *open_pem(const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f)
		msg_die(EX_NOINPUT, "'%s': %s", path, strerror(errno));
	return f;
}

struct identity *identity_open(const char *certificate, const char *key)
{
	struct identity *i = calloc(1, sizeof(*i));
	FILE *f;

	if (!i)
		msg_die(EX_OSERR, "out of memory");
	f = open_pem(certificate);
	i->authority = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	f = open_pem(key);
	i->authority_key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	if (!i->authority || !i->authority_key)
		die("cannot read the authority");
	i->key = EVP_EC_gen("P-256");
	if (!i->key)
		die("cannot make a key");
	return i;
}

void identity_close(struct identity *i)
{
	X509_free(i->authority);
	EVP_PKEY_free(i->authority_key);
	EVP_PKEY_free(i->key);
	free(i);
}

EVP_PKEY *identity_key(const struct identity *i)
{
	return i->key;
}

static int extend(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	int ok = e && X509_add_ext(x, e, -1);

	X509_EXTENSION_free(e);
	return ok;
}

/* A positive number that no other certificate has. */
static int number(X509 *x)
{
	unsigned char octets[SERIAL_OCTETS];
	BIGNUM *n;
	int ok;

	if (RAND_bytes(octets, sizeof(octets)) != 1)
		return 0;
	n = BN_bin2bn(octets, sizeof(octets), NULL);
	ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));
	BN_free(n);
	return ok;
}

X509 *identity_issue(struct identity *i, const char *name)
{
	X509 *x = X509_new();

	if (!x || !X509_set_version(x, X509_VERSION_3) || !number(x) ||
	    !X509_gmtime_adj(X509_getm_notBefore(x), -HOUR) ||
	    !X509_gmtime_adj(X509_getm_notAfter(x), 48L * HOUR) ||
	    !X509_set_issuer_name(x, X509_get_subject_name(i->authority)) ||
	    !X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
	                                (const unsigned char *)name, -1, -1, 0) ||
	    !X509_set_pubkey(x, i->key) || !extend(x, NID_basic_constraints, "critical,CA:FALSE") ||
	    !extend(x, NID_key_usage, "critical,digitalSignature") ||
	    !extend(x, NID_ext_key_usage, "clientAuth") ||
	    !X509_sign(x, i->authority_key, EVP_sha256()))
		die("cannot make a certificate");
	return x;
}
