/* capture: what is taken is in the spool, a full spool holds the message, failures refuse it. */
#include "../../../cmd/mqtt-sub5/capture.h"
#include "../spool_dir.h"

#include "base/clock.h"
#include "base/msg.h"
#include "durable/mark.h"

#include <poll.h>
#include <pthread.h>

static struct spool_dir dir;
static struct capture capture;

static int make(void **state)
{
	(void)state;
	spool_dir_make(&dir);
	return 0;
}

static int clean(void **state)
{
	(void)state;
	spool_dir_remove(&dir);
	return 0;
}

static enum mqtt_verdict take(unsigned count)
{
	char payload[16];
	const struct message m = {
	    .received = 1700000000000000,
	    .qos = 1,
	    .topic = SLICE("a/b"),
	    .payload = {payload, (size_t)snprintf(payload, sizeof(payload), "%u", count)},
	};

	return capture_message(&capture, &m);
}

/* A receive thread: takes messages until one is not taken. */
struct receiver {
	pthread_t thread;
	unsigned most;
	unsigned taken;
	enum mqtt_verdict last;
};

static void *receive(void *context)
{
	struct receiver *r = context;

	do {
		r->last = take(r->taken);
		r->taken += r->last != MQTT_REFUSED;
	} while (r->last == MQTT_TAKEN && r->taken < r->most);
	return NULL;
}

static void start(struct receiver *r, unsigned most)
{
	*r = (struct receiver){.most = most};
	assert_int_equal(pthread_create(&r->thread, NULL, receive, r), 0);
}

/* Does the main thread's part until capture_tick() says this. */
static void tick_until(enum capture_state wanted)
{
	int64_t give_up = clock_monotonic() + 20 * CLOCK_SECOND;

	while (capture_tick(&capture) != wanted) {
		struct pollfd pfd = {.fd = capture_fd(&capture), .events = POLLIN};
		int64_t left = capture_due(&capture) - clock_monotonic();

		assert_true(clock_monotonic() < give_up);
		poll(&pfd, 1, left > 0 ? (int)(left / 1000) + 1 : 0);
	}
}

static bool finish(void)
{
	capture_settle(&capture);
	return capture_finish(&capture);
}

/* So that the spool is full after some twenty messages. */
static void make_it_small(void)
{
	dir.options.segment_size = 512;
	dir.options.max_size = 1024;
	dir.options.keep = SPOOL_KEEP_DEFAULT;
}

/* A consumer that is always done. */
static void consume_all(void)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/" SPOOL_CHECKPOINTS, dir.path);
	fd = open(path, O_RDONLY);
	assert_int_equal(mark_write(fd, "unit", INT64_MAX), 0);
	close(fd);
}

static void expect_in_spool(unsigned count)
{
	spool_dir_expect(&dir, 0, 0, count);
}

static void takes_so_many(void **state)
{
	(void)state;
	dir.options.sync = SPOOL_SYNC_ALWAYS;
	capture_open(&capture, &dir.options, 60, 3, NULL);
	assert_int_equal(take(0), MQTT_TAKEN);
	assert_int_equal(take(1), MQTT_TAKEN);
	expect_in_spool(2);
	assert_int_equal(take(2), MQTT_LAST);
	assert_int_equal(take(3), MQTT_REFUSED);
	assert_int_equal(capture_counts(&capture).lines, 3);
	assert_int_equal(capture_counts(&capture).payload, 3);
	assert_int_equal(capture_tick(&capture), CAPTURE_FLOWS);
	assert_true(finish());
	assert_true(capture.observed.head > 0);
	assert_true(capture.observed.bytes > 0);
	assert_true(capture.observed.segments == 1);
	assert_true(capture.observed.full == 0);
	expect_in_spool(3);
}

static void tees_what_is_in_the_spool(void **state)
{
	struct handover h;
	struct buf copy = {0};
	char bytes[4096];
	ssize_t n;
	int fd;

	(void)state;
	handover_init(&h, UINT64_MAX);
	capture_open(&capture, &dir.options, 60, UINT64_MAX, &h);
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(take(i), MQTT_TAKEN);
	assert_true(handover_take(&h, &copy));
	fd = open(spool_dir_last_segment(&dir), O_RDONLY);
	n = read(fd, bytes, sizeof(bytes));
	close(fd);
	assert_int_equal(copy.len, n);
	assert_memory_equal(copy.ptr, bytes, copy.len);
	/* A reader that is not served any more stops nothing. */
	handover_close(&h);
	assert_int_equal(take(10), MQTT_TAKEN);
	assert_true(finish());
	expect_in_spool(11);
	buf_free(&copy);
	handover_free(&h);
}

/* All get in, one after the other, as the consumer makes room. */
static void a_full_spool_holds_the_message(void **state)
{
	struct receiver r;
	unsigned before;

	(void)state;
	make_it_small();
	capture_open(&capture, &dir.options, 1, UINT64_MAX, NULL);
	start(&r, 25);
	tick_until(CAPTURE_STUCK);
	before = (unsigned)capture_counts(&capture).lines;
	assert_in_range(before, 1, 24);
	assert_true(capture.told);
	assert_true(capture.observed.full == 1);
	/* It stays so, however often it is tried. */
	for (int i = 0; i < 2; i++) {
		poll(NULL, 0, 600);
		tick_until(CAPTURE_STUCK);
	}
	assert_int_equal(capture_counts(&capture).lines, before);
	expect_in_spool(before);
	consume_all();
	while (capture_counts(&capture).lines < 25)
		tick_until(CAPTURE_FLOWS);
	pthread_join(r.thread, NULL);
	assert_int_equal(r.taken, 25);
	tick_until(CAPTURE_FLOWS);
	assert_false(capture.told);
	assert_true(finish());
}

/* A spool that is full for moments only draws no word. */
static void is_patient(void **state)
{
	struct receiver r;

	(void)state;
	make_it_small();
	capture_open(&capture, &dir.options, 0, UINT64_MAX, NULL);
	assert_true(capture.patience == CAPTURE_PATIENCE);
	consume_all();
	start(&r, 20);
	while (capture_counts(&capture).lines < 20) {
		tick_until(CAPTURE_FLOWS);
		assert_false(capture.told);
		poll(NULL, 0, 20);
	}
	pthread_join(r.thread, NULL);
	assert_int_equal(r.taken, 20);
	assert_true(finish());
}

static void closing_refuses_what_is_held(void **state)
{
	struct receiver r;
	unsigned taken;

	(void)state;
	make_it_small();
	capture_open(&capture, &dir.options, 1, UINT64_MAX, NULL);
	start(&r, 1000);
	tick_until(CAPTURE_STUCK);
	taken = (unsigned)capture_counts(&capture).lines;
	capture_close(&capture);
	pthread_join(r.thread, NULL);
	assert_int_equal(r.last, MQTT_REFUSED);
	assert_int_equal(r.taken, taken);
	assert_true(finish());
	expect_in_spool(taken);
}

/* In a child, since it says so. The spool goes away: no segment can be begun. */
static void lose_the_spool(const void *arg)
{
	(void)arg;
	msg_init("unit");
	dir.options.segment_size = 1;
	capture_open(&capture, &dir.options, 60, UINT64_MAX, NULL);
	assert_int_equal(take(0), MQTT_TAKEN);
	spool_dir_remove(&dir);
	assert_int_equal(take(1), MQTT_REFUSED);
	assert_int_equal(take(2), MQTT_REFUSED);
	assert_int_equal(capture_tick(&capture), CAPTURE_FAILED);
	assert_int_equal(capture_counts(&capture).lines, 1);
	assert_false(finish());
}

static void a_failure_refuses_all(void **state)
{
	static struct child child;

	(void)state;
	run_child(&child, lose_the_spool, NULL);
	assert_int_equal(child.status, 0);
	assert_non_null(strstr(child.text, "cannot write the spool"));
	assert_non_null(strstr(child.text, "No such file or directory"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(takes_so_many),
	    TEST(tees_what_is_in_the_spool),
	    TEST(a_full_spool_holds_the_message),
	    TEST(is_patient),
	    TEST(closing_refuses_what_is_held),
	    TEST(a_failure_refuses_all),
	};

	msg_init("unit");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
