/*
 * decode: one message to the records of its readings.
 *
 * What is compressed is decompressed (inflate.h). The payload's format is that of
 * the content type. Who is speaking is told by,
 * first wins: the user properties "type", "sensor", "schema"; the payload, for
 * each of its readings or as a whole; the topic, by a template or by the format's
 * own rule. When: by the user property "time"; the payload; the time of arrival.
 * A message is decoded wholly before a byte is written. No I/O. Of Sparkplug,
 * what later messages need is kept (decode_sparkplug.h).
 */
#ifndef SENSOR_DECODE_DECODE_H
#define SENSOR_DECODE_DECODE_H

#include "base/buf.h"
#include "decode_options.h"
#include "fault.h"
#include "record/record.h"

struct decoder;
struct sparkplug;

/* Never NULL; `options` must outlive it. */
struct decoder *decoder_new(const struct decode_options *options);
void decoder_free(struct decoder *d);

/* Appends the message's r1 records and returns how many (at least 1), or returns -1 with the fault
 * set and *out as it was; the fault is FAULT_NO_DATA where there was nothing to store. */
int decode_message(struct decoder *d, const struct message *m, struct buf *out,
                   struct fault *fault);

struct sparkplug *decoder_sparkplug(struct decoder *d);

/* A message of before, to know what it told: it gives no readings and is not counted. */
void decoder_restore(struct decoder *d, const struct message *m);

#endif
