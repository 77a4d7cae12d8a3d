/*
 * consumer: who reads a spool, by the name of its checkpoint (durable/spool.h).
 */
#ifndef MQTT_REPLAY_CONSUMER_H
#define MQTT_REPLAY_CONSUMER_H

#include <stdint.h>

/* "NAME.tmp" has to be the name of a file, too. */
enum { CONSUMER_NAME_MAX = 251 };

/* NULL, or what is wrong with the name, a static text. */
const char *consumer_name_fault(const char *name);

/*
 * The number up to which the consumer needs nothing any more. A consumer that
 * is not known yet is made known: its checkpoint is written just before the
 * first record there is, so that from now on nothing it needs is deleted. Ends
 * the process with EX_NOINPUT or EX_DATAERR when the checkpoint cannot be read,
 * EX_CANTCREAT when it cannot be made.
 */
uint64_t consumer_checkpoint(const char *spool, const char *name);

#endif
