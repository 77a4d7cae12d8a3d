#include "agent.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "firmware/request.h"
#include "state.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static struct slice manifest_of(const struct fetch_image *image)
{
	return (struct slice){image->manifest, image->manifest_len};
}

static struct part_image part_image_of(const struct fetch_image *image)
{
	struct part_image p = {
	    .version = image->version, .size = image->size, .chunk = image->chunk};

	memcpy(p.sha256, image->sha256, sizeof(p.sha256));
	return p;
}

/* ---- what goes out ---- */

static void tell(struct agent *a, enum fetch_state state, const struct fetch_image *image,
                 const char *reason)
{
	struct state s = {
	    .device = a->identity->device,
	    .model = a->identity->model,
	    .state = state,
	    .image = image,
	    .offset = image == &a->fetch.image ? fetch_offset(&a->fetch) : 0,
	    .reason = reason,
	};

	state_append(&a->out->buf, &s, clock_now());
	out_line(a->out);
	if (state == FETCH_FAILED)
		msg_warn("version %s failed: %s", image->version, reason);
	else if (state != FETCH_DOWNLOADING)
		msg_info("version %s %s", image->version, fetch_state_name(state));
}

static void send_request(struct agent *a)
{
	struct firmware_request request = {
	    .device = a->identity->device,
	    .correlation = slice_of(a->fetch.request.correlation),
	    .expiry = (uint32_t)((a->options->timeout + CLOCK_SECOND - 1) / CLOCK_SECOND),
	    .model = a->identity->model,
	    .version = slice_of(a->fetch.image.version),
	    .offset = a->fetch.request.offset,
	    .length = a->fetch.request.length,
	};

	request_append(&a->out->buf, &a->scratch, &request, clock_now());
	out_line(a->out);
}

/* ---- the disk ---- */

static void open_image(struct agent *a)
{
	struct part_image image = part_image_of(&a->fetch.image);
	const struct fetch_config *config = &a->fetch.config;
	struct slice manifest = manifest_of(&a->fetch.image);
	const char *reason = part_begin(&a->part, &image, manifest);
	uint64_t chunks = 0;

	if (!reason)
		reason = device_keep_floor(&a->device, config->floor);
	/* Where a command that failed is run again, its mark goes before: it may be interrupted. */
	if (!reason)
		reason = device_keep_outcome(&a->device, config->installed, config->failed);
	if (!reason)
		reason = part_open(&a->part, &image, manifest, &chunks);
	if (reason) {
		fetch_done(&a->fetch, reason, clock_monotonic());
		return;
	}
	fetch_opened(&a->fetch, chunks);
	msg_info("version %s, sequence %" PRIu64 ": %" PRIu64 " of %" PRIu64 " bytes are there",
	         a->fetch.image.version, a->fetch.image.sequence, fetch_offset(&a->fetch),
	         a->fetch.image.size);
}

/* The manifest as it is on the disk says what it said, and still has the right signature. */
static const char *verify_manifest(const struct agent *a)
{
	struct fetch_image again;
	struct refusal refusal;
	struct buf text = {0};
	const char *reason = NULL;

	if (part_manifest(&a->part, MANIFEST_MAX, &text) != 1 ||
	    !slice_equal(buf_slice(&text), manifest_of(&a->fetch.image)))
		reason = "manifest";
	else if (identity_check(a->identity, buf_slice(&text), &again, &refusal) < 0)
		reason = refusal.code;
	else if (again.sequence < a->device.floor)
		reason = "downgrade";
	buf_free(&text);
	return reason;
}

/* May take seconds: what was said so far goes out first. */
static const char *verify(struct agent *a)
{
	struct part_image image = part_image_of(&a->fetch.image);
	const char *reason = verify_manifest(a);

	out_flush(a->out);
	return reason ? reason : part_verify(&a->part, &image);
}

/* ---- the command ---- */

static const char *run(struct agent *a)
{
	char path[PATH_MAX];
	struct command_options o = {
	    .program = a->options->run,
	    .image = path,
	    .version = a->fetch.image.version,
	    .timeout = a->options->run_timeout,
	    .inherited = a->device.directory,
	};

	if ((size_t)snprintf(path, sizeof(path), "%s/%s.bin", a->options->directory, o.version) >=
	    sizeof(path))
		return "command: the path of the image is too long";
	out_flush(a->out);
	if (command_start(&a->command, &o) == 0)
		return NULL;
	msg_warn("cannot start '%s': %s", o.program, strerror(errno));
	return "command: cannot be started";
}

static void look_at_command(struct agent *a)
{
	char reason[FETCH_REASON_MAX];

	switch (command_ended(&a->command, reason, sizeof(reason))) {
	case COMMAND_RUNNING:
		break;
	case COMMAND_SUCCEEDED:
		fetch_ran(&a->fetch, NULL);
		break;
	case COMMAND_FAILED:
		fetch_ran(&a->fetch, reason);
		break;
	case COMMAND_INTERRUPTED:
		fetch_interrupted(&a->fetch, reason);
		break;
	}
}

/* ---- the loop ---- */

/* An action with an answer. */
static const char *perform(struct agent *a, enum fetch_action action)
{
	struct fetch *f = &a->fetch;

	switch (action) {
	case FETCH_WRITE:
		return part_write(&a->part, f->write.offset, f->write.bytes);
	case FETCH_SAVE:
		return part_save(&a->part, f->window.base);
	case FETCH_VERIFY:
		return verify(a);
	case FETCH_RUN:
		return run(a);
	case FETCH_RECORD:
		return device_keep_outcome(&a->device, f->config.installed, f->config.failed);
	default:
		msg_die(EX_SOFTWARE, "action %d is not known", (int)action);
	}
}

/* To verify takes long: what was asked meanwhile counts before what follows on it. */
static enum fetch_action next_action(struct fetch *f)
{
	if (stop_requested())
		fetch_stop(f);
	return fetch_next(f, clock_monotonic());
}

void agent_act(struct agent *a)
{
	struct fetch *f = &a->fetch;
	enum fetch_action action;

	look_at_command(a);
	while ((action = next_action(f)) != FETCH_WAIT) {
		if (action == FETCH_STATE)
			tell(a, f->state, &f->image, f->reason);
		else if (action == FETCH_REQUEST)
			send_request(a);
		else if (action == FETCH_OPEN)
			open_image(a);
		else
			fetch_done(f, perform(a, action), clock_monotonic());
	}
}

int64_t agent_due(const struct agent *a)
{
	return a->fetch.due < a->command.deadline ? a->fetch.due : a->command.deadline;
}

/* ---- events ---- */

enum fetch_verdict agent_manifest(struct agent *a, const struct fetch_image *image)
{
	enum fetch_verdict verdict = fetch_manifest(&a->fetch, image, clock_monotonic());

	if (verdict == FETCH_DOWNGRADE)
		agent_refused(a, image, "downgrade");
	/* Nothing is opened, which would keep it. What failed is warned of, and tried again. */
	if (!fetch_is_busy(&a->fetch))
		device_keep_floor(&a->device, a->fetch.config.floor);
	agent_act(a);
	return verdict;
}

void agent_refused(struct agent *a, const struct fetch_image *image, const char *code)
{
	if (fetch_is_busy(&a->fetch))
		return;
	tell(a, FETCH_FAILED, image, code);
	fetch_tell(&a->fetch); /* the last word, which the broker keeps */
}

enum fetch_reply_verdict agent_reply(struct agent *a, const struct firmware_reply *reply)
{
	struct fetch_reply r = {
	    .correlation = reply->correlation,
	    .refusal = reply->error != REPLY_NO_ERROR,
	    .busy = reply->error == REPLY_BUSY,
	    .error = reply_error_code(reply->error),
	    .version = reply->version,
	    .offset = reply->offset,
	    .sound = reply->sound,
	    .bytes = reply->bytes,
	};
	enum fetch_reply_verdict verdict = fetch_reply(&a->fetch, &r, clock_monotonic());

	agent_act(a);
	return verdict;
}

void agent_again(struct agent *a)
{
	if (fetch_again(&a->fetch, clock_monotonic()))
		msg_info("version %s is tried again", a->fetch.image.version);
	else
		msg_info("nothing has failed that could be tried again");
	agent_act(a);
}

/* ---- the beginning and the end ---- */

/* What was under way when the process before this one ended. */
static void go_on(struct agent *a)
{
	struct fetch_image image;
	struct refusal refusal;
	struct buf text = {0};
	int found = part_manifest(&a->part, MANIFEST_MAX, &text);

	if (found < 0)
		msg_warn("cannot read '%s/%s': %s", a->options->directory, PART_MANIFEST,
		         strerror(errno));
	else if (found > 0 && identity_check(a->identity, buf_slice(&text), &image, &refusal) < 0)
		msg_warn("the manifest in '%s' is not taken any more: %s: %s",
		         a->options->directory, refusal.code, refusal.detail);
	else if (found > 0)
		fetch_manifest(&a->fetch, &image, clock_monotonic());
	buf_free(&text);
	agent_act(a);
}

void agent_open(struct agent *a, const struct agent_options *options,
                const struct identity *identity, struct out *out)
{
	struct fetch_config config = {
	    .running = options->running,
	    .allow_downgrade = options->allow_downgrade,
	    .runs = options->run != NULL,
	    .in_flight = options->in_flight,
	    .timeout = options->timeout,
	    .deadline = options->deadline,
	    .seed = options->seed,
	};

	a->options = options;
	a->identity = identity;
	a->out = out;
	device_open(&a->device, options->directory);
	config.installed = a->device.installed;
	config.failed = a->device.failed;
	config.floor = a->device.floor;
	part_init(&a->part, a->device.directory, options->directory);
	command_init(&a->command);
	fetch_init(&a->fetch, &config);
	go_on(a);
}

void agent_close(struct agent *a)
{
	fetch_stop(&a->fetch);
	agent_act(a);
	while (a->command.fd >= 0) {
		struct pollfd end = {.fd = a->command.fd, .events = POLLIN};
		int64_t left = a->command.deadline - clock_monotonic();
		int wait = left > 0 ? (int)(left / 1000 + 1) : 0;

		poll(&end, 1, a->command.deadline == INT64_MAX ? -1 : wait);
		agent_act(a);
	}
	part_close(&a->part);
	buf_free(&a->scratch);
}
