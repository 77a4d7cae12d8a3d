/*
 * key_file: keys of firmware/signature.h as files.
 *
 * The private key is PKCS #8 PEM (RFC 8410) without a passphrase, for its owner
 * alone; the public one SubjectPublicKeyInfo PEM. Both are what `openssl genpkey
 * -algorithm ed25519` and `openssl pkey -pubout` write, and may be kept as these do.
 */
#ifndef SENSORPIPE_FIRMWARE_KEY_FILE_H
#define SENSORPIPE_FIRMWARE_KEY_FILE_H

#include "base/slice.h"
#include "firmware/signature.h"

enum { KEY_FILE_MAX = 16384 }; /* bytes */

/*
 * From the text of a file. 0, or -1 with *fault a static text that goes on after
 * the name of the file: "is not ...". Nobody is asked for a passphrase.
 */
int firmware_key_parse_private(struct firmware_key *k, struct slice pem, const char **fault);
int firmware_key_parse_public(struct firmware_key *k, struct slice pem, const char **fault);

/* As firmware_key_parse_public(); where a system call failed, *fault is the text of errno. */
int firmware_key_read_public(struct firmware_key *k, const char *path, const char **fault);

/*
 * Write the file, which must not exist, and sync it and its directory: the
 * private one with mode 0600, the public one 0644. 0, or -1 with errno; then
 * no file was made.
 */
int firmware_key_write_private(const struct firmware_key *k, const char *path);
int firmware_key_write_public(const struct firmware_key *k, const char *path);

#endif
