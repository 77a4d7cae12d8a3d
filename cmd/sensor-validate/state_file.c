#include "state_file.h"

#include "base/buf.h"
#include "base/clock.h"
#include "record/crc32c.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FIRST_LINE "sensor-validate state 1\n"

enum {
	HEAD_WORDS = 4,
	RECORD_WORDS = 9,
};

/* ---- words ---- */

static uint32_t crc_of(const uint64_t *words, size_t count)
{
	return crc32c((struct slice){(const char *)words, count * sizeof(*words)});
}

static uint64_t word_of(double value)
{
	uint64_t word;

	memcpy(&word, &value, sizeof(word));
	return htole64(word);
}

static double double_of(uint64_t word)
{
	double value;

	word = le64toh(word);
	memcpy(&value, &word, sizeof(value));
	return value;
}

static void encode(const struct series *s, uint64_t words[RECORD_WORDS])
{
	const struct history *h = &s->history;
	uint64_t crc;

	words[0] = htole64(s->name.low);
	words[1] = htole64(s->name.high);
	words[2] = htole64((uint64_t)h->time);
	words[3] = htole64((uint64_t)h->flat_since);
	words[4] = word_of(h->last);
	words[5] = word_of(h->before);
	words[6] = word_of(h->low);
	words[7] = word_of(h->high);
	words[8] = htole64(h->values | (uint64_t)h->failed << 8);
	crc = crc_of(words, RECORD_WORDS);
	words[8] |= htole64(crc << 32);
}

/* False when it is nothing that encode() gives. */
static bool decode(uint64_t words[RECORD_WORDS], struct siphash *name, struct history *h)
{
	uint64_t tail = le64toh(words[8]);

	words[8] = htole64(tail & 0xffff);
	*name = (struct siphash){le64toh(words[0]), le64toh(words[1])};
	*h = (struct history){
	    .time = (int64_t)le64toh(words[2]),
	    .flat_since = (int64_t)le64toh(words[3]),
	    .last = double_of(words[4]),
	    .before = double_of(words[5]),
	    .low = double_of(words[6]),
	    .high = double_of(words[7]),
	    .values = (uint8_t)tail,
	    .failed = (uint8_t)(tail >> 8),
	};
	return crc_of(words, RECORD_WORDS) == tail >> 32 && (tail & 0xffff0000) == 0 &&
	       h->time >= CLOCK_MIN && h->time <= CLOCK_MAX && h->flat_since >= CLOCK_MIN &&
	       h->flat_since <= CLOCK_MAX && isfinite(h->last) && isfinite(h->before) &&
	       isfinite(h->low) && isfinite(h->high) && h->values <= 2 &&
	       h->failed < QARTOD_FAILS_MAX;
}

/* ---- reading ---- */

static bool read_head(FILE *file, struct series_table *t, uint64_t *count)
{
	char line[sizeof(FIRST_LINE) - 1];
	uint64_t head[HEAD_WORDS];

	if (fread(line, sizeof(line), 1, file) != 1 ||
	    memcmp(line, FIRST_LINE, sizeof(line)) != 0 || fread(head, sizeof(head), 1, file) != 1)
		return false;
	if (le64toh(head[3]) != crc_of(head, HEAD_WORDS - 1))
		return false;
	t->key = (struct siphash){le64toh(head[0]), le64toh(head[1])};
	*count = le64toh(head[2]);
	return true;
}

static bool read_series(FILE *file, struct series_table *t)
{
	uint64_t words[RECORD_WORDS];
	struct siphash name;
	struct history h;

	if (fread(words, sizeof(words), 1, file) != 1 || !decode(words, &name, &h) ||
	    series_find(t, name))
		return false;
	series_add(t, name)->history = h;
	return true;
}

static enum state_status read_all(FILE *file, struct series_table *t)
{
	uint64_t count = 0;
	bool good = read_head(file, t, &count);

	while (good && count-- > 0)
		good = read_series(file, t);
	if (good && getc(file) != EOF)
		good = false;
	if (ferror(file))
		return STATE_UNREADABLE;
	return good ? STATE_READ : STATE_DAMAGED;
}

enum state_status state_file_read(const char *path, struct series_table *t)
{
	FILE *file = fopen(path, "re");
	enum state_status status;
	int error;

	if (!file)
		return errno == ENOENT ? STATE_ABSENT : STATE_UNREADABLE;
	status = read_all(file, t);
	error = errno;
	fclose(file);
	errno = error;
	t->evicted = 0;
	return status;
}

/* ---- writing ---- */

static bool write_all(FILE *file, const struct series_table *t)
{
	uint64_t head[HEAD_WORDS] = {htole64(t->key.low), htole64(t->key.high),
	                             htole64((uint64_t)t->count)};
	uint64_t words[RECORD_WORDS];
	bool good;

	head[3] = htole64(crc_of(head, HEAD_WORDS - 1));
	good = fputs(FIRST_LINE, file) != EOF && fwrite(head, sizeof(head), 1, file) == 1;
	for (const struct series *s = series_next(t, NULL); good && s; s = series_next(t, s)) {
		encode(s, words);
		good = fwrite(words, sizeof(words), 1, file) == 1;
	}
	return good && fflush(file) == 0 && fsync(fileno(file)) == 0;
}

static int write_temporary(const char *path, const struct series_table *t)
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
	good = write_all(file, t);
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

int state_file_write(const char *path, const struct series_table *t)
{
	struct buf temporary = {0};
	int result, error;

	buf_printf(&temporary, "%s.tmp", path);
	result = write_temporary(buf_string(&temporary), t);
	if (result == 0)
		result = rename(buf_string(&temporary), path);
	error = errno;
	if (result < 0)
		unlink(buf_string(&temporary));
	errno = error;
	buf_free(&temporary);
	return result < 0 ? -1 : sync_directory_of(path);
}
