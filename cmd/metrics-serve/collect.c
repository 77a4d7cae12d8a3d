#include "collect.h"

#include "base/clock.h"
#include "base/msg.h"
#include "exposition.h"
#include "observe/metrics.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct collection {
	struct exposition all;
	struct buf age, taken; /* samples about the files */
	struct buf content;    /* of one file */
	size_t bytes;          /* of all */
	int64_t now;
	struct collected counts;
};

/* Where a file is: WORKER/FILE or WORKER/PART/FILE. */
struct place {
	const char *worker, *part; /* part: NULL for none */
};

static bool is_name(const char *name)
{
	static const char alphanumeric[] = "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	if (!strchr(alphanumeric, name[0]))
		return false;
	name += strspn(name, alphanumeric);
	while (*name && strchr("._:@-", *name))
		name += 1 + strspn(name + 1, alphanumeric);
	return *name == '\0';
}

static bool is_metrics_file(const char *name)
{
	size_t len = strlen(name);

	return len > strlen(".prom") && strcmp(name + len - strlen(".prom"), ".prom") == 0;
}

/* For scandirat(3): neither hidden, nor of a name that a label could not show. */
static int wanted(const struct dirent *entry)
{
	if (entry->d_name[0] == '.')
		return 0;
	if (!is_name(entry->d_name))
		msg_warn("'%s': not a name; passed over", entry->d_name);
	return is_name(entry->d_name);
}

/* The whole file; false where it is larger than is left of the limits. */
static bool read_all(struct collection *c, int fd)
{
	size_t most = COLLECT_ALL_MAX - c->bytes;
	ssize_t n;

	if (most > COLLECT_FILE_MAX)
		most = COLLECT_FILE_MAX;
	buf_clear(&c->content);
	for (;;) {
		buf_reserve(&c->content, 4096);
		n = read(fd, c->content.ptr + c->content.len, c->content.cap - c->content.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		c->content.len += (size_t)n;
		if (c->content.len > most) {
			errno = EFBIG;
			return false;
		}
	}
}

static void tell_about(struct collection *c, const struct place *place, const char *name,
                       const struct stat *st, bool taken)
{
	struct buf labels = {0}, file = {0};
	int64_t changed = st->st_mtim.tv_sec * CLOCK_SECOND + st->st_mtim.tv_nsec / 1000;
	int64_t age = c->now > changed ? c->now - changed : 0;

	buf_printf(&file, "%s%s%s", place->part ? place->part : "", place->part ? "/" : "", name);
	metrics_label(&labels, "worker", slice_of(place->worker));
	metrics_label(&labels, "file", buf_slice(&file));
	buf_printf(&c->age, "sensorpipe_metrics_file_age_seconds{%s} %.3f\n", buf_string(&labels),
	           (double)age / CLOCK_SECOND);
	buf_printf(&c->taken, "sensorpipe_metrics_file_taken{%s} %d\n", buf_string(&labels), taken);
	buf_free(&labels);
	buf_free(&file);
}

/* Why it cannot be taken, or NULL. */
static const char *take(struct collection *c, const struct place *place, int fd, mode_t mode)
{
	if (!S_ISREG(mode))
		return "not a file";
	if (!read_all(c, fd))
		return strerror(errno);
	if (exposition_add(&c->all, slice_of(place->worker), buf_slice(&c->content)) < 0)
		return "not in the Prometheus text format";
	c->bytes += c->content.len;
	return NULL;
}

static void add_file(struct collection *c, int directory, const struct place *place,
                     const char *name)
{
	/* A FIFO would hold a reader up. */
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	const char *fault;
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return; /* its tool has ended meanwhile */
	if (fd < 0 || fstat(fd, &st) < 0) {
		fault = strerror(errno);
	} else if (c->counts.files == COLLECT_FILES_MAX) {
		fault = "one file too many";
	} else {
		fault = take(c, place, fd, st.st_mode);
		tell_about(c, place, name, &st, !fault);
	}
	if (fault) {
		msg_warn("%s/%s%s%s: left out: %s", place->worker, place->part ? place->part : "",
		         place->part ? "/" : "", name, fault);
		c->counts.left_out++;
	} else {
		c->counts.files++;
	}
	if (fd >= 0)
		close(fd);
}

/* Calls `each` for every name in the directory, in order. -1 with errno where it cannot be read. */
static int for_each(struct collection *c, int directory, const struct place *place,
                    void (*each)(struct collection *c, int directory, const struct place *place,
                                 const char *name))
{
	struct dirent **entries;
	int count = scandirat(directory, ".", &entries, wanted, alphasort);

	if (count < 0)
		return -1;
	for (int i = 0; i < count; i++) {
		each(c, directory, place, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

/* -1 also where it is no directory. */
static int open_directory(int parent, const char *name)
{
	return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static void add_in_part(struct collection *c, int directory, const struct place *place,
                        const char *name)
{
	if (is_metrics_file(name))
		add_file(c, directory, place, name);
}

static void add_in_worker(struct collection *c, int directory, const struct place *place,
                          const char *name)
{
	struct place part = {place->worker, name};
	int fd;

	if (is_metrics_file(name)) {
		add_file(c, directory, place, name);
		return;
	}
	fd = open_directory(directory, name);
	if (fd < 0)
		return;
	for_each(c, fd, &part, add_in_part);
	close(fd);
}

static void add_worker(struct collection *c, int directory, const struct place *none,
                       const char *name)
{
	struct place place = {name, NULL};
	int fd = open_directory(directory, name);

	(void)none;
	if (fd < 0)
		return;
	for_each(c, fd, &place, add_in_worker);
	close(fd);
}

static void write_about_files(const struct collection *c, struct buf *text)
{
	buf_printf(text,
	           "# HELP sensorpipe_metrics_files Metrics files served here.\n"
	           "# TYPE sensorpipe_metrics_files gauge\n"
	           "sensorpipe_metrics_files %zu\n",
	           c->counts.files);
	if (c->age.len == 0)
		return;
	buf_append_string(text, "# HELP sensorpipe_metrics_file_age_seconds "
	                        "Time since a tool wrote its metrics file.\n"
	                        "# TYPE sensorpipe_metrics_file_age_seconds gauge\n");
	buf_append_slice(text, buf_slice(&c->age));
	buf_append_string(text, "# HELP sensorpipe_metrics_file_taken "
	                        "1 where the file's metrics are served, 0 where it is faulty.\n"
	                        "# TYPE sensorpipe_metrics_file_taken gauge\n");
	buf_append_slice(text, buf_slice(&c->taken));
}

int collect(const char *directory, struct buf *text, struct collected *counts)
{
	struct collection c = {.now = clock_now()};
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = 0, saved;

	if (fd >= 0)
		result = for_each(&c, fd, NULL, add_worker);
	else if (errno != ENOENT)
		result = -1;
	saved = errno;
	exposition_write(&c.all, text);
	write_about_files(&c, text);
	*counts = c.counts;
	exposition_free(&c.all);
	buf_free(&c.age);
	buf_free(&c.taken);
	buf_free(&c.content);
	if (fd >= 0)
		close(fd);
	errno = saved;
	return result;
}
