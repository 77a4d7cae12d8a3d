#include "checkpoint.h"

#include "base/clock.h"
#include "base/msg.h"
#include "durable/mark.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Opens the directory that holds the file; sets c->name. */
static int open_directory(struct checkpoint *c)
{
	const char *slash = strrchr(c->path, '/');
	char *directory;
	int fd;

	c->name = slash ? slash + 1 : c->path;
	/* "/name" is in "/", "name" in ".". */
	directory = slash ? strndup(c->path, slash == c->path ? 1 : (size_t)(slash - c->path))
	                  : strdup(".");
	if (!directory)
		msg_die(EX_OSERR, "out of memory");
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		msg_die(EX_CANTCREAT, "--checkpoint: cannot open '%s': %s", directory,
		        strerror(errno));
	free(directory);
	return fd;
}

void checkpoint_open(struct checkpoint *c, const char *path)
{
	*c = (struct checkpoint){.directory = -1, .path = path};
	if (!path)
		return;
	c->directory = open_directory(c);
}

void checkpoint_advance(struct checkpoint *c, uint64_t seq)
{
	if (seq > c->committed)
		c->committed = seq;
}

static void replace(struct checkpoint *c)
{
	if (mark_write(c->directory, c->name, c->committed) == 0) {
		c->written = c->committed;
		c->warned = false;
	} else if (!c->warned) {
		msg_warn("cannot write the checkpoint '%s': %s", c->path, strerror(errno));
		c->warned = true;
	}
}

int64_t checkpoint_due(const struct checkpoint *c)
{
	return c->directory >= 0 && c->committed > c->written ? c->due : INT64_MAX;
}

void checkpoint_tick(struct checkpoint *c)
{
	int64_t due = checkpoint_due(c);
	int64_t now;

	if (due == INT64_MAX)
		return;
	now = clock_monotonic();
	if (now < due)
		return;
	c->due = now + CHECKPOINT_INTERVAL;
	replace(c);
}

void checkpoint_close(struct checkpoint *c)
{
	if (c->directory < 0)
		return;
	if (c->committed > c->written)
		replace(c);
	close(c->directory);
}
