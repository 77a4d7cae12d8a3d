/*
 * notify: tells the service manager how the tool is doing (the protocol of sd_notify(3)).
 *
 * A state is one datagram to the AF_UNIX socket that NOTIFY_SOCKET names, a path or, after '@', an
 * abstract name. Without that variable nothing is sent. A datagram that cannot be sent is lost:
 * reporting never holds a tool up nor ends it.
 *
 * Where a watchdog is wanted (WATCHDOG_USEC), the manager restarts a service that stays silent for
 * that long. So notify_alive() is called where the work goes on, not by a timer: a loop that hangs,
 * or a connection that does not come back to it, is then noticed. WATCHDOG_PID is not looked at: in
 * a chain the main process is the shell that started the tools (systemd: NotifyAccess=all).
 */
#ifndef SENSORPIPE_NOTIFY_H
#define SENSORPIPE_NOTIFY_H

#include <stdint.h>

/* Looks at the environment; without this call nothing is ever sent. */
void notify_init(void);

/* The service is up; only the first call counts. */
void notify_ready(void);

/* It was asked to end, or its input has ended; only the first call counts. */
void notify_stopping(void);

/* One line for people (systemctl status), cut at 255 bytes. */
void notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The work goes on. Sends at most four times in the time of the watchdog; cheap enough for every
 * turn of a loop. */
void notify_alive(void);

/* When notify_alive() is to be called next, by clock_monotonic(), for a loop that may block longer;
 * INT64_MAX without a watchdog. */
int64_t notify_due(void);

#endif
