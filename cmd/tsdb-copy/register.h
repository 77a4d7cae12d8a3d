/*
 * register: ids for the sensors and metrics of a batch that have none yet.
 *
 * Done by the database's register_sensors() and register_metrics(), in
 * transactions of their own before that of the batch: what they gave stays
 * valid whatever becomes of the batch.
 *
 * An id is trusted only in the session that gave it. The server that answers
 * after a reconnect may be a replica or a restored backup that never saw the id,
 * or has given it to another name since.
 */
#ifndef TSDB_COPY_REGISTER_H
#define TSDB_COPY_REGISTER_H

#include "batch.h"
#include "session.h"

enum { REGISTER_ARRAYS = 3 }; /* the most parameters of a statement */

struct registry {
	unsigned generation; /* of the session, from 1 */

	/* Scratch memory: what is to be registered, and the parameters for it. */
	void **queue;
	size_t count, cap;
	struct buf arrays[REGISTER_ARRAYS];
};

/*
 * Gives every sensor and metric of the batch an id. One the database refuses is
 * found by halving the queue; the readings that need it are rejected. A status
 * other than DB_OK means that it did not come to an end.
 */
enum db_status register_series(struct registry *g, struct session *s, struct batch *b);

/* To be called with every new session. */
static inline void register_forget(struct registry *g)
{
	g->generation++;
}

void register_free(struct registry *g);

#endif
