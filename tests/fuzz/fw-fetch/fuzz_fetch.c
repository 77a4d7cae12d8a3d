/*
 * Any order of events into the state machine, a byte each: what it wants done is within the image,
 * nothing is verified before all of it was written and saved, nothing runs before it was verified,
 * and what is too old is never taken.
 */
#include "../../../cmd/fw-fetch/fetch.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHUNK = 4096, CHUNKS_MOST = 80, ACTIONS_MOST = 1000 };

/* What the machine is part of. */
struct world {
	struct fetch f;
	int64_t now;
	bool written[CHUNKS_MOST]; /* of the image at hand */
	uint64_t kept;             /* chunks */
	char asked[CHUNKS_MOST][WINDOW_CORRELATION_MAX];
	bool verified, running;
	unsigned fail; /* the action that fails next; 0: none */
	uint64_t floor;
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void open_image(struct world *w)
{
	memset(w->written, 0, sizeof(w->written));
	memset(w->asked, 0, sizeof(w->asked));
	w->kept = 0;
	w->verified = false;
	must(w->f.image.sequence >= w->floor);
	fetch_opened(&w->f, 0);
}

static void note_request(struct world *w)
{
	uint64_t chunk = w->f.request.offset / CHUNK;

	must(w->f.request.offset % CHUNK == 0 && w->f.request.length > 0);
	must(w->f.request.offset + w->f.request.length <= w->f.image.size);
	must(!w->written[chunk]);
	memcpy(w->asked[chunk], w->f.request.correlation, strlen(w->f.request.correlation) + 1);
}

static void do_write(struct world *w)
{
	uint64_t chunk = w->f.write.offset / CHUNK;

	must(w->f.write.offset + w->f.write.bytes.len <= w->f.image.size);
	must(!w->written[chunk]);
	w->written[chunk] = true;
}

static void do_save(struct world *w)
{
	must(w->f.window.base >= w->kept);
	w->kept = w->f.window.base;
	for (uint64_t i = 0; i < w->kept; i++)
		must(w->written[i]);
}

static void perform(struct world *w, enum fetch_action action)
{
	switch (action) {
	case FETCH_WRITE:
		do_write(w);
		break;
	case FETCH_SAVE:
		do_save(w);
		break;
	case FETCH_VERIFY:
		must(w->kept * CHUNK >= w->f.image.size);
		w->verified = true;
		break;
	case FETCH_RUN:
		must(w->verified && !w->running);
		w->running = true;
		break;
	default:
		break;
	}
}

/* All that is to be done; it comes to rest. */
static void act(struct world *w)
{
	enum fetch_action action;
	int actions = 0;

	while ((action = fetch_next(&w->f, w->now)) != FETCH_WAIT) {
		bool fails = w->fail == (unsigned)action;

		must(++actions < ACTIONS_MOST);
		if (action == FETCH_STATE)
			continue;
		if (action == FETCH_REQUEST) {
			note_request(w);
			continue;
		}
		if (fails) {
			w->fail = 0;
			fetch_done(&w->f, "disk-error", w->now);
		} else if (action == FETCH_OPEN) {
			open_image(w);
		} else {
			perform(w, action);
			fetch_done(&w->f, NULL, w->now);
		}
	}
	must(w->f.due > w->now);
}

static void give_manifest(struct world *w, unsigned n)
{
	struct fetch_image image = {.sequence = 1 + n % 8, .chunk = CHUNK};
	enum fetch_verdict verdict;

	image.minimum = n % 16 >= 8 ? image.sequence : 0;
	image.size = (uint64_t)CHUNK * (1 + n * 7 % CHUNKS_MOST) - n % 3;
	snprintf(image.version, sizeof(image.version), "v%u", n);
	verdict = fetch_manifest(&w->f, &image, w->now);
	if (verdict == FETCH_ACCEPTED && image.minimum > w->floor)
		w->floor = image.minimum;
	must(w->f.config.floor >= w->floor);
	w->floor = w->f.config.floor;
}

/* A reply to some request, perhaps not what was asked for. */
static void give_reply(struct world *w, unsigned n)
{
	static const char bytes[CHUNK];
	uint64_t chunk = n % CHUNKS_MOST;
	uint64_t left = w->f.image.size > chunk * CHUNK ? w->f.image.size - chunk * CHUNK : 0;
	struct fetch_reply reply = {
	    .correlation = slice_of(w->asked[chunk]),
	    .refusal = n % 11 == 10,
	    .busy = n % 22 == 10,
	    .error = "unknown-version",
	    .version = slice_of(n % 13 == 12 ? "v" : w->f.image.version),
	    .offset = chunk * CHUNK + (n % 17 == 16),
	    .sound = n % 7 != 6,
	    .bytes = {bytes, left < CHUNK ? left : CHUNK},
	};

	fetch_reply(&w->f, &reply, w->now);
}

static void end_command(struct world *w, unsigned n)
{
	if (!w->running)
		return;
	w->running = false;
	if (n % 3 == 0)
		fetch_ran(&w->f, NULL);
	else if (n % 3 == 1)
		fetch_ran(&w->f, "command: exit status 1");
	else
		fetch_interrupted(&w->f, "command: ended by signal 15");
}

static void take_event(struct world *w, uint8_t kind, uint8_t n)
{
	switch (kind % 8) {
	case 0:
		give_manifest(w, n);
		break;
	case 1:
		w->now += (int64_t)n * 100000;
		break;
	case 2:
		w->fail = n % 16;
		break;
	case 3:
		fetch_again(&w->f, w->now);
		break;
	case 4:
		end_command(w, n);
		break;
	default:
		give_reply(w, n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world w;
	struct fetch_config config = {.runs = true, .in_flight = 3, .timeout = 1000000, .seed = 1};

	memset(&w, 0, sizeof(w));
	if (size > 0) {
		config.allow_downgrade = data[0] & 1;
		config.deadline = data[0] & 2 ? 60000000 : 0;
	}
	fetch_init(&w.f, &config);
	for (size_t i = 1; i + 1 < size; i += 2) {
		take_event(&w, data[i], data[i + 1]);
		act(&w);
	}
	fetch_stop(&w.f);
	act(&w);
	return 0;
}
