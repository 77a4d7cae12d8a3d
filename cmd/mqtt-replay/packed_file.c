#include "packed_file.h"

#include "base/msg.h"
#include "record/input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_stdin(const char *path)
{
	return strcmp(path, "-") == 0;
}

void packed_file_open(struct packed_file *f, const char *path, struct line_reader *lines)
{
	struct stat st;

	*f = (struct packed_file){
	    .name = is_stdin(path) ? INPUT_STDIN : path,
	    .fd = is_stdin(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC),
	};
	if (f->fd < 0)
		msg_die(EX_NOINPUT, "cannot open '%s': %s", path, strerror(errno));
	f->is_regular = fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode);
	unpack_init(&f->unpack, f->fd);
	line_reopen(lines, f->fd, f->name);
	lines->source = unpack_source(&f->unpack);
}

bool packed_file_is_whole(const struct packed_file *f, const struct line_reader *lines)
{
	if (!lines->fault)
		return true;
	msg_warn("'%s': near byte %" PRIu64 ": %s; what is behind it cannot be read", f->name,
	         f->unpack.offset, lines->fault);
	return false;
}

void packed_file_close(struct packed_file *f)
{
	unpack_free(&f->unpack);
	if (f->fd != STDIN_FILENO)
		close(f->fd);
}

uint64_t packed_file_sizes(char *const *paths, size_t count)
{
	uint64_t total = 0;

	for (size_t i = 0; i < count; i++) {
		struct stat st;

		if (is_stdin(paths[i]) || stat(paths[i], &st) < 0 || !S_ISREG(st.st_mode))
			return 0;
		total += (uint64_t)st.st_size;
	}
	return total;
}
