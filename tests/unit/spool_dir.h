/*
 * spool_dir: a spool in a private directory, for tests of what reads and writes it.
 */
#ifndef SENSORPIPE_SPOOL_DIR_H
#define SENSORPIPE_SPOOL_DIR_H

#include "child.h"
#include "unit.h"

#include "durable/spool_reader.h"
#include "durable/spool_writer.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct spool_dir {
	char top[32];  /* a private directory */
	char path[64]; /* the spool in it */
	struct spool_options options;
};

static inline void spool_dir_make(struct spool_dir *d)
{
	strcpy(d->top, "/tmp/test_spool.XXXXXX");
	assert_non_null(mkdtemp(d->top));
	snprintf(d->path, sizeof(d->path), "%s/spool", d->top);
	d->options = (struct spool_options){
	    .path = d->path,
	    .sync = SPOOL_SYNC_NONE,
	    .segment_size = SPOOL_SEGMENT_DEFAULT,
	    .max_size = SPOOL_SIZE_DEFAULT,
	    .keep = 0,
	};
}

static inline void spool_dir_remove(struct spool_dir *d)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf '%s'", d->top);
	assert_int_equal(system(command), 0);
}

/* A message whose payload is its count. */
static inline enum spool_result spool_dir_append_one(struct spool_writer *w, unsigned count,
                                                     uint64_t *seq)
{
	char payload[64];
	struct message m = {
	    .received = 1700000000000000 + count,
	    .qos = 1,
	    .topic = SLICE("sensors/a/b"),
	    .content_type = SLICE("text/plain"),
	    .payload = {payload, (size_t)snprintf(payload, sizeof(payload), "%u\t\\", count)},
	};
	enum spool_result result = spool_append(w, &m, NULL);

	*seq = m.seq;
	return result;
}

/* Opens the spool, appends messages from..to-1, closes it; gives the number of the last one. */
static inline uint64_t spool_dir_append(const struct spool_dir *d, unsigned from, unsigned to)
{
	struct spool_writer *w = spool_writer_open(&d->options);
	uint64_t seq = 0;

	for (unsigned i = from; i < to; i++)
		assert_int_equal(spool_dir_append_one(w, i, &seq), SPOOL_OK);
	assert_int_equal(spool_writer_close(w), 0);
	return seq;
}

/* The count that spool_dir_append() gave a message. */
static inline unsigned spool_dir_count(const struct message *m)
{
	return (unsigned)strtoul(m->payload.ptr, NULL, 10);
}

/* Reads messages from..to-1, and no more. */
static inline void spool_dir_expect(const struct spool_dir *d, uint64_t after, unsigned from,
                                    unsigned to)
{
	struct spool_reader r;

	spool_reader_open(&r, d->path, after, false);
	for (unsigned i = from; i < to; i++) {
		assert_int_equal(spool_reader_next(&r), SPOOL_RECORD);
		assert_int_equal(spool_dir_count(&r.segment.message), i);
	}
	assert_int_equal(spool_reader_next(&r), SPOOL_END);
	assert_int_equal(r.partial, 0);
	spool_reader_close(&r);
}

static inline struct spool_segments spool_dir_segments(const struct spool_dir *d)
{
	struct spool_segments segments = {0};
	int fd = spool_open_directory(d->path);

	spool_list(fd, d->path, &segments);
	close(fd);
	return segments;
}

/* The path of the last segment. */
static inline const char *spool_dir_last_segment(const struct spool_dir *d)
{
	static char path[128];
	char name[SPOOL_NAME_SIZE];
	struct spool_segments segments = spool_dir_segments(d);

	assert_true(segments.count > 0);
	spool_segment_name(segments.firsts[segments.count - 1], name);
	snprintf(path, sizeof(path), "%s/%s", d->path, name);
	spool_segments_free(&segments);
	return path;
}

#endif
