/*
 * sparkplug_message: Sparkplug messages that are made here, as m1 records.
 */
#ifndef SENSOR_DECODE_SPARKPLUG_MESSAGE_H
#define SENSOR_DECODE_SPARKPLUG_MESSAGE_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdint.h>

/* Asks a node for its birth and those of its devices: an NCMD with the metric "Node
 * Control/Rebirth" (specification 3.0.0, section 6.4.18), to be published with QoS 0. */
void sparkplug_append_rebirth(struct buf *b, struct slice group, struct slice node, int64_t time);

/* An NDATA without metrics, that tells the number of a node's last message. `seq` and `received`
 * are those of its record; `node` is "GROUP/NODE". */
void sparkplug_append_last(struct buf *b, struct slice node, unsigned last, uint64_t seq,
                           int64_t received);

#endif
