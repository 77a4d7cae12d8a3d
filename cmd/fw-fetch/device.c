#include "device.h"

#include "base/msg.h"
#include "durable/mark.h"
#include "files.h"
#include "part.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char installed_name[] = "installed", failed_name[] = "failed", floor_name[] = "floor";

static uint64_t read_mark(const struct device *d, const char *name)
{
	uint64_t value = 0;

	if (mark_read(d->directory, name, &value) >= 0)
		return value;
	if (errno == EINVAL)
		msg_die(EX_DATAERR, "'%s/%s' is not a number and a line end", d->path, name);
	msg_die(EX_IOERR, "cannot read '%s/%s': %s", d->path, name, strerror(errno));
}

void device_open(struct device *d, const char *path)
{
	d->path = path;
	if (mkdir(path, 0755) < 0 && errno != EEXIST && errno != EROFS)
		msg_die(EX_CANTCREAT, "cannot make '%s': %s", path, strerror(errno));
	d->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->directory < 0)
		msg_die(EX_CANTCREAT, "cannot open '%s': %s", path, strerror(errno));
	if (flock(d->directory, LOCK_EX | LOCK_NB) < 0)
		msg_die(EX_TEMPFAIL, "'%s' is in use by another fw-fetch, or by its command", path);
	d->installed = read_mark(d, installed_name);
	d->failed = read_mark(d, failed_name);
	d->floor = read_mark(d, floor_name);
}

/* Writes a mark that is another one than before; 0 is no file. */
static const char *keep(const struct device *d, const char *name, uint64_t *kept, uint64_t value)
{
	int written;

	if (*kept == value)
		return NULL;
	if (value > 0)
		written = mark_write(d->directory, name, value);
	else
		written = file_remove(d->directory, name) < 0 ? -1 : fsync(d->directory);
	if (written < 0) {
		int error = errno;

		msg_warn("cannot write '%s/%s': %s", d->path, name, strerror(error));
		return part_reason(error);
	}
	*kept = value;
	return NULL;
}

const char *device_keep_floor(struct device *d, uint64_t floor)
{
	return keep(d, floor_name, &d->floor, floor);
}

const char *device_keep_outcome(struct device *d, uint64_t installed, uint64_t failed)
{
	const char *reason = keep(d, installed_name, &d->installed, installed);

	return reason ? reason : keep(d, failed_name, &d->failed, failed);
}
