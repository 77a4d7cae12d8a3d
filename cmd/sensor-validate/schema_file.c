#include "schema_file.h"

#include "lint.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The content of a regular file of at most SCHEMA_FILE_MAX bytes; NULL, or what is wrong. */
static const char *read_file(const char *path, struct buf *content)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *fault = NULL;
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return strerror(errno);
	if (fstat(fd, &st) < 0)
		fault = strerror(errno);
	else if (!S_ISREG(st.st_mode))
		fault = "not a file";
	while (!fault) {
		buf_reserve(content, SCHEMA_FILE_MAX + 1 - content->len);
		n = read(fd, content->ptr + content->len, SCHEMA_FILE_MAX + 1 - content->len);
		if (n < 0 && errno != EINTR)
			fault = strerror(errno);
		else if (n > 0)
			content->len += (size_t)n;
		else if (n == 0)
			break;
		if (content->len > SCHEMA_FILE_MAX)
			fault = "over 1 MiB, the most a schema may have";
	}
	close(fd);
	return fault;
}

struct schema *schema_file_load(const char *path, enum schema_use use, struct faults *faults)
{
	struct buf text = {0};
	struct schema *schema = NULL;
	const char *fault = read_file(path, &text);

	faults->file = path;
	if (fault)
		faults_add_file(faults, path, fault);
	else
		schema = schema_compile(buf_slice(&text), use, faults);
	if (schema && faults->lint)
		lint_schema(schema, faults);
	buf_free(&text);
	return schema;
}
