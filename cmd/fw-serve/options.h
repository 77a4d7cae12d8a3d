/*
 * options: what fw-serve is told on its command line.
 */
#ifndef FW_SERVE_OPTIONS_H
#define FW_SERVE_OPTIONS_H

#include "record/filter.h"

#include <stddef.h>
#include <stdint.h>

enum {
	OPTIONS_KEYS_MAX = 8, /* --key */
	OPEN_IMAGES_DEFAULT = 16,
	OPEN_IMAGES_MAX = 1024,
	RATE_DEFAULT = 100, /* requests a second */
};
#define MAX_LINE_DEFAULT ((size_t)64 << 10) /* bytes; a request has a few hundred */

struct options {
	struct filter_options common;
	const char *directory;
	const char *keys[OPTIONS_KEYS_MAX]; /* files */
	size_t key_count;
	double rate;        /* requests a second, of one device */
	uint64_t bandwidth; /* bytes a second, of all; 0: no bound */
	size_t open_images;
};

/* Ends the process when something is wrong or missing. */
void options_parse(struct options *o, int argc, char **argv);

#endif
