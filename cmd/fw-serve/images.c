#include "images.h"

#include "base/clock.h"
#include "base/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void images_init(struct images *s, size_t count)
{
	*s = (struct images){
	    .directory = -1,
	    .slots = calloc(count, sizeof(*s->slots)),
	    .count = count,
	};
	if (!s->slots)
		msg_die(EX_OSERR, "out of memory");
}

static void empty(struct images_slot *slot)
{
	if (slot->image)
		close(slot->fd);
	slot->image = NULL;
}

void images_reset(struct images *s, int directory)
{
	for (size_t i = 0; i < s->count; i++)
		empty(&s->slots[i]);
	if (s->directory >= 0)
		close(s->directory);
	s->directory = directory;
}

void images_free(struct images *s)
{
	images_reset(s, -1);
	free(s->slots);
}

/* ---- opening ---- */

/* A regular file; or -1 with errno. */
static int open_image(const struct images *s, const struct catalog_image *image)
{
	int folder = openat(s->directory, image->model,
	                    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char name[sizeof(image->version) + sizeof(".bin")];
	struct stat st;
	int fd, error;

	if (folder < 0)
		return -1;
	snprintf(name, sizeof(name), "%s.bin", image->version);
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	error = errno;
	close(folder);
	errno = error;
	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

static struct images_slot *find_slot(struct images *s, const struct catalog_image *image)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->slots[i].image == image)
			return &s->slots[i];
	return NULL;
}

/* A slot without an image. */
static struct images_slot *free_slot(struct images *s)
{
	struct images_slot *oldest = &s->slots[0];

	for (size_t i = 0; i < s->count; i++) {
		if (!s->slots[i].image)
			return &s->slots[i];
		if (s->slots[i].used < oldest->used)
			oldest = &s->slots[i];
	}
	empty(oldest);
	return oldest;
}

/* ---- judging ---- */

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Two changes within a tick of the kernel's clock have one time: waits until the last one is longer
 * ago, so that every later one shows. */
static void settle(const struct stat *st)
{
	int64_t changed = st->st_ctim.tv_sec * CLOCK_SECOND + st->st_ctim.tv_nsec / 1000;
	int64_t age = clock_now() - changed;

	if (age >= 0 && age < IMAGES_SETTLE) {
		const struct timespec rest = {.tv_nsec = (IMAGES_SETTLE - age) * 1000};

		nanosleep(&rest, NULL);
	}
}

/* The image cannot be given; warns where that is news. */
static enum images_verdict fail(struct catalog_image *image, int error)
{
	struct image_state *state = &image->state;

	if (state->error != error)
		msg_warn("'%s/%s.bin' cannot be served: %s", image->model, image->version,
		         error == EINVAL ? "not a regular file" : strerror(error));
	state->error = error;
	return error == ENOENT || error == ELOOP || error == ENOTDIR || error == EINVAL
	           ? IMAGES_UNFIT
	           : IMAGES_BUSY;
}

/* The same verdict holds for a while, whoever asks. */
static enum images_verdict postpone(struct catalog_image *image, enum images_verdict verdict)
{
	image->state.retry_at = clock_monotonic() + IMAGES_RETRY;
	image->state.unfit = verdict == IMAGES_UNFIT;
	return verdict;
}

/* 0 with whether the file is the one of the manifest, or -1 with errno. */
static int compare(const struct catalog_image *image, int fd, bool *same)
{
	unsigned char digest[SHA256_SIZE];
	uint64_t size;

	*same = (uint64_t)image->state.stamp.st_size == image->size;
	if (!*same)
		return 0;
	if (sha256_file(fd, false, digest, &size) < 0)
		return -1;
	*same = size == image->size && memcmp(digest, image->sha256, sizeof(digest)) == 0;
	return 0;
}

/* Reads the file, and keeps what is found with its stamp. */
static enum images_verdict judge(struct images *s, struct catalog_image *image, int fd)
{
	struct image_state *state = &image->state;
	struct stat after;

	state->judged = false;
	if (fstat(fd, &state->stamp) < 0)
		return fail(image, errno);
	settle(&state->stamp);
	s->checks++;
	if (compare(image, fd, &state->good) < 0 || fstat(fd, &after) < 0)
		return fail(image, errno);
	if (!is_same(&state->stamp, &after))
		return fail(image, EBUSY);
	state->error = 0;
	state->judged = true;
	if (!state->good)
		msg_warn("'%s/%s.bin' is not the image of its manifest: it is not served",
		         image->model, image->version);
	return state->good ? IMAGES_OK : IMAGES_UNFIT;
}

/* The verdict on what is there now. */
static enum images_verdict look(struct images *s, struct catalog_image *image, int fd)
{
	struct image_state *state = &image->state;
	struct stat st;

	if (state->judged && fstat(fd, &st) == 0 && is_same(&st, &state->stamp))
		return state->good ? IMAGES_OK : IMAGES_UNFIT;
	return judge(s, image, fd);
}

/* Opens the file anew, and judges it if it is another than before. NULL: *verdict tells why. */
static struct images_slot *take_in(struct images *s, struct catalog_image *image,
                                   enum images_verdict *verdict)
{
	struct images_slot *slot;
	int fd;

	if (clock_monotonic() < image->state.retry_at) {
		*verdict = image->state.unfit ? IMAGES_UNFIT : IMAGES_BUSY;
		return NULL;
	}
	fd = open_image(s, image);
	*verdict = fd < 0 ? fail(image, errno) : look(s, image, fd);
	if (*verdict != IMAGES_OK) {
		if (fd >= 0)
			close(fd);
		postpone(image, *verdict);
		return NULL;
	}
	slot = free_slot(s);
	*slot = (struct images_slot){.image = image, .fd = fd};
	return slot;
}

/* ---- reading ---- */

static int read_all(int fd, uint64_t offset, size_t length, char *bytes)
{
	while (length > 0) {
		ssize_t n = pread(fd, bytes, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n < 0 ? errno : EBUSY; /* it was cut off meanwhile */
			return -1;
		}
		bytes += n;
		offset += (uint64_t)n;
		length -= (size_t)n;
	}
	return 0;
}

/* Reads from the image's file; false: it is another now than when it was judged. */
static bool read_slot(struct images *s, const struct catalog_image *image, struct images_slot *slot,
                      uint64_t offset, size_t length, char *bytes)
{
	struct stat st;

	slot->used = ++s->uses;
	if (read_all(slot->fd, offset, length, bytes) == 0 && fstat(slot->fd, &st) == 0 &&
	    is_same(&st, &image->state.stamp))
		return true;
	empty(slot);
	return false;
}

enum images_verdict images_read(struct images *s, struct catalog_image *image, uint64_t offset,
                                size_t length, char *bytes)
{
	struct images_slot *slot = find_slot(s, image);
	enum images_verdict verdict;

	if (slot && read_slot(s, image, slot, offset, length, bytes))
		return IMAGES_OK;
	slot = take_in(s, image, &verdict);
	if (!slot)
		return verdict;
	if (read_slot(s, image, slot, offset, length, bytes))
		return IMAGES_OK;
	return postpone(image, fail(image, EBUSY));
}
