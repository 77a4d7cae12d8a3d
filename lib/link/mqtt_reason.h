/*
 * mqtt_reason: the reason codes of MQTT 5 (section 2.4) in words, and what they mean for a client.
 */
#ifndef SENSORPIPE_MQTT_REASON_H
#define SENSORPIPE_MQTT_REASON_H

#include <stdbool.h>

enum {
	MQTT_REASON_FAILURE = 0x80, /* from here on a code means failure */
	MQTT_REASON_NOT_AUTHORIZED = 0x87,
	MQTT_REASON_SESSION_TAKEN_OVER = 0x8e,
};

/* "not authorized"; "unknown reason" for a code the standard does not have. */
const char *mqtt_reason_text(int code);

/* The broker does not take these credentials: the operator has to mend something. */
bool mqtt_reason_is_denied(int code);

/* The same request may succeed later by itself. */
bool mqtt_reason_is_transient(int code);

#endif
