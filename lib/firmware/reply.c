#include "firmware/reply.h"

#include "firmware/exchange.h"
#include "firmware/name.h"
#include "firmware/request.h"
#include "record/crc32c.h"
#include "record/properties.h"
#include "text/json.h"

#include <inttypes.h>
#include <stdio.h>

static const struct slice piece_type = {"application/octet-stream", 24};
static const struct slice refusal_type = {"application/json", 16};

static const char *const codes[REPLY_ERRORS] = {
    [REPLY_NO_ERROR] = "",
    [REPLY_BAD_REQUEST] = "bad-request",
    [REPLY_UNKNOWN_MODEL] = "unknown-model",
    [REPLY_UNKNOWN_VERSION] = "unknown-version",
    [REPLY_BAD_RANGE] = "bad-range",
    [REPLY_BUSY] = "busy",
};

const char *reply_error_code(enum reply_error error)
{
	return codes[error];
}

/* ---- writing ---- */

/* CRC-32C with 8 digits, or an offset: as text. */
enum { NUMBER_MAX = 24 };

static void append_piece_properties(struct buf *b, const struct firmware_reply *r)
{
	char number[NUMBER_MAX];
	int len = snprintf(number, sizeof(number), "%" PRIu64, r->offset);

	properties_append_user(b, SLICE("version"), r->version);
	properties_append_user(b, SLICE("offset"), (struct slice){number, (size_t)len});
	len = snprintf(number, sizeof(number), "%08" PRIx32, crc32c(r->bytes));
	properties_append_user(b, SLICE("crc32c"), (struct slice){number, (size_t)len});
}

static void append_refusal(struct buf *b, const struct firmware_reply *r)
{
	buf_append_string(b, "{\"error\":");
	json_append_string(b, slice_of(codes[r->error]));
	buf_append_string(b, ",\"detail\":");
	json_append_string(b, r->detail);
	buf_putc(b, '}');
}

void reply_append(struct buf *b, struct buf *scratch, const struct firmware_reply *r, int64_t now)
{
	bool refused = r->error != REPLY_NO_ERROR;
	struct message m = {
	    .received = now,
	    .qos = r->qos,
	    .content_type = refused ? refusal_type : piece_type,
	    .payload = r->bytes,
	};
	size_t properties, payload;

	buf_clear(scratch);
	firmware_topic_append(scratch, FIRMWARE_RX, r->device, (struct slice){0});
	properties = exchange_part(scratch);
	exchange_append(scratch, r->correlation, r->expiry);
	if (refused)
		properties_append_user(scratch, SLICE("error"), slice_of(codes[r->error]));
	else
		append_piece_properties(scratch, r);
	payload = exchange_part(scratch);
	if (refused) {
		append_refusal(scratch, r);
		m.payload = (struct slice){scratch->ptr + payload, scratch->len - payload};
	}
	m.topic = exchange_slice(scratch, 0, properties);
	m.properties = exchange_slice(scratch, properties, payload);
	message_append(b, &m);
}

/* ---- reading ---- */

enum { CORRELATION_DATA, EXPIRY, ERROR, VERSION, OFFSET, CHECKSUM, PROPERTIES };

static enum reply_error find_error(struct slice code)
{
	int error = REPLY_BAD_REQUEST;

	while (error < REPLY_ERRORS && !slice_is(code, codes[error]))
		error++;
	return (enum reply_error)error;
}

/* 8 lower case hex digits. */
static bool read_checksum(struct slice text, uint32_t *value)
{
	static const char digits[] = "0123456789abcdef";

	*value = 0;
	for (size_t i = 0; i < text.len; i++) {
		const char *digit = memchr(digits, text.ptr[i], sizeof(digits) - 1);

		if (!digit)
			return false;
		*value = *value << 4 | (uint32_t)(digit - digits);
	}
	return text.len == 8;
}

static const char *read_piece(const struct message *m, const struct exchange_property *p,
                              struct firmware_reply *r)
{
	uint32_t checksum;

	if (!slice_equal(m->content_type, piece_type))
		return "the content type is not application/octet-stream";
	r->version = p[VERSION].value;
	if (firmware_name_fault(r->version))
		return "the version is not a name";
	if (!exchange_number(p[OFFSET].value, UINT64_MAX, &r->offset))
		return "the offset is not a number";
	if (!read_checksum(p[CHECKSUM].value, &checksum))
		return "the checksum is not 8 hex digits";
	r->bytes = m->payload;
	r->sound = crc32c(r->bytes) == checksum;
	return NULL;
}

static const char *read_reply(const struct message *m, struct buf *scratch,
                              struct firmware_reply *r)
{
	struct exchange_property p[PROPERTIES] = {
	    [CORRELATION_DATA] = {.mqtt = true, .name = "correlation-data"},
	    [EXPIRY] = {.mqtt = true, .name = "message-expiry-interval"},
	    [ERROR] = {.name = "error"},
	    [VERSION] = {.name = "version"},
	    [OFFSET] = {.name = "offset"},
	    [CHECKSUM] = {.name = "crc32c"},
	};
	const char *fault;
	struct slice device;
	uint64_t expiry = 0;

	if (firmware_topic_parse(m->topic, &device, NULL) != FIRMWARE_RX)
		return "the topic is not fw/rx/DEVICE";
	r->device = device;
	fault = exchange_find(m->properties, scratch, p, PROPERTIES);
	if (fault)
		return fault;
	r->correlation = p[CORRELATION_DATA].value;
	if (r->correlation.len < 1 || r->correlation.len > REQUEST_CORRELATION_MAX)
		return "the correlation data are not 1 to 64 bytes";
	if (p[EXPIRY].found && !exchange_number(p[EXPIRY].value, UINT32_MAX, &expiry))
		return "the expiry is not a number of seconds";
	r->expiry = (uint32_t)expiry;
	if (!p[ERROR].found)
		return read_piece(m, p, r);
	r->error = find_error(p[ERROR].value);
	return r->error == REPLY_ERRORS ? "an error that is not known" : NULL;
}

int reply_parse(const struct message *m, struct buf *scratch, struct firmware_reply *r,
                const char **fault)
{
	*r = (struct firmware_reply){.qos = m->qos};
	*fault = read_reply(m, scratch, r);
	return *fault ? -1 : 0;
}
