#include "durable/spool_trim.h"

#include "base/clock.h"
#include "base/msg.h"
#include "durable/mark.h"
#include "durable/segment.h"
#include "durable/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The checkpoints' own temporary and hidden files are none. */
static bool is_checkpoint(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && !(len > 4 && strcmp(name + len - 4, ".tmp") == 0);
}

static DIR *open_checkpoints(int directory)
{
	int fd = openat(directory, SPOOL_CHECKPOINTS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? NULL : fdopendir(fd);
}

static void warn_once(const char *path, const char *name)
{
	static bool warned;

	if (!warned)
		msg_warn("cannot read the checkpoint '%s/" SPOOL_CHECKPOINTS
		         "/%s': %s; nothing is deleted",
		         path, name, errno == EINVAL ? "it is not a number" : strerror(errno));
	warned = true;
}

struct spool_checkpoints spool_checkpoints(int directory, const char *path)
{
	struct spool_checkpoints all = {.least = UINT64_MAX, .readable = true};
	DIR *dir = open_checkpoints(directory);
	const struct dirent *entry;
	uint64_t seq;

	while (dir && (entry = readdir(dir))) {
		int read = is_checkpoint(entry->d_name) ? mark_read(dirfd(dir), entry->d_name, &seq)
		                                        : 0;

		if (read < 0) {
			warn_once(path, entry->d_name);
			all.readable = false;
		} else if (read > 0) {
			all.count++;
			all.least = seq < all.least ? seq : all.least;
			all.most = seq > all.most ? seq : all.most;
		}
	}
	if (dir)
		closedir(dir);
	return all;
}

/* How many segments, from the first on, every consumer has passed. */
static size_t count_passed(const struct spool_segments *segments, uint64_t checkpoint)
{
	size_t passed = 0;

	/* The last number of a segment is below the first of the next. */
	while (passed + 1 < segments->count && segments->firsts[passed + 1] - 1 <= checkpoint)
		passed++;
	return passed;
}

/* The last number of a segment, or, where that cannot be told, the last it may have. */
static uint64_t last_number(int directory, uint64_t first, uint64_t next)
{
	struct segment s;
	uint64_t last = next - 1;

	if (segment_open(&s, directory, first) < 0)
		return last;
	if (segment_last(&s) == SEGMENT_RECORD)
		last = s.message.seq;
	segment_close(&s);
	return last;
}

/* Notes what goes, so that a reader who needed it can tell, and deletes it. */
static bool delete (int directory, const char *path, uint64_t first, uint64_t next)
{
	static bool warned;
	char name[SPOOL_NAME_SIZE];

	spool_segment_name(first, name);
	if (mark_write(directory, SPOOL_TRIMMED, last_number(directory, first, next)) == 0 &&
	    unlinkat(directory, name, 0) == 0)
		return true;
	if (!warned)
		msg_warn("cannot delete '%s/%s': %s", path, name, strerror(errno));
	warned = true;
	return false;
}

static bool is_kept(const struct stat *st, int64_t keep)
{
	int64_t written = (int64_t)st->st_mtim.tv_sec * CLOCK_SECOND + st->st_mtim.tv_nsec / 1000;

	return clock_now() - written < keep;
}

/* Deletes the first `passed` segments as far as they may go. */
static struct spool_trimmed delete_passed(int directory, const char *path,
                                          const struct spool_segments *segments, size_t passed,
                                          int64_t keep, uint64_t room)
{
	struct spool_trimmed trimmed = {0};

	for (size_t i = 0; i < passed; i++) {
		char name[SPOOL_NAME_SIZE];
		struct stat st;

		spool_segment_name(segments->firsts[i], name);
		if (fstatat(directory, name, &st, 0) < 0 ||
		    (trimmed.bytes >= room && is_kept(&st, keep)) ||
		    !delete (directory, path, segments->firsts[i], segments->firsts[i + 1]))
			break;
		trimmed.segments++;
		trimmed.bytes += (uint64_t)st.st_size;
	}
	return trimmed;
}

struct spool_trimmed spool_trim(int directory, const char *path, int64_t keep, uint64_t room)
{
	struct spool_trimmed trimmed = {0};
	struct spool_segments segments = {0};
	struct spool_checkpoints consumers = spool_checkpoints(directory, path);

	spool_list(directory, path, &segments);
	if (consumers.count > 0 && consumers.readable)
		trimmed = delete_passed(directory, path, &segments,
		                        count_passed(&segments, consumers.least), keep, room);
	spool_segments_free(&segments);
	return trimmed;
}
