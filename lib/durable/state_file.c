#include "durable/state_file.h"

#include "base/buf.h"
#include "record/crc32c.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { HEAD_WORDS = 4 };

/* ---- words ---- */

uint32_t state_crc(const uint64_t words[], size_t count)
{
	return crc32c((struct slice){(const char *)words, count * sizeof(*words)});
}

uint64_t state_word(double value)
{
	uint64_t word;

	memcpy(&word, &value, sizeof(word));
	return htole64(word);
}

double state_double(uint64_t word)
{
	double value;

	word = le64toh(word);
	memcpy(&value, &word, sizeof(value));
	return value;
}

/* ---- reading ---- */

static bool read_head(FILE *file, struct series_table *t, const struct state_form *form,
                      uint64_t *count)
{
	char line[STATE_LINE_MAX];
	size_t len = strlen(form->first_line);
	uint64_t head[HEAD_WORDS];

	if (fread(line, len, 1, file) != 1 || memcmp(line, form->first_line, len) != 0 ||
	    fread(head, sizeof(head), 1, file) != 1)
		return false;
	if (le64toh(head[3]) != state_crc(head, HEAD_WORDS - 1))
		return false;
	t->key = (struct siphash){le64toh(head[0]), le64toh(head[1])};
	*count = le64toh(head[2]);
	return true;
}

static bool read_series(FILE *file, struct series_table *t, const struct state_form *form)
{
	uint64_t words[STATE_WORDS_MAX];
	struct siphash name;

	if (fread(words, sizeof(*words), form->words, file) != form->words)
		return false;
	name = (struct siphash){le64toh(words[0]), le64toh(words[1])};
	return !series_find(t, name) && form->decode(words, series_data(series_add(t, name)));
}

static enum state_status read_all(FILE *file, struct series_table *t, const struct state_form *form)
{
	uint64_t count = 0;
	bool good = read_head(file, t, form, &count);

	while (good && count-- > 0)
		good = read_series(file, t, form);
	if (good && getc(file) != EOF)
		good = false;
	if (ferror(file))
		return STATE_UNREADABLE;
	return good ? STATE_READ : STATE_DAMAGED;
}

enum state_status state_file_read(const char *path, struct series_table *t,
                                  const struct state_form *form)
{
	FILE *file = fopen(path, "re");
	enum state_status status;
	int error;

	if (!file)
		return errno == ENOENT ? STATE_ABSENT : STATE_UNREADABLE;
	status = read_all(file, t, form);
	error = errno;
	fclose(file);
	errno = error;
	t->evicted = 0;
	return status;
}

/* ---- writing ---- */

static bool write_all(FILE *file, const struct series_table *t, const struct state_form *form)
{
	uint64_t head[HEAD_WORDS] = {htole64(t->key.low), htole64(t->key.high),
	                             htole64((uint64_t)t->count)};
	uint64_t words[STATE_WORDS_MAX];
	bool good;

	head[3] = htole64(state_crc(head, HEAD_WORDS - 1));
	good = fputs(form->first_line, file) != EOF && fwrite(head, sizeof(head), 1, file) == 1;
	for (struct series *s = series_next(t, NULL); good && s; s = series_next(t, s)) {
		words[0] = htole64(s->name.low);
		words[1] = htole64(s->name.high);
		form->encode(series_data(s), words);
		good = fwrite(words, sizeof(*words), form->words, file) == form->words;
	}
	return good && fflush(file) == 0 && fsync(fileno(file)) == 0;
}

static int write_temporary(const char *path, const struct series_table *t,
                           const struct state_form *form)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600), error;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	bool good;

	if (!file) {
		error = errno;
		if (fd >= 0)
			close(fd);
		errno = error;
		return -1;
	}
	good = write_all(file, t, form);
	error = errno;
	if (fclose(file) != 0 && good) {
		good = false;
		error = errno;
	}
	errno = error;
	return good ? 0 : -1;
}

static int sync_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf directory = {0};
	int fd, result;

	buf_append(&directory, path, slash ? (size_t)(slash - path) + 1 : 0);
	buf_putc(&directory, '.');
	fd = open(buf_string(&directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	result = fd < 0 ? -1 : fsync(fd);
	buf_free(&directory);
	if (fd >= 0)
		close(fd);
	return result;
}

int state_file_write(const char *path, const struct series_table *t, const struct state_form *form)
{
	struct buf temporary = {0};
	int result, error;

	buf_printf(&temporary, "%s.tmp", path);
	result = write_temporary(buf_string(&temporary), t, form);
	if (result == 0)
		result = rename(buf_string(&temporary), path);
	error = errno;
	if (result < 0)
		unlink(buf_string(&temporary));
	errno = error;
	buf_free(&temporary);
	return result < 0 ? -1 : sync_directory_of(path);
}
