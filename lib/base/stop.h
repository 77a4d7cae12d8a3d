/*
 * stop: SIGTERM and SIGINT ask a tool to finish, SIGHUP to reload, SIGUSR1 to leave for good.
 *
 * The handlers only set a flag and write to a pipe, so that a poll(2) which
 * watches stop_fd() wakes. The first SIGTERM or SIGINT asks; a second one ends
 * the process at once as the signal would have. SIGPIPE is ignored: a broken
 * output shows as EPIPE where it is written (see stream/out.h).
 */
#ifndef SENSORPIPE_STOP_H
#define SENSORPIPE_STOP_H

#include <stdbool.h>

/* Installs the handlers; call once, before threads are started. */
void stop_init(void);

/* Also take SIGHUP as a request to reload; without this call it ends the process. */
void stop_init_reload(void);

bool stop_requested(void);

/* True once for every reload asked for since the last call. */
bool stop_reload_requested(void);

/* The same for SIGUSR1, which asks to leave. */
void stop_init_leave(void);
bool stop_leave_requested(void);

/* Readable from the first request on (for stop: for good; for the others: until it was asked
 * about). For poll(2) only. */
int stop_fd(void);

/* Asks this process to stop, as a signal would; callable from any thread. */
void stop_request(void);

#endif
