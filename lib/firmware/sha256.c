#include "firmware/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 256 * 1024 }; /* bytes read at a time */

static int digest_all(EVP_MD_CTX *context, int fd, unsigned char *block, uint64_t *size)
{
	ssize_t n;

	*size = 0;
	for (;;) {
		n = pread(fd, block, BLOCK, (off_t)*size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		if (EVP_DigestUpdate(context, block, (size_t)n) != 1) {
			errno = EIO;
			return -1;
		}
		*size += (uint64_t)n;
	}
}

int sha256_file(int fd, bool from_disk, unsigned char digest[SHA256_SIZE], uint64_t *size)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char *block = malloc(BLOCK);
	int status = -1, error = ENOMEM;

	if (from_disk)
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	else
		posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	if (context && block) {
		errno = EIO;
		if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1)
			status = digest_all(context, fd, block, size);
		error = errno;
		if (status == 0 && EVP_DigestFinal_ex(context, digest, NULL) != 1) {
			status = -1;
			error = EIO;
		}
	}
	free(block);
	EVP_MD_CTX_free(context);
	errno = error;
	return status;
}

int sha256_bytes(struct slice bytes, unsigned char digest[SHA256_SIZE])
{
	return EVP_Digest(bytes.ptr, bytes.len, digest, NULL, EVP_sha256(), NULL) == 1 ? 0 : -1;
}

void sha256_hex(const unsigned char digest[SHA256_SIZE], char text[SHA256_HEX_LEN + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < SHA256_SIZE; i++) {
		*text++ = digits[digest[i] >> 4];
		*text++ = digits[digest[i] & 15];
	}
	*text = '\0';
}
