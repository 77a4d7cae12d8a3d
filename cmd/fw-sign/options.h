/*
 * options: what fw-sign is told on its command line.
 */
#ifndef FW_SIGN_OPTIONS_H
#define FW_SIGN_OPTIONS_H

#include "base/slice.h"
#include "firmware/manifest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPTIONS_KEYS_MAX = 8 }; /* --key */

enum command { COMMAND_KEYGEN, COMMAND_SIGN, COMMAND_VERIFY, COMMAND_PUBLISH };

struct options {
	enum command command;
	const char *keys[OPTIONS_KEYS_MAX]; /* files */
	size_t key_count;
	/* Of sign: what it says goes into the manifest; size and digest are the image's. */
	struct manifest manifest;
	struct slice group; /* of publish; empty: none */
	const char *file;   /* the key of keygen, the image of sign, else the manifest */
	const char *image;  /* of verify; NULL: not given */
};

/* Ends the process when something is wrong, missing, or of another command. */
void options_parse(struct options *o, int argc, char **argv);

#endif
