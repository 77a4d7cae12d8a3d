#include "durable/spool.h"

#include "base/msg.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DIGITS = 20 };

void spool_segment_name(uint64_t first, char name[SPOOL_NAME_SIZE])
{
	snprintf(name, SPOOL_NAME_SIZE, "%0*" PRIu64 ".m1", DIGITS, first);
}

bool spool_is_segment(const char *name, uint64_t *first)
{
	*first = 0;
	for (int i = 0; i < DIGITS; i++) {
		unsigned digit = (unsigned)(name[i] - '0');

		if (digit > 9 || *first > (UINT64_MAX - digit) / 10)
			return false;
		*first = *first * 10 + digit;
	}
	return strcmp(name + DIGITS, ".m1") == 0;
}

int spool_open_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		msg_die(EX_NOINPUT, "cannot open the spool '%s': %s", path, strerror(errno));
	return fd;
}

static void add(struct spool_segments *s, uint64_t first)
{
	if (s->count == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		s->firsts = realloc(s->firsts, s->cap * sizeof(*s->firsts));
		if (!s->firsts)
			msg_die(EX_OSERR, "out of memory (%zu segments)", s->cap);
	}
	s->firsts[s->count++] = first;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void spool_list(int directory, const char *path, struct spool_segments *segments)
{
	/* A descriptor of its own: reading moves a position that others would share. */
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	uint64_t first;

	segments->count = 0;
	if (!dir)
		msg_die(EX_IOERR, "cannot read the spool '%s': %s", path, strerror(errno));
	while ((errno = 0, entry = readdir(dir)))
		if (spool_is_segment(entry->d_name, &first))
			add(segments, first);
	if (errno)
		msg_die(EX_IOERR, "cannot read the spool '%s': %s", path, strerror(errno));
	closedir(dir);
	if (segments->count)
		qsort(segments->firsts, segments->count, sizeof(*segments->firsts), compare);
}

void spool_segments_free(struct spool_segments *segments)
{
	free(segments->firsts);
	*segments = (struct spool_segments){0};
}
