/*
 * agent: does what the state machine (fetch.h) says: the disk, the command, and the records that go
 * out.
 */
#ifndef FW_FETCH_AGENT_H
#define FW_FETCH_AGENT_H

#include "command.h"
#include "device.h"
#include "fetch.h"
#include "identity.h"
#include "part.h"

#include "firmware/reply.h"
#include "stream/out.h"

#include <stdbool.h>
#include <stdint.h>

struct agent_options {
	const char *directory;
	const char *run;     /* NULL: no command */
	int64_t run_timeout; /* microseconds */
	bool allow_downgrade;
	uint64_t running; /* sequence */
	unsigned in_flight;
	int64_t timeout, deadline; /* microseconds */
	uint64_t seed;
};

struct agent {
	struct fetch fetch;
	struct command command;

	/* Private. */
	const struct identity *identity;
	const struct agent_options *options;
	struct device device;
	struct part part;
	struct out *out;
	struct buf scratch; /* of the request that is written */
};

/* Opens the directory, and goes on with what is there. Ends the process as device_open() does. */
void agent_open(struct agent *a, const struct agent_options *options,
                const struct identity *identity, struct out *out);

/* A manifest that identity_check() found good, or refused although it is signed. */
enum fetch_verdict agent_manifest(struct agent *a, const struct fetch_image *image);
void agent_refused(struct agent *a, const struct fetch_image *image, const char *code);

enum fetch_reply_verdict agent_reply(struct agent *a, const struct firmware_reply *reply);

/* SIGHUP: what has failed is tried again. */
void agent_again(struct agent *a);

/* Does all that is to be done now. Once the tool is asked to stop (base/stop.h) nothing is begun,
 * neither a fetch nor a command: what comes in is only saved. */
void agent_act(struct agent *a);

/* When agent_act() is to be called at the latest, by clock_monotonic(); or when command.fd is
 * readable. */
int64_t agent_due(const struct agent *a);

/* The end of the input: saves what was written, and waits for a command that runs. */
void agent_close(struct agent *a);

#endif
