#include "state.h"

#include "base/clock.h"
#include "firmware/name.h"
#include "record/record.h"
#include "text/json.h"

#include <inttypes.h>

/* Names need no escaping, but a reason may. */
static void append_payload(struct buf *b, const struct state *s, int64_t now)
{
	buf_printf(b,
	           "{\"state\":\"%s\",\"model\":\"%.*s\",\"version\":\"%s\",\"offset\":%" PRIu64
	           ",\"size\":%" PRIu64,
	           fetch_state_name(s->state), SLICE_ARG(s->model), s->image->version, s->offset,
	           s->image->size);
	if (s->state == FETCH_FAILED) {
		buf_append_string(b, ",\"reason\":");
		json_append_string(b, slice_of(s->reason));
	}
	buf_append_string(b, ",\"time\":\"");
	clock_append(b, now);
	buf_append_string(b, "\"}");
}

void state_append(struct buf *b, const struct state *s, int64_t now)
{
	struct buf topic = {0}, payload = {0};
	struct message m;

	firmware_topic_append(&topic, FIRMWARE_STATE, s->device, SLICE(""));
	append_payload(&payload, s, now);
	m = (struct message){
	    .received = now,
	    .qos = 1,
	    .retained = true,
	    .topic = buf_slice(&topic),
	    .content_type = SLICE("application/json"),
	    .payload = buf_slice(&payload),
	};
	message_append(b, &m);
	buf_free(&topic);
	buf_free(&payload);
}
