/*
 * sha256: the digest of an image (FIPS 180-4), by OpenSSL.
 */
#ifndef SENSORPIPE_FIRMWARE_SHA256_H
#define SENSORPIPE_FIRMWARE_SHA256_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum { SHA256_SIZE = 32, SHA256_HEX_LEN = 2 * SHA256_SIZE };

/*
 * The digest of a file from its start to its end, and its size in bytes; it is
 * read by pread(2). With `from_disk` the system is first asked to forget what it
 * holds of the file in memory. 0, or -1 with errno (EIO where the library failed).
 */
int sha256_file(int fd, bool from_disk, unsigned char digest[SHA256_SIZE], uint64_t *size);

/* The digest of bytes in memory. 0, or -1: the library failed. */
int sha256_bytes(struct slice bytes, unsigned char digest[SHA256_SIZE]);

/* Lower case hex digits, and a NUL. */
void sha256_hex(const unsigned char digest[SHA256_SIZE], char text[SHA256_HEX_LEN + 1]);

#endif
