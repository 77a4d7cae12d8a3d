/*
 * options: the command line of mqtt-replay(1).
 */
#ifndef MQTT_REPLAY_OPTIONS_H
#define MQTT_REPLAY_OPTIONS_H

#include "record/filter.h"
#include "stream/pace.h"
#include "wanted.h"

#include <stdbool.h>
#include <stddef.h>

enum progress_wish { PROGRESS_WHERE_SEEN, PROGRESS_YES, PROGRESS_NO };

struct options {
	struct filter_options common;
	const char *spool;   /* a directory; NULL: the files are read */
	char *const *inputs; /* files, at least one; "-" is standard input */
	size_t input_count;

	bool follow, verify, salvage;
	bool has_after; /* wanted.after is given */
	const char *checkpoint;
	struct wanted wanted;
	struct pace pace;
	enum progress_wish progress;
};

/* Fills in defaults, then what is given; ends the process with EX_USAGE where it makes no sense.
 * The texts stay those of argv. */
void options_read(struct options *o, int argc, char **argv);

#endif
