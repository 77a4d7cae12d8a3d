#include "draft.h"

#include "record/record.h"

void draft_append(struct buf *b, const struct draft *d, size_t want, struct buf *topic,
                  struct buf *payload)
{
	struct message m = {.received = d->received,
	                    .qos = d->qos,
	                    .content_type = d->content_type,
	                    .properties = d->properties};

	buf_clear(topic);
	buf_append_slice(topic, SLICE("sensors/"));
	buf_append_slice(topic, d->type);
	if (d->id.len) {
		buf_putc(topic, '/');
		buf_append_slice(topic, d->id);
	}
	buf_clear(payload);
	if (d->format == PAYLOAD_JSON)
		payload_append_json(payload, &d->sample, want);
	else
		payload_append_protobuf(payload, &d->sample, want);
	m.topic = buf_slice(topic);
	m.payload = (struct slice){payload->ptr, payload->len * d->keep / 100};
	message_append(b, &m);
}
