/*
 * options: the command line of fw-fetch.
 */
#ifndef FW_FETCH_OPTIONS_H
#define FW_FETCH_OPTIONS_H

#include "agent.h"
#include "identity.h"
#include "record/filter.h"

struct options {
	struct filter_options common;
	struct identity identity;
	struct agent_options agent;
};

/* Reads the keys, too. Ends the process with EX_USAGE, or EX_CONFIG when a key cannot be used or
 * the command cannot be executed. */
void options_parse(struct options *o, int argc, char **argv);

#endif
