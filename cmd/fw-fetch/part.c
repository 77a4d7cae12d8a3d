#include "part.h"

#include "base/msg.h"
#include "durable/mark.h"
#include "files.h"
#include "firmware/sha256.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void part_init(struct part *p, int directory, const char *path)
{
	*p = (struct part){.directory = directory, .path = path, .fd = -1};
}

const char *part_reason(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return "no-space";
	case EROFS:
		return "read-only";
	case EACCES:
	case EPERM:
		return "no-permission";
	default:
		return "disk-error";
	}
}

/* Says what failed, by errno. */
static const char *failure(const struct part *p, const char *what, const char *name)
{
	int error = errno;

	msg_warn("cannot %s '%s/%s': %s", what, p->path, name, strerror(error));
	return part_reason(error);
}

int part_manifest(const struct part *p, size_t most, struct buf *text)
{
	return file_read(p->directory, PART_MANIFEST, most, text);
}

void part_close(struct part *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

/* ---- opening ---- */

/* Opens a regular file of exactly this size; false: there is none. */
static bool open_whole(struct part *p, const char *name, int flags, uint64_t size)
{
	struct stat st;

	p->fd = openat(p->directory, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (p->fd >= 0 && fstat(p->fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (uint64_t)st.st_size == size)
		return true;
	part_close(p);
	return false;
}

/* Whether this very manifest is kept. */
static bool is_kept(const struct part *p, struct slice manifest)
{
	struct buf kept = {0};
	bool same = part_manifest(p, manifest.len, &kept) == 1 &&
	            slice_equal(buf_slice(&kept), manifest);

	buf_free(&kept);
	return same;
}

const char *part_begin(struct part *p, const struct part_image *image, struct slice manifest)
{
	part_close(p);
	snprintf(p->name, sizeof(p->name), "%s.bin", image->version);
	p->is_new = !is_kept(p, manifest);
	if (!p->is_new)
		return NULL;
	if (file_remove(p->directory, PART_HAVE) < 0)
		return failure(p, "remove", PART_HAVE);
	if (file_remove(p->directory, PART_IMAGE) < 0)
		return failure(p, "remove", PART_IMAGE);
	if (file_remove(p->directory, p->name) < 0)
		return failure(p, "remove", p->name);
	return fsync(p->directory) < 0 ? failure(p, "sync", ".") : NULL;
}

/* Takes the room on the disk, where the file system can: better now than half way. */
static int take_room(int fd, uint64_t size)
{
	int status;

	do
		status = fallocate(fd, 0, 0, (off_t)size);
	while (status < 0 && errno == EINTR);
	return status < 0 && errno == EOPNOTSUPP ? ftruncate(fd, (off_t)size) : status;
}

static const char *make_image(struct part *p, uint64_t size)
{
	const char *reason;

	if (file_remove(p->directory, PART_HAVE) < 0)
		return failure(p, "remove", PART_HAVE);
	if (fsync(p->directory) < 0)
		return failure(p, "sync", ".");
	p->kept = 0;
	p->fd = openat(p->directory, PART_IMAGE,
	               O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (p->fd < 0)
		return failure(p, "make", PART_IMAGE);
	if (take_room(p->fd, size) == 0)
		return NULL;
	reason = failure(p, "make room for", PART_IMAGE);
	part_close(p);
	file_remove(p->directory, PART_IMAGE);
	return reason;
}

const char *part_open(struct part *p, const struct part_image *image, struct slice manifest,
                      uint64_t *chunks)
{
	uint64_t count = image->size / image->chunk + (image->size % image->chunk != 0);

	*chunks = 0;
	if (p->is_new && file_replace(p->directory, PART_MANIFEST, manifest) < 0)
		return failure(p, "write", PART_MANIFEST);
	p->named = open_whole(p, p->name, O_RDONLY, image->size);
	if (p->named) {
		*chunks = count;
		return NULL;
	}
	if (mark_read(p->directory, PART_HAVE, &p->kept) == 1 && p->kept <= count &&
	    open_whole(p, PART_IMAGE, O_RDWR, image->size)) {
		*chunks = p->kept;
		return NULL;
	}
	return make_image(p, image->size);
}

/* ---- writing ---- */

const char *part_write(struct part *p, uint64_t offset, struct slice bytes)
{
	return file_write_at(p->fd, offset, bytes) < 0 ? failure(p, "write", PART_IMAGE) : NULL;
}

/* A failed sync may have dropped the data, and a second one succeed nevertheless: the image begins
 * anew. */
static const char *drop_unsynced(struct part *p)
{
	const char *reason = failure(p, "sync", PART_IMAGE);

	part_close(p);
	file_remove(p->directory, PART_HAVE);
	file_remove(p->directory, PART_IMAGE);
	return reason;
}

const char *part_save(struct part *p, uint64_t chunks)
{
	if (fdatasync(p->fd) < 0)
		return drop_unsynced(p);
	if (chunks != p->kept && mark_write(p->directory, PART_HAVE, chunks) < 0)
		return failure(p, "write", PART_HAVE);
	p->kept = chunks;
	return NULL;
}

/* ---- the end ---- */

/* Removes what is no image, or not the one it should be. */
static const char *discard(struct part *p, const char *reason)
{
	part_close(p);
	if (file_remove(p->directory, PART_HAVE) < 0)
		failure(p, "remove", PART_HAVE);
	if (file_remove(p->directory, PART_IMAGE) < 0)
		failure(p, "remove", PART_IMAGE);
	if (file_remove(p->directory, p->name) < 0)
		failure(p, "remove", p->name);
	fsync(p->directory);
	return reason;
}

/* Images of other versions are not needed any more. */
static void remove_others(const struct part *p)
{
	int fd = openat(p->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!entries) {
		failure(p, "list", ".");
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(entries)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (len > 4 && strcmp(entry->d_name + len - 4, ".bin") == 0 &&
		    strcmp(entry->d_name, p->name) != 0 &&
		    file_remove(p->directory, entry->d_name) < 0)
			failure(p, "remove", entry->d_name);
	}
	closedir(entries);
}

/* The verified image gets its name. */
static const char *name_image(struct part *p)
{
	if (p->named)
		return NULL;
	if (fsync(p->fd) < 0)
		return drop_unsynced(p);
	if (renameat(p->directory, PART_IMAGE, p->directory, p->name) < 0)
		return failure(p, "rename", PART_IMAGE);
	return fsync(p->directory) < 0 ? failure(p, "sync", ".") : NULL;
}

const char *part_verify(struct part *p, const struct part_image *image)
{
	unsigned char digest[SHA256_SIZE];
	const char *reason;
	uint64_t size;

	if (sha256_file(p->fd, true, digest, &size) < 0)
		return failure(p, "read", p->named ? p->name : PART_IMAGE);
	if (size != image->size)
		return discard(p, "size");
	if (memcmp(digest, image->sha256, sizeof(digest)) != 0)
		return discard(p, "sha256");
	reason = name_image(p);
	if (reason)
		return reason;
	if (file_remove(p->directory, PART_HAVE) < 0)
		return failure(p, "remove", PART_HAVE);
	remove_others(p);
	part_close(p);
	return NULL;
}
