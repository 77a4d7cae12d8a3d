/*
 * fetch: what a device does next about its firmware.
 *
 * A state machine without input, output, clock or allocation. Events come in by
 * functions (a manifest, a reply, the end of the command, time that passed);
 * fetch_next() says what is to be done, one action at a time, until it says
 * FETCH_WAIT. An action with a result is answered by fetch_done() before the next
 * call. Times are microseconds of the caller's monotonic clock.
 *
 *   IDLE -> OPENING -> LOADING -> SAVING -> VERIFYING -> STARTING -> RUNNING -> RECORDING -> ENDED
 *
 * An action that fails leads to ENDED with a reason; so does the deadline. What
 * failed starts again, from what is on the disk, with the next manifest, also
 * the same one; where the command failed, only with one of another sequence. By
 * fetch_again() it starts in any case.
 *
 * What may be installed: a sequence never below the highest `minimum` that was
 * ever accepted; and, unless downgrades are allowed, never below the one that is
 * installed, nor below the one that was accepted last.
 */
#ifndef FW_FETCH_FETCH_H
#define FW_FETCH_FETCH_H

#include "window.h"

#include "base/slice.h"
#include "firmware/manifest.h"
#include "firmware/name.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	FETCH_REASON_MAX = 128, /* bytes of a reason, with its NUL */
	FETCH_REFUSALS_MAX = 8, /* of the server, other than busy, with no chunk between them */
};
#define FETCH_SAVE_BYTES ((uint64_t)1 << 20) /* written, before the disk is synced */
#define FETCH_SAVE_WAIT  INT64_C(1000000)    /* microseconds, the same */

/* What of a manifest matters here; the manifest was found good. */
struct fetch_image {
	char version[FIRMWARE_NAME_MAX + 1];
	uint64_t sequence, minimum;
	uint64_t size;  /* bytes, at least 1 */
	uint32_t chunk; /* bytes */
	unsigned char sha256[SHA256_SIZE];
	char manifest[MANIFEST_MAX]; /* as it was received */
	size_t manifest_len;
};

struct fetch_config {
	uint64_t running;   /* the sequence the device says it runs; 0: it says none, or another was
	                       installed since */
	uint64_t installed; /* the sequence recorded as installed; 0: none */
	uint64_t failed;    /* the sequence whose command failed; 0: none */
	uint64_t floor;     /* the highest minimum accepted */
	bool allow_downgrade;
	bool runs;          /* there is a command */
	unsigned in_flight; /* requests, 1 to WINDOW_SLOTS */
	int64_t timeout;    /* of a request, microseconds */
	int64_t deadline;   /* of a fetch, microseconds; 0: none */
	uint64_t seed;
};

enum fetch_phase {
	FETCH_IDLE,
	FETCH_OPENING,
	FETCH_LOADING,
	FETCH_SAVING, /* all chunks are there */
	FETCH_VERIFYING,
	FETCH_STARTING, /* the command is to be started */
	FETCH_RUNNING,
	FETCH_RECORDING, /* the command has ended */
	FETCH_ENDED,
};

/* As told to the operator. */
enum fetch_state {
	FETCH_DOWNLOADING,
	FETCH_DOWNLOADED,
	FETCH_VERIFIED,
	FETCH_UPDATING,
	FETCH_UPDATED,
	FETCH_FAILED,
};
const char *fetch_state_name(enum fetch_state state);

enum fetch_action {
	FETCH_WAIT,    /* for an event, or for f->due */
	FETCH_STATE,   /* tell f->state; no answer */
	FETCH_OPEN,    /* make room for f->image and keep its manifest; fetch_opened() */
	FETCH_REQUEST, /* ask for f->request; no answer */
	FETCH_WRITE,   /* f->write; fetch_done() */
	FETCH_SAVE,    /* sync what is written, then keep f->window.base; fetch_done() */
	FETCH_VERIFY,  /* the whole image, and make it known by its name; fetch_done() */
	FETCH_RUN,     /* start the command; fetch_done(), and fetch_ran() when it has ended */
	FETCH_RECORD,  /* keep config.installed and config.failed; fetch_done() */
};

struct fetch {
	/* To be read by the caller. */
	struct fetch_config config; /* running, installed, failed and floor change */
	enum fetch_phase phase;
	struct fetch_image image; /* of all phases but FETCH_IDLE */
	struct window window;
	enum fetch_state state;
	char reason[FETCH_REASON_MAX]; /* of FETCH_FAILED */
	int64_t due;                   /* clock at which fetch_next() is to be called; INT64_MAX */
	struct {
		const char *correlation;
		uint64_t offset;
		uint32_t length;
	} request;
	struct {
		uint64_t offset;
		struct slice bytes;
	} write;

	struct {
		uint64_t requests, timeouts; /* sent, also again; of them not answered in time */
	} counts;

	/* Private. */
	struct window_slot *taking; /* the request whose reply is being written */
	int64_t give_up, save_at;   /* clock; INT64_MAX: not */
	uint64_t unsaved;           /* bytes */
	uint64_t accepted;          /* sequence of the manifest accepted last; 0: none */
	unsigned tenth;             /* of the image that was told last */
	unsigned refusals;          /* since the last chunk */
	const char *obstacle;       /* what held the fetch up last, a static text */
	bool tell;                  /* the state */
	bool stopping;
	bool has_next; /* a manifest that waits for the end of the command */
	struct fetch_image next;
};

void fetch_init(struct fetch *f, const struct fetch_config *config);

/* ---- events ---- */

enum fetch_verdict {
	FETCH_ACCEPTED,  /* it is fetched from now on */
	FETCH_KNOWN,     /* it is the one at hand */
	FETCH_INSTALLED, /* it is installed already; its minimum counts: config.floor is to be kept
	                  */
	FETCH_LATER,     /* it is looked at again when the command has ended */
	FETCH_DOWNGRADE, /* refused: its sequence is too low */
};

/* A manifest that is meant for this device. */
enum fetch_verdict fetch_manifest(struct fetch *f, const struct fetch_image *image, int64_t now);

/* What the server said. */
struct fetch_reply {
	struct slice correlation;
	bool refusal;
	bool busy;            /* the kind of refusal that passes */
	const char *error;    /* of a refusal: its code, a static text */
	struct slice version; /* of a chunk */
	uint64_t offset;      /* of a chunk */
	bool sound;           /* its checksum is right */
	struct slice bytes;   /* of a chunk; must live until fetch_next() gave FETCH_WAIT */
};

enum fetch_reply_verdict {
	FETCH_TAKEN,
	FETCH_STRAY,      /* nobody waits for it: too late, twice, or somebody else's */
	FETCH_MISMATCHED, /* not what was asked for by these correlation data */
	FETCH_CORRUPT,    /* its checksum is wrong */
	FETCH_REPELLED,   /* a refusal */
};
enum fetch_reply_verdict fetch_reply(struct fetch *f, const struct fetch_reply *reply, int64_t now);

/* Starts again what has failed; the command, too. False: nothing has. */
bool fetch_again(struct fetch *f, int64_t now);

/* What has become of the image at hand is told once more. */
void fetch_tell(struct fetch *f);

/* Whether the fetch of an image, or its command, is under way. */
bool fetch_is_busy(const struct fetch *f);

/* The command has ended. NULL, or why it failed. */
void fetch_ran(struct fetch *f, const char *failure);

/* The command was ended by somebody else: it may run again, with the next manifest or start. */
void fetch_interrupted(struct fetch *f, const char *reason);

/* Nothing more is to be fetched by this process: what was written is still saved, and a command
 * that runs is still waited for. */
void fetch_stop(struct fetch *f);

/* ---- actions ---- */

enum fetch_action fetch_next(struct fetch *f, int64_t now);

/* FETCH_OPEN was done: so many chunks are on the disk already. */
void fetch_opened(struct fetch *f, uint64_t chunks);

/* The action was done; or why it failed (at most FETCH_REASON_MAX - 1 bytes are kept). */
void fetch_done(struct fetch *f, const char *failure, int64_t now);

/* Bytes of the image that are there, from its start. */
uint64_t fetch_offset(const struct fetch *f);

#endif
