/*
 * verify: checks every record of a spool or of files, and tells what is in them.
 *
 * One line a segment or file goes to standard output, its fields separated by
 * TABs, a line with their names first; what is wrong goes to standard error.
 */
#ifndef MQTT_REPLAY_VERIFY_H
#define MQTT_REPLAY_VERIFY_H

#include "options.h"

/* EX_OK; EX_DATAERR: there is damage; EX_TEMPFAIL: asked to stop before the end. */
int verify(const struct options *o);

#endif
