/* fetch: what follows on what, without disk, network or clock. */
#include "../unit.h"

#include "../../../cmd/fw-fetch/fetch.h"

#include <inttypes.h>
#include <stdio.h>

enum { CHUNK = 1000, SECOND = 1000000 };

/* Does what fetch_next() says, and writes it down. */
static struct world {
	struct fetch f;
	int64_t now;
	uint64_t on_disk;    /* chunks, as FETCH_OPEN finds them and FETCH_SAVE leaves them */
	const char *failure; /* of the next action `failing` */
	enum fetch_action failing;
	char asked[16][WINDOW_CORRELATION_MAX]; /* the correlation data by chunk */
	unsigned unanswered;
	struct buf log;
} w;

static const struct fetch_config defaults = {
    .runs = true,
    .in_flight = 2,
    .timeout = 10 * SECOND,
    .seed = 1,
};

static struct fetch_image image_of(uint64_t sequence, uint64_t size)
{
	struct fetch_image image = {.sequence = sequence, .size = size, .chunk = CHUNK};

	snprintf(image.version, sizeof(image.version), "v%" PRIu64, sequence);
	image.sha256[0] = (unsigned char)sequence;
	return image;
}

static void begin(const struct fetch_config *config)
{
	buf_free(&w.log);
	memset(&w, 0, sizeof(w));
	w.failing = FETCH_WAIT;
	fetch_init(&w.f, config);
}

static int end_world(void **state)
{
	(void)state;
	buf_free(&w.log);
	return 0;
}

static const char *failure_of(enum fetch_action action)
{
	return action == w.failing ? w.failure : NULL;
}

static void do_state(void)
{
	buf_printf(&w.log, "[%s %s %" PRIu64 "%s%s] ", fetch_state_name(w.f.state),
	           w.f.image.version, fetch_offset(&w.f), w.f.state == FETCH_FAILED ? " " : "",
	           w.f.state == FETCH_FAILED ? w.f.reason : "");
}

static void do_open(void)
{
	buf_append_string(&w.log, "open ");
	if (failure_of(FETCH_OPEN))
		fetch_done(&w.f, w.failure, w.now);
	else
		fetch_opened(&w.f, w.on_disk);
}

static void do_request(void)
{
	uint64_t chunk = w.f.request.offset / CHUNK;

	assert_in_range(chunk, 0, 15);
	buf_printf(&w.log, "ask %" PRIu64 "+%" PRIu32 " ", w.f.request.offset, w.f.request.length);
	memcpy(w.asked[chunk], w.f.request.correlation, strlen(w.f.request.correlation) + 1);
}

/* The other actions: their names, and an answer. */
static void do_other(enum fetch_action action)
{
	static const char *const names[] = {[FETCH_WRITE] = "write",
	                                    [FETCH_SAVE] = "save",
	                                    [FETCH_VERIFY] = "verify",
	                                    [FETCH_RUN] = "run",
	                                    [FETCH_RECORD] = "record"};

	buf_printf(&w.log, "%s ", names[action]);
	if (action == FETCH_SAVE && !failure_of(action))
		w.on_disk = w.f.window.base;
	fetch_done(&w.f, failure_of(action), w.now);
}

/* All that is to be done now; what it was. */
static const char *act(void)
{
	enum fetch_action action;

	buf_clear(&w.log);
	while ((action = fetch_next(&w.f, w.now)) != FETCH_WAIT) {
		if (action == FETCH_STATE)
			do_state();
		else if (action == FETCH_OPEN)
			do_open();
		else if (action == FETCH_REQUEST)
			do_request();
		else
			do_other(action);
	}
	if (w.log.len > 0)
		w.log.len--;
	return buf_string(&w.log);
}

static enum fetch_verdict manifest(uint64_t sequence, uint64_t size)
{
	struct fetch_image image = image_of(sequence, size);

	return fetch_manifest(&w.f, &image, w.now);
}

/* A good reply for a chunk that was asked for. */
static struct fetch_reply reply_for(uint64_t chunk)
{
	static const char bytes[CHUNK];
	uint64_t left = w.f.image.size - chunk * CHUNK;

	return (struct fetch_reply){
	    .correlation = slice_of(w.asked[chunk]),
	    .version = slice_of(w.f.image.version),
	    .offset = chunk * CHUNK,
	    .sound = true,
	    .bytes = {bytes, left < CHUNK ? left : CHUNK},
	};
}

static const char *answer(uint64_t chunk)
{
	struct fetch_reply reply = reply_for(chunk);

	assert_int_equal(fetch_reply(&w.f, &reply, w.now), FETCH_TAKEN);
	return act();
}

static enum fetch_reply_verdict refuse(uint64_t chunk, const char *error)
{
	struct fetch_reply reply = {.correlation = slice_of(w.asked[chunk]),
	                            .refusal = true,
	                            .busy = strcmp(error, "busy") == 0,
	                            .error = error};

	return fetch_reply(&w.f, &reply, w.now);
}

static void an_image_is_fetched_verified_and_installed(void **state)
{
	(void)state;
	begin(&defaults);
	assert_string_equal(act(), "");
	assert_int_equal(manifest(5, 2500), FETCH_ACCEPTED);
	assert_string_equal(act(), "open [downloading v5 0] ask 0+1000 ask 1000+1000");
	assert_int_equal(w.f.due, 10 * SECOND);
	assert_string_equal(answer(1), "write ask 2000+500");
	assert_string_equal(answer(0), "write");
	assert_string_equal(answer(2), "write save [downloaded v5 2500] verify [verified v5 2500] "
	                               "[updating v5 2500] run");
	assert_string_equal(act(), "");
	fetch_ran(&w.f, NULL);
	assert_string_equal(act(), "record [updated v5 2500]");
	assert_int_equal(w.f.config.installed, 5);
	assert_int_equal(manifest(5, 2500), FETCH_KNOWN);
	assert_string_equal(act(), "[updated v5 2500]");
}

static void without_a_command_it_ends_with_verified(void **state)
{
	struct fetch_config config = defaults;

	(void)state;
	config.runs = false;
	begin(&config);
	manifest(5, 1000);
	act();
	assert_string_equal(answer(0), "write save [downloaded v5 1000] verify [verified v5 1000]");
	assert_int_equal(w.f.config.installed, 0);
	assert_false(fetch_is_busy(&w.f));
}

static void what_is_on_the_disk_is_not_fetched_again(void **state)
{
	(void)state;
	begin(&defaults);
	w.on_disk = 2;
	manifest(5, 2500);
	assert_string_equal(act(), "open [downloading v5 2000] ask 2000+500");
	begin(&defaults);
	w.on_disk = 3;
	manifest(5, 2500);
	assert_string_equal(act(), "open [downloaded v5 2500] verify [verified v5 2500] "
	                           "[updating v5 2500] run");
}

static void a_lower_sequence_is_refused(void **state)
{
	struct fetch_config config = defaults;
	struct fetch_image image = image_of(9, 1000);

	(void)state;
	config.running = 4;
	config.installed = 6;
	begin(&config);
	assert_int_equal(manifest(5, 1000), FETCH_DOWNGRADE);
	assert_string_equal(act(), "");
	assert_int_equal(manifest(8, 1000), FETCH_ACCEPTED);
	act();
	assert_int_equal(manifest(7, 1000), FETCH_DOWNGRADE); /* than the one accepted last */
	config.allow_downgrade = true;
	begin(&config);
	assert_int_equal(manifest(5, 1000), FETCH_ACCEPTED);
	image.minimum = 8;
	assert_int_equal(fetch_manifest(&w.f, &image, 0), FETCH_ACCEPTED);
	assert_int_equal(w.f.config.floor, 8);
	assert_int_equal(manifest(7, 1000), FETCH_DOWNGRADE); /* never below the floor */
	assert_int_equal(manifest(8, 1000), FETCH_ACCEPTED);
}

static void what_is_installed_is_only_told(void **state)
{
	struct fetch_config config = defaults;

	(void)state;
	config.running = 4;
	begin(&config);
	assert_int_equal(manifest(4, 1000), FETCH_INSTALLED);
	assert_string_equal(act(), "[updated v4 1000]");
	config.installed = 6; /* and takes effect with the next start of the machine */
	begin(&config);
	assert_int_equal(manifest(6, 1000), FETCH_INSTALLED);
	assert_string_equal(act(), "[updated v6 1000]");
	assert_int_equal(manifest(4, 1000), FETCH_DOWNGRADE);
	config.allow_downgrade = true;
	begin(&config);
	assert_int_equal(manifest(4, 1000), FETCH_ACCEPTED);
	config.allow_downgrade = false;
	begin(&config);
	manifest(7, 1000);
	act();
	assert_int_equal(manifest(6, 1000),
	                 FETCH_DOWNGRADE); /* not while another one is on its way */
}

/* What the device says it runs is no more what it will run, once another version was installed. */
static void what_was_replaced_by_a_lower_one_is_not_installed(void **state)
{
	struct fetch_config config = defaults;

	(void)state;
	config.running = config.installed = 6;
	config.allow_downgrade = true;
	begin(&config);
	w.on_disk = 1;
	manifest(5, 1000);
	act();
	fetch_ran(&w.f, NULL);
	assert_string_equal(act(), "record [updated v5 1000]");
	assert_int_equal(manifest(6, 1000), FETCH_ACCEPTED);
}

/* As a later manifest of the same image may raise it. */
static void the_minimum_of_what_is_installed_counts(void **state)
{
	struct fetch_config config = defaults;
	struct fetch_image image = image_of(6, 1000);

	(void)state;
	config.installed = 6;
	config.allow_downgrade = true;
	image.minimum = 6;
	begin(&config);
	assert_int_equal(fetch_manifest(&w.f, &image, 0), FETCH_INSTALLED);
	assert_int_equal(w.f.config.floor, 6);
	assert_int_equal(manifest(5, 1000), FETCH_DOWNGRADE);
}

static void a_newer_manifest_replaces_the_fetch(void **state)
{
	char correlation[WINDOW_CORRELATION_MAX];
	struct fetch_reply old;

	(void)state;
	begin(&defaults);
	manifest(5, 2500);
	act();
	memcpy(correlation, w.asked[0], sizeof(correlation));
	old = reply_for(0);
	old.version = SLICE("v5");
	old.correlation = slice_of(correlation);
	assert_int_equal(manifest(6, 1500), FETCH_ACCEPTED);
	assert_string_equal(act(), "open [downloading v6 0] ask 0+1000 ask 1000+500");
	assert_int_equal(manifest(6, 1500), FETCH_KNOWN);
	assert_string_equal(act(), "");
	assert_int_equal(fetch_reply(&w.f, &old, 0), FETCH_STRAY);
}

static void replies_are_checked(void **state)
{
	struct fetch_reply reply;

	(void)state;
	begin(&defaults);
	reply = (struct fetch_reply){.correlation = SLICE("x"), .sound = true};
	assert_int_equal(fetch_reply(&w.f, &reply, 0), FETCH_STRAY); /* nothing was asked */
	manifest(5, 2500);
	act();
	assert_int_equal(fetch_reply(&w.f, &reply, 0), FETCH_STRAY);
	reply = reply_for(0);
	reply.version = SLICE("v6");
	assert_int_equal(fetch_reply(&w.f, &reply, 0), FETCH_MISMATCHED);
	reply = reply_for(0);
	reply.offset = 1000;
	assert_int_equal(fetch_reply(&w.f, &reply, 0), FETCH_MISMATCHED);
	reply = reply_for(0);
	reply.bytes.len--;
	assert_int_equal(fetch_reply(&w.f, &reply, 0), FETCH_MISMATCHED);
	assert_string_equal(act(), "");
	reply = reply_for(0);
	reply.sound = false;
	assert_int_equal(fetch_reply(&w.f, &reply, 0), FETCH_CORRUPT);
	w.now = SECOND;
	assert_string_equal(act(), "ask 0+1000"); /* again */
	assert_string_equal(answer(0), "write ask 2000+500");
	reply = reply_for(0);
	assert_int_equal(fetch_reply(&w.f, &reply, 0), FETCH_STRAY); /* twice */
	assert_string_equal(act(), "");
}

static void requests_are_sent_again_until_the_deadline(void **state)
{
	struct fetch_config config = defaults;
	unsigned asked = 0;

	(void)state;
	config.deadline = 300 * SECOND;
	config.in_flight = 1;
	begin(&config);
	manifest(5, 2500);
	act();
	while (w.now < 300 * SECOND - 1) {
		assert_true(w.f.due > w.now);
		assert_true(w.f.due <= 300 * SECOND);
		w.now = w.f.due;
		if (strcmp(act(), "ask 0+1000") == 0)
			asked++;
	}
	assert_in_range(asked, 4, 30);
	assert_int_equal(w.f.state, FETCH_FAILED);
	assert_string_equal(w.f.reason, "deadline: no answer");
	assert_int_equal(w.f.due, INT64_MAX);
	assert_int_equal(manifest(5, 2500), FETCH_KNOWN); /* starts it again */
	assert_string_equal(act(), "open [downloading v5 0] ask 0+1000");
	assert_string_equal(answer(0), "write ask 1000+1000");
}

static void refusals_end_it_but_busy_does_not(void **state)
{
	(void)state;
	begin(&defaults);
	manifest(5, 2500);
	act();
	for (int i = 0; i < 100; i++) {
		assert_int_equal(refuse(0, "busy"), FETCH_REPELLED);
		w.now += WINDOW_WAIT_MAX;
		act();
	}
	assert_int_equal(w.f.phase, FETCH_LOADING);
	for (int i = 0; i < FETCH_REFUSALS_MAX - 1; i++)
		refuse(0, "unknown-version");
	answer(0); /* counts from the start again */
	for (int i = 0; i < FETCH_REFUSALS_MAX; i++)
		refuse(2, "unknown-version");
	assert_string_equal(act(), "[failed v5 1000 unknown-version]");
}

static void what_is_written_is_saved_by_size_by_time_and_at_the_end(void **state)
{
	struct fetch_config config = defaults;

	(void)state;
	config.in_flight = 1;
	begin(&config);
	manifest(5, 10000);
	act();
	assert_string_equal(answer(0), "write ask 1000+1000");
	assert_int_equal(w.f.due, FETCH_SAVE_WAIT);
	w.now = FETCH_SAVE_WAIT;
	assert_string_equal(act(), "save [downloading v5 1000]");
	assert_int_equal(w.on_disk, 1);
	answer(1);
	fetch_stop(&w.f);
	assert_string_equal(act(), "save [downloading v5 2000]");
	assert_int_equal(w.on_disk, 2);
	assert_int_equal(w.f.due, INT64_MAX);
	begin(&config);
	w.f.config.in_flight = 1;
	manifest(5, 10000);
	act();
	w.f.unsaved = FETCH_SAVE_BYTES - CHUNK; /* as after a thousand chunks more */
	w.f.save_at = INT64_MAX;
	assert_string_equal(answer(0), "write save [downloading v5 1000] ask 1000+1000");
}

static void what_the_disk_refuses_is_told_once(void **state)
{
	static const enum fetch_action actions[] = {FETCH_OPEN, FETCH_WRITE, FETCH_SAVE,
	                                            FETCH_VERIFY, FETCH_RUN};

	(void)state;
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
		begin(&defaults);
		w.failing = actions[i];
		w.failure = "no-space";
		manifest(5, 1000);
		act();
		if (w.f.phase == FETCH_LOADING)
			answer(0);
		assert_int_equal(w.f.phase, FETCH_ENDED);
		assert_int_equal(w.f.state, FETCH_FAILED);
		assert_string_equal(w.f.reason, "no-space");
		w.now += 1000 * (int64_t)SECOND;
		assert_string_equal(act(), "");
		w.failing = FETCH_WAIT;
		assert_true(fetch_again(&w.f, w.now));
		act();
		if (w.f.phase == FETCH_LOADING)
			answer(0);
		assert_int_equal(w.f.phase, FETCH_RUNNING);
		assert_false(fetch_again(&w.f, w.now));
	}
}

static void a_command_that_failed_is_not_run_again_by_itself(void **state)
{
	struct fetch_config config = defaults;

	(void)state;
	begin(&defaults);
	w.on_disk = 1;
	manifest(5, 1000);
	act();
	fetch_ran(&w.f, "command: exit status 3");
	assert_string_equal(act(), "record [failed v5 1000 command: exit status 3]");
	assert_int_equal(w.f.config.failed, 5);
	assert_int_equal(manifest(5, 1000), FETCH_KNOWN);
	assert_string_equal(act(), "[failed v5 1000 command: exit status 3]");
	config.failed = 5; /* so it is after a restart */
	begin(&config);
	w.on_disk = 1;
	assert_int_equal(manifest(5, 1000), FETCH_ACCEPTED);
	assert_string_equal(act(), "[failed v5 0 command: failed before]");
	assert_true(fetch_again(&w.f, w.now));
	assert_string_equal(act(), "open [downloaded v5 1000] verify [verified v5 1000] "
	                           "[updating v5 1000] run");
	fetch_ran(&w.f, NULL);
	assert_string_equal(act(), "record [updated v5 1000]");
	assert_int_equal(w.f.config.failed, 0);
}

static void a_command_that_was_interrupted_is_run_again(void **state)
{
	(void)state;
	begin(&defaults);
	w.on_disk = 1;
	manifest(5, 1000);
	act();
	fetch_interrupted(&w.f, "command: ended by signal 15");
	assert_string_equal(act(), "[failed v5 1000 command: ended by signal 15]");
	assert_int_equal(w.f.config.failed, 0);
	manifest(5, 1000);
	assert_string_equal(act(), "open [downloaded v5 1000] verify [verified v5 1000] "
	                           "[updating v5 1000] run");
}

static void an_outcome_that_cannot_be_recorded_is_a_failure(void **state)
{
	(void)state;
	begin(&defaults);
	w.on_disk = 1;
	manifest(5, 1000);
	act();
	w.failing = FETCH_RECORD;
	w.failure = "read-only";
	fetch_ran(&w.f, NULL);
	assert_string_equal(act(), "record [failed v5 1000 read-only]");
}

static void a_manifest_waits_for_the_command(void **state)
{
	(void)state;
	begin(&defaults);
	w.on_disk = 1;
	manifest(5, 1000);
	act();
	assert_int_equal(manifest(5, 1000), FETCH_KNOWN);
	assert_int_equal(manifest(4, 1000), FETCH_DOWNGRADE);
	assert_int_equal(manifest(7, 1000), FETCH_LATER);
	assert_int_equal(manifest(6, 1000), FETCH_DOWNGRADE);
	assert_string_equal(act(), "");
	fetch_ran(&w.f, NULL);
	w.on_disk = 0;
	assert_string_equal(act(), "record [updated v5 1000] open [downloading v7 0] ask 0+1000");
}

static void a_command_is_waited_for_but_none_begun_at_the_end(void **state)
{
	(void)state;
	begin(&defaults);
	manifest(5, 1000);
	act();
	fetch_stop(&w.f);
	assert_string_equal(answer(0), "write save [downloaded v5 1000]");
	begin(&defaults);
	w.on_disk = 1;
	manifest(5, 1000);
	act();
	fetch_stop(&w.f);
	assert_string_equal(act(), "");
	fetch_ran(&w.f, NULL);
	assert_string_equal(act(), "record [updated v5 1000]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_image_is_fetched_verified_and_installed),
	    cmocka_unit_test(without_a_command_it_ends_with_verified),
	    cmocka_unit_test(what_is_on_the_disk_is_not_fetched_again),
	    cmocka_unit_test(a_lower_sequence_is_refused),
	    cmocka_unit_test(what_is_installed_is_only_told),
	    cmocka_unit_test(what_was_replaced_by_a_lower_one_is_not_installed),
	    cmocka_unit_test(the_minimum_of_what_is_installed_counts),
	    cmocka_unit_test(a_newer_manifest_replaces_the_fetch),
	    cmocka_unit_test(replies_are_checked),
	    cmocka_unit_test(requests_are_sent_again_until_the_deadline),
	    cmocka_unit_test(refusals_end_it_but_busy_does_not),
	    cmocka_unit_test(what_is_written_is_saved_by_size_by_time_and_at_the_end),
	    cmocka_unit_test(what_the_disk_refuses_is_told_once),
	    cmocka_unit_test(a_command_that_failed_is_not_run_again_by_itself),
	    cmocka_unit_test(a_command_that_was_interrupted_is_run_again),
	    cmocka_unit_test(an_outcome_that_cannot_be_recorded_is_a_failure),
	    cmocka_unit_test(a_manifest_waits_for_the_command),
	    cmocka_unit_test(a_command_is_waited_for_but_none_begun_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, end_world);
}
