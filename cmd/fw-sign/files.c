#include "files.h"

#include "base/msg.h"
#include "base/opt.h"
#include "firmware/key_file.h"
#include "firmware/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void files_read_private_key(const char *path, struct firmware_key *key)
{
	struct buf pem = {0};
	const char *fault;
	int status;

	opt_secret_file("--key", path, &pem);
	status = firmware_key_parse_private(key, buf_slice(&pem), &fault);
	opt_wipe(&pem);
	if (status < 0)
		msg_die(EX_DATAERR, "--key: '%s' %s", path, fault);
}

void files_read_public_keys(const char *const *paths, size_t count, struct firmware_key *keys)
{
	const char *fault;

	for (size_t i = 0; i < count; i++)
		if (firmware_key_read_public(&keys[i], paths[i], &fault) < 0)
			msg_die(EX_NOINPUT, "--key: '%s': %s", paths[i], fault);
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		msg_die(EX_NOINPUT, "'%s': %s", path, strerror(errno));
	return fd;
}

void files_read_manifest(const char *path, struct buf *text)
{
	int fd = open_file(path);
	ssize_t n;

	do {
		buf_reserve(text, MANIFEST_MAX + 1);
		n = read(fd, text->ptr + text->len, MANIFEST_MAX + 1 - text->len);
		if (n < 0)
			msg_die(EX_NOINPUT, "'%s': %s", path, strerror(errno));
		text->len += (size_t)n;
	} while (n > 0 && text->len <= MANIFEST_MAX);
	close(fd);
}

/* A regular file of a size that an image may have. */
static int open_image(const char *path)
{
	int fd = open_file(path);
	struct stat st;

	if (fstat(fd, &st) < 0)
		msg_die(EX_NOINPUT, "'%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		msg_die(EX_NOINPUT, "'%s': not a regular file", path);
	if (st.st_size < 1 || (uint64_t)st.st_size > MANIFEST_IMAGE_MOST)
		msg_die(EX_DATAERR, "'%s': %jd bytes, but an image is 1 to %" PRIu64 " bytes", path,
		        (intmax_t)st.st_size, MANIFEST_IMAGE_MOST);
	return fd;
}

void files_read_image(const char *path, struct image *image)
{
	int fd = open_image(path);
	struct stat st;

	if (sha256_file(fd, false, image->sha256, &image->size) < 0 || fstat(fd, &st) < 0)
		msg_die(EX_NOINPUT, "'%s': %s", path, strerror(errno));
	if ((uint64_t)st.st_size != image->size)
		msg_die(EX_TEMPFAIL, "'%s': it changes while it is read", path);
	close(fd);
}
