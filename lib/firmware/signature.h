/*
 * signature: Ed25519 (RFC 8032, PureEdDSA) by OpenSSL, and its keys.
 *
 * Keys are files: the private one PKCS #8 PEM (RFC 8410), not encrypted, for its
 * owner only; the public one SubjectPublicKeyInfo PEM. Both are what `openssl
 * genpkey -algorithm ed25519` and `openssl pkey -pubout` write. A key is named
 * by its identifier: the first 16 hex digits of the SHA-256 of its 32 raw
 * public bytes. The identifier only finds the key: what counts is the
 * signature.
 */
#ifndef SENSORPIPE_FIRMWARE_SIGNATURE_H
#define SENSORPIPE_FIRMWARE_SIGNATURE_H

#include "base/slice.h"

#include <stdbool.h>

enum {
	SIGNATURE_SIZE = 64,  /* bytes */
	KEY_RAW_SIZE = 32,    /* bytes */
	KEY_ID_LEN = 16,      /* hex digits */
	KEY_FILE_MAX = 16384, /* bytes */
};

struct evp_pkey_st;

/* Zeroed: no key. The owner of the struct gives it back with firmware_key_free(). */
struct firmware_key {
	struct evp_pkey_st *pkey;
	bool private;            /* it can sign */
	char id[KEY_ID_LEN + 1]; /* with a NUL */
};

/*
 * Each gives 0, or -1 with *fault a static text that goes on after the name of
 * the file. Where a system call failed, *fault is NULL and errno tells.
 */
int firmware_key_read_private(struct firmware_key *k, const char *path, const char **fault);
int firmware_key_read_public(struct firmware_key *k, const char *path, const char **fault);

/* A key from its raw bytes, as RFC 8032 gives them: of a private key its seed. 0, or -1. */
int firmware_key_from_raw(struct firmware_key *k, bool private,
                          const unsigned char raw[KEY_RAW_SIZE]);

/* Makes a pair from the system's random numbers. 0, or -1. */
int firmware_key_generate(struct firmware_key *k);

/*
 * Write the file, which must not exist, and sync it and its directory: the
 * private one with mode 0600, the public one 0644. 0, or -1 with errno; then
 * there is no file.
 */
int firmware_key_write_private(const struct firmware_key *k, const char *path);
int firmware_key_write_public(const struct firmware_key *k, const char *path);

void firmware_key_free(struct firmware_key *k);

/* 0, or -1: the library failed. `k` must be private. */
int signature_make(const struct firmware_key *k, struct slice bytes,
                   unsigned char signature[SIGNATURE_SIZE]);

bool signature_holds(const struct firmware_key *k, struct slice bytes,
                     const unsigned char signature[SIGNATURE_SIZE]);

#endif
