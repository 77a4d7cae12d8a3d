/*
 * progress: how far a replay is, on standard error: a bar on a terminal, else a line now and then.
 */
#ifndef MQTT_REPLAY_PROGRESS_H
#define MQTT_REPLAY_PROGRESS_H

#include "base/buf.h"
#include "options.h"

#include <stdbool.h>
#include <stdint.h>

#define PROGRESS_REDRAW INT64_C(200000)   /* microseconds, on a terminal */
#define PROGRESS_REPEAT INT64_C(10000000) /* else */

struct progress_view {
	uint64_t done, total; /* bytes; total 0: not known */
	uint64_t messages;
	double rate;  /* messages a second */
	int64_t left; /* microseconds; -1: not known */
};

/* Appends a line of at most `width` columns, without a line end: as much of the bar and the numbers
 * as there is room for. */
void progress_render(struct buf *b, const struct progress_view *view, unsigned width);

/* The time that is left, going on as up to now; -1: not known. */
int64_t progress_left(uint64_t done, uint64_t total, int64_t elapsed);

struct progress {
	bool on, is_terminal, is_drawn;
	int64_t begun, shown, due; /* by clock_monotonic() */
	uint64_t messages;         /* when shown last */
	double rate;
	struct buf text;
};

/* `finite`: there is an end to be seen from here. */
void progress_open(struct progress *p, enum progress_wish wish, bool finite);

/* When to show it next, by clock_monotonic(); INT64_MAX: never. */
int64_t progress_due(const struct progress *p);

void progress_show(struct progress *p, uint64_t done, uint64_t total, uint64_t messages);

/* Takes it from the terminal. */
void progress_close(struct progress *p);

#endif
