/* A proposal to its file; see proposal.h. */
#include "proposal.h"

#include "base/msg.h"
#include "stream/out.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name that is a file's and one that schema_set.h does not pass over. */
static bool names_a_file(struct slice name)
{
	return name.len > 0 && name.ptr[0] != '.' && name.ptr[name.len - 1] != '~' &&
	       !memchr(name.ptr, '/', name.len);
}

static int fail(const char *path)
{
	msg_warn("cannot write '%s': %s", path, strerror(errno));
	return -1;
}

static int make_directory(const char *path)
{
	return mkdir(path, 0777) < 0 && errno != EEXIST ? fail(path) : 0;
}

static int write_file(const char *path, const struct kind *k)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	struct out out;

	if (fd < 0)
		return fail(path);
	out_init(&out, fd, path);
	proposal_append(&out.buf, k);
	out_close(&out);
	return 0;
}

int proposal_write(const char *dir, const struct kind *k)
{
	struct buf path = {0};
	int result = -1;

	if (!names_a_file(k->type) || !names_a_file(k->version)) {
		msg_warn("no schema for type '%.*s', version '%.*s': these are no file names",
		         SLICE_ARG(k->type), SLICE_ARG(k->version));
		return -1;
	}
	buf_printf(&path, "%s/%.*s", dir, SLICE_ARG(k->type));
	if (make_directory(dir) == 0 && make_directory(buf_string(&path)) == 0) {
		buf_printf(&path, "/%.*s.json", SLICE_ARG(k->version));
		result = write_file(buf_string(&path), k);
	}
	buf_free(&path);
	return result;
}
