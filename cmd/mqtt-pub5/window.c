#include "window.h"

#include "base/msg.h"
#include "link/mqtt_reason.h"

#include <stdlib.h>

static void append(struct flight_list *list, struct flight *f)
{
	f->prev = list->last;
	f->next = NULL;
	if (list->last)
		list->last->next = f;
	else
		list->first = f;
	list->last = f;
}

static void detach(struct flight_list *list, struct flight *f)
{
	if (f->prev)
		f->prev->next = f->next;
	else
		list->first = f->next;
	if (f->next)
		f->next->prev = f->prev;
	else
		list->last = f->prev;
}

void window_init(struct window *w, size_t size, bool keeps)
{
	*w = (struct window){
	    .mutex = PTHREAD_MUTEX_INITIALIZER,
	    .size = size,
	    .limit = size,
	    .keeps = keeps,
	};
	w->flights = calloc(size, sizeof(*w->flights));
	if (!w->flights)
		msg_die(EX_OSERR, "out of memory");
	for (size_t i = 0; i < size; i++)
		append(&w->idle, &w->flights[i]);
}

void window_limit(struct window *w, size_t limit)
{
	pthread_mutex_lock(&w->mutex);
	w->limit = limit < w->size ? limit : w->size;
	pthread_mutex_unlock(&w->mutex);
}

struct flight *window_begin(struct window *w, struct slice line, bool acknowledged)
{
	struct flight *f = NULL;

	pthread_mutex_lock(&w->mutex);
	if (!acknowledged || w->unanswered < w->limit)
		f = w->idle.first;
	w->waiting = !f;
	if (f) {
		detach(&w->idle, f);
		append(&w->under_way, f);
		w->under_way_count++;
		w->unanswered += acknowledged;
		f->acknowledged = acknowledged;
	}
	pthread_mutex_unlock(&w->mutex);
	if (f) {
		buf_clear(&f->line);
		buf_append_slice(&f->line, line);
	}
	return f;
}

/* Takes a flight out of those under way; with the mutex held. */
static void land(struct window *w, struct flight *f, struct flight_list *to)
{
	detach(&w->under_way, f);
	append(to, f);
	w->under_way_count--;
	w->unanswered -= f->acknowledged;
}

void window_cancel(struct window *w, struct flight *f)
{
	pthread_mutex_lock(&w->mutex);
	land(w, f, &w->idle);
	pthread_mutex_unlock(&w->mutex);
}

/* A main thread that waits for room is woken when half of it is free: not for each message. One
 * that takes what is settled takes all of it, so it is woken for the first. */
bool window_settle(struct window *w, struct mqtt_delivery *delivery, int reason)
{
	struct flight *f = (struct flight *)delivery;
	bool refused = reason >= MQTT_REASON_FAILURE;
	bool kept = refused || (w->keeps && f->acknowledged), wakes;

	pthread_mutex_lock(&w->mutex);
	f->reason = reason;
	wakes = kept && !w->settled.first;
	land(w, f, kept ? &w->settled : &w->idle);
	w->published += !refused;
	wakes |= w->waiting && (w->under_way_count <= w->size / 2) &&
	         (w->unanswered <= w->limit / 2);
	if (wakes)
		w->waiting = false;
	pthread_mutex_unlock(&w->mutex);
	return wakes;
}

struct flight *window_settled(struct window *w)
{
	struct flight *f;

	pthread_mutex_lock(&w->mutex);
	f = w->settled.first;
	pthread_mutex_unlock(&w->mutex);
	return f;
}

void window_done(struct window *w, struct flight *f)
{
	pthread_mutex_lock(&w->mutex);
	detach(&w->settled, f);
	append(&w->idle, f);
	pthread_mutex_unlock(&w->mutex);
}

bool window_is_empty(struct window *w)
{
	bool empty;

	pthread_mutex_lock(&w->mutex);
	empty = w->under_way_count == 0;
	w->waiting = !empty;
	pthread_mutex_unlock(&w->mutex);
	return empty;
}

struct flight *window_under_way(struct window *w)
{
	struct flight *f;

	pthread_mutex_lock(&w->mutex);
	f = w->under_way.first;
	pthread_mutex_unlock(&w->mutex);
	return f;
}

uint64_t window_published(struct window *w)
{
	uint64_t n;

	pthread_mutex_lock(&w->mutex);
	n = w->published;
	pthread_mutex_unlock(&w->mutex);
	return n;
}

void window_free(struct window *w)
{
	for (size_t i = 0; i < w->size; i++)
		buf_free(&w->flights[i].line);
	free(w->flights);
}
