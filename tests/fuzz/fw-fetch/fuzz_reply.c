/* Any bytes as the properties and the payload of a reply, with the first byte choosing how much of
 * them each: what is taken for a reply has bytes that are what their checksum says, and survives
 * being written again. */
#include "firmware/reply.h"
#include "record/crc32c.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf pairs, again_pairs, scratch, again_scratch, line;

static void write_again(const struct firmware_reply *r)
{
	struct firmware_reply copy = *r, again;
	struct record_error error;
	const char *fault;
	struct message m;

	copy.expiry = copy.expiry ? copy.expiry : 1;
	copy.qos = 1;
	copy.detail = SLICE("again");
	buf_clear(&line);
	reply_append(&line, &scratch, &copy, 0);
	if (message_parse((struct slice){line.ptr, line.len - 1}, &again_scratch, &m, &error) < 0 ||
	    reply_parse(&m, &again_pairs, &again, &fault) < 0)
		abort();
	if (again.error != r->error || !slice_equal(again.correlation, r->correlation))
		abort();
	if (r->error == REPLY_NO_ERROR &&
	    (!again.sound || again.offset != r->offset || !slice_equal(again.bytes, r->bytes)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message m = {.topic = SLICE("fw/rx/d1"), .qos = 1};
	struct firmware_reply r;
	const char *fault;
	size_t split;

	if (size == 0)
		return 0;
	split = (size_t)data[0] < size - 1 ? data[0] : size - 1;
	m.content_type = size % 2 ? SLICE("application/json") : SLICE("application/octet-stream");
	m.properties = (struct slice){(const char *)data + 1, split};
	m.payload = (struct slice){(const char *)data + 1 + split, size - 1 - split};
	if (reply_parse(&m, &pairs, &r, &fault) < 0)
		return 0;
	if (r.correlation.len == 0)
		abort();
	write_again(&r);
	return 0;
}
