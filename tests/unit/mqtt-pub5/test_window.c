/* window: every flight is idle, under way or refused; limits, order, and when the main thread is
 * woken. */
#include "../../../cmd/mqtt-pub5/window.h"
#include "../unit.h"

#include <pthread.h>
#include <stdio.h>

static struct flight *begin(struct window *w, const char *line, bool acknowledged)
{
	return window_begin(w, slice_of(line), acknowledged);
}

static void keeps_the_record(void **state)
{
	struct window w;
	struct flight *f;

	(void)state;
	window_init(&w, 2, false);
	f = begin(&w, "record", true);
	assert_non_null(f);
	assert_slice(buf_slice(&f->line), "record");
	assert_false(window_is_empty(&w));
	window_settle(&w, &f->delivery, 0);
	assert_true(window_is_empty(&w));
	assert_int_equal(window_published(&w), 1);
	assert_null(window_settled(&w));
	window_free(&w);
}

static void is_bounded(void **state)
{
	struct window w;
	struct flight *a, *b;

	(void)state;
	window_init(&w, 2, false);
	a = begin(&w, "a", true);
	b = begin(&w, "b", false);
	assert_non_null(a);
	assert_non_null(b);
	assert_null(begin(&w, "c", true));
	assert_null(begin(&w, "c", false));
	/* Someone waits for room: half of it is free now. */
	assert_true(window_settle(&w, &a->delivery, 0));
	assert_non_null(begin(&w, "c", true));
	/* Nobody waits. */
	assert_false(window_settle(&w, &b->delivery, 0));
	window_free(&w);
}

static void the_brokers_limit_is_for_acknowledged_ones(void **state)
{
	struct window w;
	struct flight *a;

	(void)state;
	window_init(&w, 10, false);
	window_limit(&w, 1);
	a = begin(&w, "a", true);
	assert_non_null(a);
	assert_null(begin(&w, "b", true));
	assert_non_null(begin(&w, "c", false));
	assert_null(begin(&w, "b", true));
	assert_true(window_settle(&w, &a->delivery, 0));
	assert_non_null(begin(&w, "b", true));
	/* The limit is never over the size. */
	window_limit(&w, 65535);
	assert_int_equal(w.limit, 10);
	window_free(&w);
}

static void refusals_are_kept_in_order(void **state)
{
	struct window w;
	struct flight *a, *b, *c;

	(void)state;
	window_init(&w, 3, false);
	a = begin(&w, "a", true);
	b = begin(&w, "b", true);
	c = begin(&w, "c", true);
	assert_true(window_settle(&w, &c->delivery, 0x97));
	window_settle(&w, &a->delivery, 0x87);
	window_settle(&w, &b->delivery, 0x10); /* no matching subscribers: published */
	assert_int_equal(window_published(&w), 1);
	assert_ptr_equal(window_settled(&w), c);
	assert_int_equal(c->reason, 0x97);
	window_done(&w, c);
	assert_ptr_equal(window_settled(&w), a);
	assert_slice(buf_slice(&a->line), "a");
	window_done(&w, a);
	assert_null(window_settled(&w));
	for (int i = 0; i < 3; i++)
		assert_non_null(begin(&w, "x", true));
	window_free(&w);
}

static void acknowledged_ones_are_kept_where_asked_for(void **state)
{
	struct window w;
	struct flight *a, *b, *c;

	(void)state;
	window_init(&w, 3, true);
	a = begin(&w, "a", true);
	b = begin(&w, "b", true);
	c = begin(&w, "c", false);
	/* Told for the first; the others are found with it. */
	assert_true(window_settle(&w, &b->delivery, 0));
	assert_false(window_settle(&w, &a->delivery, 0x87));
	assert_false(window_settle(&w, &c->delivery, 0)); /* QoS 0: nobody acknowledged it */
	assert_true(window_is_empty(&w));
	assert_int_equal(window_published(&w), 2);
	/* In the order of the answers, each with its record, until it is done with. */
	assert_ptr_equal(window_settled(&w), b);
	assert_int_equal(b->reason, 0);
	assert_slice(buf_slice(&b->line), "b");
	assert_ptr_equal(begin(&w, "d", true), c);
	assert_null(begin(&w, "e", true));
	window_done(&w, b);
	assert_ptr_equal(window_settled(&w), a);
	assert_int_equal(a->reason, 0x87);
	window_done(&w, a);
	assert_null(window_settled(&w));
	window_free(&w);
}

static void what_is_under_way_is_in_the_order_of_sending(void **state)
{
	struct window w;
	struct flight *f[4], *at;

	(void)state;
	window_init(&w, 4, false);
	for (int i = 0; i < 4; i++)
		f[i] = begin(&w, "x", true);
	window_settle(&w, &f[1]->delivery, 0);
	window_cancel(&w, f[3]);
	at = window_under_way(&w);
	assert_ptr_equal(at, f[0]);
	assert_ptr_equal(at->next, f[2]);
	assert_null(at->next->next);
	/* A flight that is begun again comes last. */
	f[1] = begin(&w, "y", true);
	assert_ptr_equal(f[2]->next, f[1]);
	window_free(&w);
}

enum { MESSAGES = 100000 };

struct relay {
	struct window *window;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct flight *sent; /* handed to the settling thread */
	bool woken;
};

static void *settle_all(void *context)
{
	struct relay *r = context;

	for (int i = 0; i < MESSAGES; i++) {
		struct flight *f;
		bool wakes;

		pthread_mutex_lock(&r->mutex);
		while (!r->sent)
			pthread_cond_wait(&r->changed, &r->mutex);
		f = r->sent;
		r->sent = NULL;
		pthread_cond_broadcast(&r->changed);
		pthread_mutex_unlock(&r->mutex);
		wakes = window_settle(r->window, &f->delivery, 0);
		pthread_mutex_lock(&r->mutex);
		r->woken |= wakes;
		pthread_cond_broadcast(&r->changed);
		pthread_mutex_unlock(&r->mutex);
	}
	return NULL;
}

/* The thread that waits for room is always woken. */
static void two_threads_settle_all(void **state)
{
	struct window w;
	struct relay r = {
	    .window = &w,
	    .mutex = PTHREAD_MUTEX_INITIALIZER,
	    .changed = PTHREAD_COND_INITIALIZER,
	};
	pthread_t thread;

	(void)state;
	window_init(&w, 3, false);
	assert_int_equal(pthread_create(&thread, NULL, settle_all, &r), 0);
	for (int i = 0; i < MESSAGES; i++) {
		struct flight *f;

		while (!(f = begin(&w, "x", true))) {
			pthread_mutex_lock(&r.mutex);
			while (!r.woken)
				pthread_cond_wait(&r.changed, &r.mutex);
			r.woken = false;
			pthread_mutex_unlock(&r.mutex);
		}
		pthread_mutex_lock(&r.mutex);
		while (r.sent)
			pthread_cond_wait(&r.changed, &r.mutex);
		r.sent = f;
		pthread_cond_broadcast(&r.changed);
		pthread_mutex_unlock(&r.mutex);
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(window_published(&w), MESSAGES);
	assert_true(window_is_empty(&w));
	window_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_the_record),
	    cmocka_unit_test(is_bounded),
	    cmocka_unit_test(the_brokers_limit_is_for_acknowledged_ones),
	    cmocka_unit_test(refusals_are_kept_in_order),
	    cmocka_unit_test(acknowledged_ones_are_kept_where_asked_for),
	    cmocka_unit_test(what_is_under_way_is_in_the_order_of_sending),
	    cmocka_unit_test(two_threads_settle_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
