/*
 * tcp_close: the end of a TCP connection that somebody else opened, so that what was sent arrives.
 *
 * A socket that is closed with unread bytes in it resets the connection, and
 * the peer may then drop what it has not read itself: acknowledgements. So the
 * sending side is closed first (shutdown(2)), and what the peer still sends is
 * read until it closes, too.
 */
#ifndef SENSORPIPE_TCP_CLOSE_H
#define SENSORPIPE_TCP_CLOSE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Closes only the sending side of this process's connections to the port: the
 * peer reads what was sent, and then the end. What the peer sends stays to be
 * read. Never waits. The standard streams are left alone. False: there is no
 * such connection.
 */
bool tcp_close_sending(unsigned port);

/*
 * The same, and then reads and throws away, waiting at most `wait` microseconds
 * for the peer's end. Nobody else may read from the connections meanwhile.
 */
void tcp_close_gently(unsigned port, int64_t wait);

/* Microseconds since data came over such a connection; INT64_MAX: there is none. */
int64_t tcp_silence(unsigned port);

#endif
