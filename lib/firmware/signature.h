/*
 * signature: Ed25519 (RFC 8032, PureEdDSA) by OpenSSL, and its keys.
 *
 * A key is named by its identifier: the first 16 hex digits of the SHA-256 of its
 * 32 raw public bytes. The identifier only finds the key: what counts is the
 * signature. Keys as files: firmware/key_file.h.
 */
#ifndef SENSORPIPE_FIRMWARE_SIGNATURE_H
#define SENSORPIPE_FIRMWARE_SIGNATURE_H

#include "base/slice.h"

#include <stdbool.h>

enum {
	SIGNATURE_SIZE = 64, /* bytes */
	KEY_RAW_SIZE = 32,   /* bytes */
	KEY_ID_LEN = 16,     /* hex digits */
};

struct evp_pkey_st;

/* Zeroed: no key. The owner of the struct gives it back with firmware_key_free(). */
struct firmware_key {
	struct evp_pkey_st *pkey;
	bool is_private;         /* it can sign */
	char id[KEY_ID_LEN + 1]; /* with a NUL */
};

/*
 * A key of the library's becomes k's, or, when it is NULL or not of Ed25519, is
 * freed. 0, or -1.
 */
int firmware_key_adopt(struct firmware_key *k, struct evp_pkey_st *pkey, bool is_private);

/* A key from its raw bytes, as RFC 8032 gives them: of a private key its seed. 0, or -1. */
int firmware_key_from_raw(struct firmware_key *k, bool is_private,
                          const unsigned char raw[KEY_RAW_SIZE]);

/* Makes a pair from the system's random numbers. 0, or -1. */
int firmware_key_generate(struct firmware_key *k);

void firmware_key_free(struct firmware_key *k);

/* 0, or -1: the library failed. `k` must be a private one. */
int signature_make(const struct firmware_key *k, struct slice bytes,
                   unsigned char signature[SIGNATURE_SIZE]);

bool signature_holds(const struct firmware_key *k, struct slice bytes,
                     const unsigned char signature[SIGNATURE_SIZE]);

#endif
