/*
 * name: names and topics of firmware updates; see sensorpipe-firmware(7).
 *
 *   fw/MODEL/manifest         the manifest of a model, retained
 *   fw/MODEL/manifest/GROUP   the same for a group of its devices
 *   fw/get/DEVICE             requests of a device
 *   fw/rx/DEVICE              replies to it
 *   fw/state/DEVICE           its state, retained
 *
 * MODEL, GROUP, DEVICE, VERSION and hardware revisions are names: 1 to
 * FIRMWARE_NAME_MAX bytes of A-Z a-z 0-9 . _ -, the first a letter or digit.
 * So a name is one level of a topic without wildcard, a file name that is
 * neither hidden nor a path, and plain text in JSON. A model is not called get,
 * rx or state.
 */
#ifndef SENSORPIPE_FIRMWARE_NAME_H
#define SENSORPIPE_FIRMWARE_NAME_H

#include "base/buf.h"
#include "base/slice.h"

enum { FIRMWARE_NAME_MAX = 64 }; /* bytes */

/* NULL, or what is wrong with the name, a static text that goes on after it: "is empty". */
const char *firmware_name_fault(struct slice name);
const char *firmware_model_fault(struct slice name);

enum firmware_topic {
	FIRMWARE_NO_TOPIC, /* none of these, or with a name in it that is none */
	FIRMWARE_MANIFEST, /* name is the model */
	FIRMWARE_GET,      /* name is the device, from here on */
	FIRMWARE_RX,
	FIRMWARE_STATE,
};

/* *name is a name, unless FIRMWARE_NO_TOPIC is returned: then it means nothing. `group` is that of
 * FIRMWARE_MANIFEST, empty where there is none; it may be NULL. */
enum firmware_topic firmware_topic_parse(struct slice topic, struct slice *name,
                                         struct slice *group);

/* Appends the topic; not for FIRMWARE_NO_TOPIC. `group` is for FIRMWARE_MANIFEST, else empty. */
void firmware_topic_append(struct buf *b, enum firmware_topic kind, struct slice name,
                           struct slice group);

#endif
