/*
 * options: the command line of mqtt-sub5; see mqtt-sub5(1).
 */
#ifndef MQTT_SUB5_OPTIONS_H
#define MQTT_SUB5_OPTIONS_H

#include "durable/spool_writer.h"
#include "link/mqtt_options.h"
#include "link/mqtt_session.h"

#include <stdbool.h>
#include <stdint.h>

struct options {
	struct mqtt_options mqtt;
	char **filters; /* with $share/GROUP/ where --share asks for it */
	int filter_count;
	int qos;
	bool keep;       /* the session outlives the process */
	uint32_t expiry; /* seconds */
	unsigned receive_maximum;
	uint32_t max_packet; /* bytes */
	uint64_t count;      /* messages to take; UINT64_MAX: no bound */
	int64_t wait;        /* microseconds to run; 0: no bound */
	bool only_subscribe;
	bool leave; /* take what is in the session, and end it */
	bool json;
	struct spool_options spool; /* path NULL: none */
	bool tee;                   /* to standard output, too; with a spool */
	const char *metrics;        /* NULL: none */
};

/* Reads and checks the command line; ends the process on --help, -V and bad usage. */
void options_read(struct options *o, int argc, char **argv);

void options_free(struct options *o);

#endif
