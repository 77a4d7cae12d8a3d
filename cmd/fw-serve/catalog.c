#include "catalog.h"

#include "base/msg.h"
#include "firmware/manifest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- one manifest ---- */

/* Reads a regular file whole; returns its length, at most MANIFEST_MAX + 1, or -1 with errno. */
static ssize_t read_manifest(int directory, const char *name, char text[MANIFEST_MAX + 1])
{
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), error;
	struct stat st;
	ssize_t len;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	len = pread(fd, text, MANIFEST_MAX + 1, 0);
	error = errno;
	close(fd);
	errno = error;
	return len;
}

/* Where a manifest is, and who may have signed it. */
struct place {
	int directory; /* of the model */
	struct slice model, version;
	const struct firmware_key *keys;
	size_t key_count;
};

/* NULL, or why the manifest does not count. */
static const char *judge(const struct place *p, struct slice text, struct manifest *m)
{
	const char *fault;

	if (p->key_count)
		manifest_open(text, p->keys, p->key_count, m, &fault);
	else
		manifest_parse(text, m, &fault);
	if (fault)
		return fault;
	if (!slice_equal(m->model, p->model))
		return "its model is another than its folder's";
	return slice_equal(m->version, p->version) ? NULL : "its version is another than its name";
}

static void add(struct catalog *c, const struct manifest *m)
{
	struct catalog_image *image = &c->images[c->count++];

	*image = (struct catalog_image){
	    .size = m->size,
	    .chunk = m->chunk,
	};
	memcpy(image->model, m->model.ptr, m->model.len);
	memcpy(image->version, m->version.ptr, m->version.len);
	memcpy(image->sha256, m->sha256, sizeof(image->sha256));
}

static void take_manifest(struct catalog *c, const struct place *p, const char *name)
{
	char text[MANIFEST_MAX + 1];
	ssize_t len = read_manifest(p->directory, name, text);
	struct manifest m;
	const char *fault = len < 0 ? strerror(errno) : NULL;

	if (!fault)
		fault = judge(p, (struct slice){text, (size_t)len}, &m);
	if (!fault && c->count == CATALOG_IMAGES_MAX)
		fault = "there are 4096 already";
	if (!fault) {
		add(c, &m);
		return;
	}
	msg_warn("'%.*s/%s' is not served: %s", SLICE_ARG(p->model), name, fault);
	c->refused++;
}

/* ---- folders ---- */

/* For each file in a folder; takes over the descriptor. 0, or -1 with errno. */
static int list(int fd, void (*take)(void *context, const char *name), void *context)
{
	DIR *entries = fdopendir(fd);
	const struct dirent *entry;
	int error;

	if (!entries) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	while (errno = 0, (entry = readdir(entries)) != NULL)
		if (entry->d_name[0] != '.')
			take(context, entry->d_name);
	error = errno;
	closedir(entries);
	errno = error;
	return error ? -1 : 0;
}

struct reading {
	struct catalog *catalog;
	struct place place;
	int top;
};

static void take_file(void *context, const char *name)
{
	static const struct slice suffix = {".manifest", 9};
	struct reading *r = context;
	struct slice version = slice_of(name);

	if (version.len <= suffix.len ||
	    memcmp(name + version.len - suffix.len, suffix.ptr, suffix.len) != 0)
		return;
	version.len -= suffix.len;
	r->place.version = version;
	take_manifest(r->catalog, &r->place, name);
}

static int open_folder(int directory, const char *name)
{
	return openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static void take_model(void *context, const char *name)
{
	struct reading *r = context;
	int fd, again;

	if (firmware_model_fault(slice_of(name)))
		return;
	fd = open_folder(r->top, name);
	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP))
		return;
	again = fd < 0 ? -1 : open_folder(fd, "."); /* to be listed, which closes it */
	r->place.model = slice_of(name);
	r->place.directory = fd;
	if (again < 0 || list(again, take_file, r) < 0)
		msg_warn("'%s' cannot be listed: %s", name, strerror(errno));
	if (fd >= 0)
		close(fd);
}

static int compare(const void *a, const void *b)
{
	const struct catalog_image *x = a, *y = b;
	int order = strcmp(x->model, y->model);

	return order ? order : strcmp(x->version, y->version);
}

int catalog_read(struct catalog *c, int directory, const struct firmware_key *keys,
                 size_t key_count)
{
	struct reading r = {
	    .catalog = c,
	    .place = {.keys = keys, .key_count = key_count},
	    .top = directory,
	};
	int fd = open_folder(directory, ".");

	*c = (struct catalog){.images = calloc(CATALOG_IMAGES_MAX, sizeof(*c->images))};
	if (!c->images)
		msg_die(EX_OSERR, "out of memory");
	if (fd < 0 || list(fd, take_model, &r) < 0) {
		int error = errno;

		catalog_free(c);
		errno = error;
		return -1;
	}
	qsort(c->images, c->count, sizeof(*c->images), compare);
	return 0;
}

/* ---- looking up ---- */

/* As strcmp(3), of a string and a slice without NUL. */
static int compare_name(const char *name, struct slice wanted)
{
	int order = strncmp(name, wanted.ptr, wanted.len);

	return order ? order : (unsigned char)name[wanted.len];
}

struct catalog_image *catalog_find(const struct catalog *c, struct slice model,
                                   struct slice version, bool *has_model)
{
	size_t low = 0, high = c->count;

	*has_model = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct catalog_image *image = &c->images[middle];
		int order = compare_name(image->model, model);

		*has_model |= order == 0;
		if (order == 0)
			order = compare_name(image->version, version);
		if (order == 0)
			return image;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

void catalog_inherit(struct catalog *c, const struct catalog *before)
{
	bool has_model;

	for (size_t i = 0; i < c->count; i++) {
		struct catalog_image *image = &c->images[i];
		const struct catalog_image *old = catalog_find(
		    before, slice_of(image->model), slice_of(image->version), &has_model);

		if (!old || memcmp(old->sha256, image->sha256, sizeof(image->sha256)) != 0 ||
		    old->size != image->size)
			continue;
		image->state = old->state;
		image->state.retry_at = 0; /* whoever asked for a reload has mended something */
	}
}

void catalog_free(struct catalog *c)
{
	free(c->images);
	*c = (struct catalog){0};
}
