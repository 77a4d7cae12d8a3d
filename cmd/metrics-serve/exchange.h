/*
 * exchange: the bytes of one HTTP exchange, its request and its answer each within a time.
 *
 * `in` and `out` are a socket, twice the same, or for trying things out pipes and files.
 */
#ifndef SENSORPIPE_EXCHANGE_H
#define SENSORPIPE_EXCHANGE_H

#include "base/buf.h"
#include "http_request.h"

struct exchange {
	int in, out;
	int64_t timeout; /* microseconds */
};

/* Sockets are made non-blocking, so that no client can hold a write up. */
void exchange_begin(struct exchange *x, int in, int out, int64_t timeout);

/* Reads until `bytes` begin with a whole head. HTTP_OK, or what to answer; 0 where the client went
 * away without having said anything, or cannot be read from. */
enum http_status exchange_read_head(struct exchange *x, struct buf *bytes);

/* False where the client did not take all of it. */
bool exchange_write(struct exchange *x, struct slice bytes);

/* Ends the answer. What the client still sends is read for a moment: closing a socket that holds
 * unread bytes would reset the connection, and the client might lose the answer. */
void exchange_end(struct exchange *x);

#endif
