#include "firmware/request.h"

#include "firmware/exchange.h"
#include "firmware/members.h"
#include "firmware/name.h"
#include "record/properties.h"

#include <inttypes.h>

static const struct slice content_type = {"application/json", 16};

/* ---- the payload ---- */

static const char *take_model(struct json *j, enum json_token token, void *to)
{
	struct firmware_request *r = to;

	r->model = j->text;
	return token != JSON_STRING || firmware_name_fault(r->model) ? "model is not a name" : NULL;
}

static const char *take_version(struct json *j, enum json_token token, void *to)
{
	struct firmware_request *r = to;

	r->version = j->text;
	return token != JSON_STRING || firmware_name_fault(r->version) ? "version is not a name"
	                                                               : NULL;
}

static const char *take_offset(struct json *j, enum json_token token, void *to)
{
	uint64_t *offset = &((struct firmware_request *)to)->offset;

	return members_integer(j, token, offset) < 0 ? "offset is not an integer" : NULL;
}

static const char *take_length(struct json *j, enum json_token token, void *to)
{
	uint64_t *length = &((struct firmware_request *)to)->length;

	return members_integer(j, token, length) < 0 ? "length is not an integer" : NULL;
}

static const char *read_payload(const struct message *m, struct firmware_request *r)
{
	static const struct member members[] = {
	    {"model", take_model},
	    {"version", take_version},
	    {"offset", take_offset},
	    {"length", take_length},
	};

	if (!slice_equal(m->content_type, content_type))
		return "the content type is not application/json";
	if (m->payload.len > REQUEST_PAYLOAD_MAX)
		return "the payload is longer than 1024 bytes";
	return members_read(m->payload, members, sizeof(members) / sizeof(members[0]), r);
}

/* ---- whose it is, and how it is answered ---- */

static bool is_reply_topic(struct slice topic, struct slice device)
{
	struct slice name;

	return firmware_topic_parse(topic, &name, NULL) == FIRMWARE_RX && slice_equal(name, device);
}

/* NULL when a reply could be sent. */
static const char *read_address(const struct message *m, struct buf *scratch,
                                struct firmware_request *r)
{
	enum { RESPONSE_TOPIC, CORRELATION_DATA, EXPIRY, PROPERTIES };
	struct exchange_property p[PROPERTIES] = {
	    [RESPONSE_TOPIC] = {.mqtt = true, .name = "response-topic"},
	    [CORRELATION_DATA] = {.mqtt = true, .name = "correlation-data"},
	    [EXPIRY] = {.mqtt = true, .name = "message-expiry-interval"},
	};
	struct slice device;
	const char *fault;
	uint64_t expiry;

	if (firmware_topic_parse(m->topic, &device, NULL) != FIRMWARE_GET)
		return "the topic is not fw/get/DEVICE";
	r->device = device;
	if (m->retained)
		return "a request is not retained";
	fault = exchange_find(m->properties, scratch, p, PROPERTIES);
	if (fault)
		return fault;
	if (!is_reply_topic(p[RESPONSE_TOPIC].value, r->device))
		return "the response topic is not fw/rx/ and the device that asks";
	r->correlation = p[CORRELATION_DATA].value;
	if (r->correlation.len < 1 || r->correlation.len > REQUEST_CORRELATION_MAX)
		return "the correlation data are not 1 to 64 bytes";
	if (!exchange_number(p[EXPIRY].value, UINT32_MAX, &expiry))
		return "the message does not expire";
	r->expiry = (uint32_t)expiry;
	return NULL;
}

enum request_verdict request_parse(const struct message *m, struct buf *scratch,
                                   struct firmware_request *r, const char **fault)
{
	*r = (struct firmware_request){0};
	*fault = read_address(m, scratch, r);
	if (*fault)
		return REQUEST_ALIEN;
	*fault = read_payload(m, r);
	return *fault ? REQUEST_BAD : REQUEST_GOOD;
}

/* ---- writing ---- */

static void append_payload(struct buf *b, const struct firmware_request *r)
{
	buf_append_string(b, "{\"model\":");
	json_append_string(b, r->model);
	buf_append_string(b, ",\"version\":");
	json_append_string(b, r->version);
	buf_printf(b, ",\"offset\":%" PRIu64 ",\"length\":%" PRIu64 "}", r->offset, r->length);
}

void request_append(struct buf *b, struct buf *scratch, const struct firmware_request *r,
                    int64_t now)
{
	struct message m = {.received = now, .qos = 1, .content_type = content_type};
	size_t response, properties, payload;

	buf_clear(scratch);
	firmware_topic_append(scratch, FIRMWARE_GET, r->device, (struct slice){0});
	response = exchange_part(scratch);
	firmware_topic_append(scratch, FIRMWARE_RX, r->device, (struct slice){0});
	properties = exchange_part(scratch);
	properties_append_mqtt(scratch, "response-topic",
	                       exchange_slice(scratch, response, properties));
	exchange_append(scratch, r->correlation, r->expiry);
	payload = exchange_part(scratch);
	append_payload(scratch, r);

	m.topic = exchange_slice(scratch, 0, response);
	m.properties = exchange_slice(scratch, properties, payload);
	m.payload = exchange_slice(scratch, payload, exchange_part(scratch));
	message_append(b, &m);
}
