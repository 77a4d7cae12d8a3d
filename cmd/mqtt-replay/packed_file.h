/*
 * packed_file: a file of lines, compressed or not, or standard input.
 */
#ifndef MQTT_REPLAY_PACKED_FILE_H
#define MQTT_REPLAY_PACKED_FILE_H

#include "stream/line.h"
#include "stream/unpack.h"

#include <stdbool.h>
#include <stdint.h>

struct packed_file {
	const char *name;     /* for messages */
	struct unpack unpack; /* its offset is where reading is */
	bool is_regular;      /* what is not read stays */
	int fd;
};

/* Opens it ("-" is standard input), and goes on with it in `lines`. Ends the process with
 * EX_NOINPUT when it cannot be opened. */
void packed_file_open(struct packed_file *f, const char *path, struct line_reader *lines);

/* At the end of the lines: whether that is the end of the file. If not, says so. */
bool packed_file_is_whole(const struct packed_file *f, const struct line_reader *lines);

void packed_file_close(struct packed_file *f);

/* Bytes on the disk of the files; 0: not known. */
uint64_t packed_file_sizes(char *const *paths, size_t count);

#endif
