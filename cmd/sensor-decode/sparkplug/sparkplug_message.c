#include "sparkplug/sparkplug_message.h"

#include "payload/sparkplug.pb-c.h"
#include "record/record.h"
#include "sparkplug/sparkplug_value.h"

#include <string.h>

enum { PACKED_MAX = 128 }; /* bytes of the payloads made here; both are below 60 */

static void append_message(struct buf *b, uint64_t seq, int64_t received, struct slice topic,
                           const Sparkplug__Payload *payload)
{
	uint8_t packed[PACKED_MAX];
	size_t len = sparkplug__payload__pack(payload, packed);
	const struct message m = {
	    .seq = seq, .received = received, .topic = topic, .payload = {(char *)packed, len}};

	message_append(b, &m);
}

void sparkplug_append_rebirth(struct buf *b, struct slice group, struct slice node, int64_t time)
{
	Sparkplug__Payload payload = SPARKPLUG__PAYLOAD__INIT;
	Sparkplug__Metric metric = SPARKPLUG__METRIC__INIT, *metrics[] = {&metric};
	char name[] = "Node Control/Rebirth";
	struct buf topic = {0};

	metric.name = name;
	metric.has_datatype = 1;
	metric.datatype = SPARKPLUG_BOOLEAN;
	metric.value_case = SPARKPLUG__METRIC__VALUE_BOOLEAN_VALUE;
	metric.boolean_value = 1;
	metric.has_timestamp = payload.has_timestamp = 1;
	metric.timestamp = payload.timestamp = time > 0 ? (uint64_t)time / 1000 : 0;
	payload.metrics = metrics;
	payload.n_metrics = 1;
	buf_printf(&topic, "spBv1.0/%.*s/NCMD/%.*s", SLICE_ARG(group), SLICE_ARG(node));
	append_message(b, 0, time, buf_slice(&topic), &payload);
	buf_free(&topic);
}

void sparkplug_append_last(struct buf *b, struct slice node, unsigned last, uint64_t seq,
                           int64_t received)
{
	Sparkplug__Payload payload = SPARKPLUG__PAYLOAD__INIT;
	const char *slash = memchr(node.ptr, '/', node.len);
	struct slice group = {node.ptr, (size_t)(slash - node.ptr)};
	struct buf topic = {0};

	payload.has_seq = 1;
	payload.seq = last;
	buf_printf(&topic, "spBv1.0/%.*s/NDATA%.*s", SLICE_ARG(group), (int)(node.len - group.len),
	           slash);
	append_message(b, seq, received, buf_slice(&topic), &payload);
	buf_free(&topic);
}
