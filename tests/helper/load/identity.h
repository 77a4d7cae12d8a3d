/*
 * identity: certificates for any number of sensors, by an authority whose key is at hand.
 *
 * EC P-256, for client authentication, valid from an hour ago for two days. They
 * share one key: to the broker that makes no difference. Failures end the
 * process with a message.
 */
#ifndef FLEET_IDENTITY_H
#define FLEET_IDENTITY_H

#include <openssl/types.h>

struct identity; /* the authority and the key of the sensors */

/* PEM files of the authority's certificate and its key. */
struct identity *identity_open(const char *certificate, const char *key);
void identity_close(struct identity *i);

/* The certificate whose common name is `name`; the caller frees it with X509_free(). */
X509 *identity_issue(struct identity *i, const char *name);

/* The key of all of them; owned by `i`. */
EVP_PKEY *identity_key(const struct identity *i);

#endif
