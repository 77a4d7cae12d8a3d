/*
 * options: the command line of mqtt-pub5; see mqtt-pub5(1).
 */
#ifndef MQTT_PUB5_OPTIONS_H
#define MQTT_PUB5_OPTIONS_H

#include "link/mqtt_options.h"
#include "record/filter.h"

#include <stdbool.h>
#include <stddef.h>

struct options {
	struct filter_options common;
	struct mqtt_options mqtt;
	int qos; /* -1: the record's */
	bool retain;
	const char *topic_prefix; /* "" for none */
	double rate;              /* messages a second; 0: as fast as the broker takes them */
	double speed;             /* times as fast as received; 0: as above */
	size_t window;
	bool acknowledged; /* write the records the broker acknowledged */
};

/* Reads and checks the command line; ends the process on --help, -V and bad usage. */
void options_read(struct options *o, int argc, char **argv);

void options_free(struct options *o);

#endif
