#include "fetch.h"

#include <stdio.h>
#include <string.h>

static const char *const state_names[] = {
    [FETCH_DOWNLOADING] = "downloading", [FETCH_DOWNLOADED] = "downloaded",
    [FETCH_VERIFIED] = "verified",       [FETCH_UPDATING] = "updating",
    [FETCH_UPDATED] = "updated",         [FETCH_FAILED] = "failed",
};

const char *fetch_state_name(enum fetch_state state)
{
	return state_names[state];
}

void fetch_init(struct fetch *f, const struct fetch_config *config)
{
	*f = (struct fetch){
	    .config = *config,
	    .phase = FETCH_IDLE,
	    .window.random = config->seed,
	    .due = INT64_MAX,
	    .give_up = INT64_MAX,
	    .save_at = INT64_MAX,
	};
}

static void set_state(struct fetch *f, enum fetch_state state)
{
	f->state = state;
	f->tell = true;
}

/* The end of a fetch, good or bad. */
static void end(struct fetch *f, enum fetch_state state)
{
	f->phase = FETCH_ENDED;
	f->give_up = f->save_at = INT64_MAX;
	f->unsaved = 0;
	f->taking = NULL;
	set_state(f, state);
}

static void fail(struct fetch *f, const char *reason)
{
	snprintf(f->reason, sizeof(f->reason), "%s", reason);
	end(f, FETCH_FAILED);
}

/* ---- manifests ---- */

static bool same_image(const struct fetch_image *a, const struct fetch_image *b)
{
	return a->sequence == b->sequence && a->minimum == b->minimum && a->size == b->size &&
	       a->chunk == b->chunk && memcmp(a->sha256, b->sha256, sizeof(a->sha256)) == 0 &&
	       strcmp(a->version, b->version) == 0;
}

/* What runs is not what is installed where a later one was: it waits for the machine's restart. */
static bool is_installed(const struct fetch *f, uint64_t sequence)
{
	return sequence == f->config.installed ||
	       (f->config.running > f->config.installed && sequence == f->config.running);
}

/* The least sequence that may be installed. */
static uint64_t lowest(const struct fetch *f)
{
	uint64_t low = f->config.floor;

	if (f->config.allow_downgrade)
		return low;
	if (low < f->config.running)
		low = f->config.running;
	if (low < f->config.installed)
		low = f->config.installed;
	return low < f->accepted ? f->accepted : low;
}

static void open_image(struct fetch *f, int64_t now)
{
	f->phase = FETCH_OPENING;
	f->taking = NULL;
	f->unsaved = 0;
	f->save_at = INT64_MAX;
	f->refusals = 0;
	f->window.count = 0;
	f->obstacle = "no answer";
	f->give_up = f->config.deadline ? now + f->config.deadline : INT64_MAX;
}

static void raise_floor(struct fetch *f, uint64_t minimum)
{
	if (f->config.floor < minimum)
		f->config.floor = minimum;
}

static void accept_image(struct fetch *f, const struct fetch_image *image, int64_t now)
{
	f->image = *image;
	f->window.count = 0;
	f->accepted = image->sequence;
	raise_floor(f, image->minimum);
	if (image->sequence == f->config.failed)
		fail(f, "command: failed before");
	else
		open_image(f, now);
}

/* The manifest of the image at hand has come again. */
static void meet_again(struct fetch *f, int64_t now)
{
	if (f->phase != FETCH_ENDED)
		return;
	if (f->state == FETCH_FAILED && f->image.sequence != f->config.failed)
		open_image(f, now);
	else
		f->tell = true; /* the broker may have lost it */
}

void fetch_tell(struct fetch *f)
{
	f->tell = f->phase == FETCH_ENDED;
}

bool fetch_is_busy(const struct fetch *f)
{
	return f->phase != FETCH_IDLE && f->phase != FETCH_ENDED;
}

enum fetch_verdict fetch_manifest(struct fetch *f, const struct fetch_image *image, int64_t now)
{
	if (f->phase != FETCH_IDLE && same_image(image, &f->image)) {
		meet_again(f, now);
		return FETCH_KNOWN;
	}
	if (is_installed(f, image->sequence) && !fetch_is_busy(f)) {
		f->image = *image;
		raise_floor(f, image->minimum);
		end(f, FETCH_UPDATED);
		return FETCH_INSTALLED;
	}
	if (image->sequence < lowest(f) || (f->has_next && image->sequence < f->next.sequence))
		return FETCH_DOWNGRADE;
	if (f->phase == FETCH_RUNNING) {
		f->next = *image;
		f->has_next = true;
		return FETCH_LATER;
	}
	accept_image(f, image, now);
	return FETCH_ACCEPTED;
}

bool fetch_again(struct fetch *f, int64_t now)
{
	if (f->phase != FETCH_ENDED || f->state != FETCH_FAILED)
		return false;
	f->config.failed = 0;
	open_image(f, now);
	return true;
}

/* ---- replies ---- */

static void take_refusal(struct fetch *f, struct window_slot *slot, const struct fetch_reply *reply,
                         int64_t now)
{
	slot->refused = true;
	window_retry(&f->window, slot, now);
	f->obstacle = reply->error;
	if (!reply->busy && ++f->refusals == FETCH_REFUSALS_MAX)
		fail(f, reply->error);
}

enum fetch_reply_verdict fetch_reply(struct fetch *f, const struct fetch_reply *reply, int64_t now)
{
	struct window_slot *slot = NULL;

	if (f->phase == FETCH_LOADING)
		slot = window_find(&f->window, reply->correlation);
	if (!slot)
		return FETCH_STRAY;
	if (reply->refusal) {
		take_refusal(f, slot, reply, now);
		return FETCH_REPELLED;
	}
	if (!slice_is(reply->version, f->image.version) ||
	    reply->offset != slot->chunk * f->image.chunk ||
	    reply->bytes.len != window_length(&f->window, slot->chunk))
		return FETCH_MISMATCHED;
	if (!reply->sound) {
		f->obstacle = "corrupt replies";
		slot->refused = false;
		window_retry(&f->window, slot, now);
		return FETCH_CORRUPT;
	}
	f->taking = slot;
	f->write.offset = reply->offset;
	f->write.bytes = reply->bytes;
	return FETCH_TAKEN;
}

/* ---- the command ---- */

void fetch_ran(struct fetch *f, const char *failure)
{
	if (failure) {
		snprintf(f->reason, sizeof(f->reason), "%s", failure);
		f->config.failed = f->image.sequence;
	} else {
		f->config.installed = f->image.sequence;
		f->config.running = 0;
		f->config.failed = 0;
	}
	f->phase = FETCH_RECORDING;
}

void fetch_interrupted(struct fetch *f, const char *reason)
{
	fail(f, reason);
}

void fetch_stop(struct fetch *f)
{
	f->stopping = true;
	f->has_next = false;
}

/* ---- actions ---- */

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static enum fetch_action wait_until(struct fetch *f, int64_t due)
{
	f->due = due;
	return FETCH_WAIT;
}

static enum fetch_action give_up(struct fetch *f)
{
	char reason[FETCH_REASON_MAX];

	snprintf(reason, sizeof(reason), "deadline: %s", f->obstacle);
	fail(f, reason);
	f->tell = false;
	return FETCH_STATE;
}

static enum fetch_action send_request(struct fetch *f, const struct window_slot *slot)
{
	f->request.correlation = slot->correlation;
	f->request.offset = slot->chunk * f->image.chunk;
	f->request.length = window_length(&f->window, slot->chunk);
	f->counts.requests++;
	return FETCH_REQUEST;
}

static enum fetch_action load(struct fetch *f, int64_t now)
{
	const struct window_slot *slot;
	unsigned late;

	if (f->taking)
		return FETCH_WRITE;
	if (window_complete(&f->window)) {
		f->phase = FETCH_SAVING;
		return FETCH_SAVE;
	}
	if (f->unsaved >= FETCH_SAVE_BYTES || now >= f->save_at || (f->stopping && f->unsaved > 0))
		return FETCH_SAVE;
	if (f->stopping)
		return wait_until(f, INT64_MAX);
	if (now >= f->give_up)
		return give_up(f);
	late = window_time_out(&f->window, now);
	if (late > 0)
		f->obstacle = "no answer";
	f->counts.timeouts += late;
	slot = window_send(&f->window, now, f->config.timeout);
	if (slot)
		return send_request(f, slot);
	return wait_until(f, earlier(window_due(&f->window), earlier(f->save_at, f->give_up)));
}

static enum fetch_action start_command(struct fetch *f)
{
	if (f->state == FETCH_UPDATING)
		return FETCH_RUN;
	f->state = FETCH_UPDATING;
	return FETCH_STATE;
}

enum fetch_action fetch_next(struct fetch *f, int64_t now)
{
	if (f->phase == FETCH_ENDED && f->has_next && !f->tell) {
		f->has_next = false;
		accept_image(f, &f->next, now);
	}
	if (f->tell) {
		f->tell = false;
		return FETCH_STATE;
	}
	if (f->phase == FETCH_RECORDING)
		return FETCH_RECORD;
	if (f->phase == FETCH_LOADING)
		return load(f, now);
	if (f->stopping)
		return wait_until(f, INT64_MAX);
	switch (f->phase) {
	case FETCH_OPENING:
		return FETCH_OPEN;
	case FETCH_VERIFYING:
		return FETCH_VERIFY;
	case FETCH_STARTING:
		return start_command(f);
	default:
		return wait_until(f, INT64_MAX);
	}
}

/* ---- what became of them ---- */

static unsigned tenth_of(const struct fetch *f)
{
	return (unsigned)(f->window.base * 10 / f->window.count);
}

void fetch_opened(struct fetch *f, uint64_t chunks)
{
	window_begin(&f->window, f->image.size, f->image.chunk, chunks, f->config.in_flight,
	             f->window.random);
	f->tenth = tenth_of(f);
	if (window_complete(&f->window)) {
		f->phase = FETCH_VERIFYING;
		set_state(f, FETCH_DOWNLOADED);
	} else {
		f->phase = FETCH_LOADING;
		set_state(f, FETCH_DOWNLOADING);
	}
}

static void written(struct fetch *f, int64_t now)
{
	struct window_slot *slot = f->taking;

	f->taking = NULL;
	f->refusals = 0;
	if (f->unsaved == 0)
		f->save_at = now + FETCH_SAVE_WAIT;
	f->unsaved += f->write.bytes.len;
	window_take(&f->window, slot, now);
}

static void saved(struct fetch *f)
{
	f->unsaved = 0;
	f->save_at = INT64_MAX;
	if (f->phase == FETCH_SAVING) {
		f->phase = FETCH_VERIFYING;
		set_state(f, FETCH_DOWNLOADED);
	} else if (tenth_of(f) > f->tenth) {
		f->tenth = tenth_of(f);
		f->tell = true;
	}
}

static void verified(struct fetch *f)
{
	if (f->config.runs) {
		f->phase = FETCH_STARTING;
		set_state(f, FETCH_VERIFIED);
	} else {
		end(f, FETCH_VERIFIED);
	}
}

static void recorded(struct fetch *f)
{
	end(f, f->config.failed == f->image.sequence ? FETCH_FAILED : FETCH_UPDATED);
}

void fetch_done(struct fetch *f, const char *failure, int64_t now)
{
	if (failure) {
		fail(f, failure);
		return;
	}
	switch (f->phase) {
	case FETCH_LOADING:
		if (f->taking)
			written(f, now);
		else
			saved(f);
		break;
	case FETCH_SAVING:
		saved(f);
		break;
	case FETCH_VERIFYING:
		verified(f);
		break;
	case FETCH_STARTING:
		f->phase = FETCH_RUNNING;
		break;
	case FETCH_RECORDING:
		recorded(f);
		break;
	default:
		break;
	}
}

uint64_t fetch_offset(const struct fetch *f)
{
	if (f->phase == FETCH_ENDED && f->state != FETCH_FAILED)
		return f->image.size;
	return f->window.count > 0 ? window_offset(&f->window) : 0;
}
