#include "firmware/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading ---- */

/* In place of the library's own, which would ask at the terminal. */
static int no_passphrase(char *text, int size, int writes, void *encrypted)
{
	(void)writes;
	if (size > 0)
		*text = '\0';
	*(bool *)encrypted = true;
	return -1;
}

static int parse(struct firmware_key *k, struct slice pem, bool is_private, const char **fault)
{
	BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	bool encrypted = false;
	EVP_PKEY *pkey = NULL;

	if (bio)
		pkey = is_private ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &encrypted)
		                  : PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, &encrypted);
	BIO_free(bio);
	ERR_clear_error(); /* what is wrong is told here */
	if (firmware_key_adopt(k, pkey, is_private) == 0)
		return 0;
	if (encrypted)
		*fault = "is encrypted: a passphrase is not asked for";
	else if (is_private)
		*fault = "is not an Ed25519 private key (PEM)";
	else
		*fault = "is not an Ed25519 public key (PEM)";
	return -1;
}

int firmware_key_parse_private(struct firmware_key *k, struct slice pem, const char **fault)
{
	return parse(k, pem, true, fault);
}

int firmware_key_parse_public(struct firmware_key *k, struct slice pem, const char **fault)
{
	return parse(k, pem, false, fault);
}

/* Returns how many bytes there are, at most `size`, or -1 with errno. */
static ssize_t read_file(const char *path, char *bytes, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	ssize_t n = 1;
	size_t len = 0;

	if (fd < 0)
		return -1;
	while (n > 0 && len < size) {
		n = read(fd, bytes + len, size - len);
		if (n > 0)
			len += (size_t)n;
	}
	error = errno;
	close(fd);
	errno = error;
	return n < 0 ? -1 : (ssize_t)len;
}

int firmware_key_read_public(struct firmware_key *k, const char *path, const char **fault)
{
	char pem[KEY_FILE_MAX];
	ssize_t len = read_file(path, pem, sizeof(pem));

	if (len < 0) {
		*fault = strerror(errno);
		return -1;
	}
	return parse(k, (struct slice){pem, (size_t)len}, false, fault);
}

/* ---- writing ---- */

static int sync_directory_of(const char *path)
{
	char copy[PATH_MAX];
	int fd, status;

	if ((size_t)snprintf(copy, sizeof(copy), "%s", path) >= sizeof(copy)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	status = fsync(fd);
	close(fd);
	return status;
}

static int write_all(int fd, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes.ptr += n;
		bytes.len -= (size_t)n;
	}
	return 0;
}

/* A new file with these bytes, whole and on the disk, or none. */
static int write_new(const char *path, mode_t mode, struct slice bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode), error;
	bool written;

	if (fd < 0)
		return -1;
	written = write_all(fd, bytes) == 0 && fchmod(fd, mode) == 0 && fsync(fd) == 0;
	error = errno;
	if (close(fd) < 0 && written) {
		written = false;
		error = errno;
	}
	if (written && sync_directory_of(path) == 0)
		return 0;
	if (written)
		error = errno;
	unlink(path);
	errno = error;
	return -1;
}

static int write_key(const struct firmware_key *k, const char *path, mode_t mode, bool is_private)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	int status = -1, made = 0;
	char *pem = NULL;
	long len;

	if (bio)
		made = is_private
		           ? PEM_write_bio_PKCS8PrivateKey(bio, k->pkey, NULL, NULL, 0, NULL, NULL)
		           : PEM_write_bio_PUBKEY(bio, k->pkey);
	errno = ENOMEM;
	if (made == 1 && (len = BIO_get_mem_data(bio, &pem)) > 0)
		status = write_new(path, mode, (struct slice){pem, (size_t)len});
	BIO_free(bio); /* and clears what was in it */
	return status;
}

int firmware_key_write_private(const struct firmware_key *k, const char *path)
{
	return write_key(k, path, 0600, true);
}

int firmware_key_write_public(const struct firmware_key *k, const char *path)
{
	return write_key(k, path, 0644, false);
}
