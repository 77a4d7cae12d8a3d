/*
 * tcp_probe: why a TCP connection cannot be made.
 *
 * The MQTT client library says only that it failed. This tries again with the
 * resolver and the kernel directly, for the message an operator reads.
 */
#ifndef SENSORPIPE_TCP_PROBE_H
#define SENSORPIPE_TCP_PROBE_H

#include <stddef.h>

enum { TCP_PROBE_WAIT = 1000 }; /* milliseconds an address has to answer */

/* Writes "Connection refused", "Name or service not known" and the like; empty when a connection
 * could be made. */
void tcp_probe(const char *host, unsigned port, char *why, size_t size);

#endif
