/*
 * tcp_close: the end of a TCP connection that somebody else opened, so that what was sent arrives.
 *
 * A socket that is closed with unread bytes in it resets the connection, and
 * the peer may then drop what it has not read itself: acknowledgements. So the
 * sending side is closed first (shutdown(2)), and what the peer still sends is
 * read and thrown away until it closes, too.
 */
#ifndef SENSORPIPE_TCP_CLOSE_H
#define SENSORPIPE_TCP_CLOSE_H

#include <stdint.h>

/*
 * Ends this process's connections to the port so, waiting at most `wait`
 * microseconds for the peer. Nobody else may read from them meanwhile. The
 * standard streams are left alone.
 */
void tcp_close_gently(unsigned port, int64_t wait);

#endif
