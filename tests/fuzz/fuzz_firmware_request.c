/* Any record as a request and as a reply; what is one must survive being written and read again. */
#include "firmware/reply.h"
#include "firmware/request.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf parsed, again_parsed, scratch, again_scratch, draft, line;
static struct record_error error;

static void expect(bool holds)
{
	if (!holds)
		abort();
}

/* The record that was written into `line`. */
static void parse_line(struct message *m)
{
	expect(line.len > 0 && line.ptr[line.len - 1] == '\n');
	line.len--;
	expect(message_parse(buf_slice(&line), &again_parsed, m, &error) == 0);
}

static void try_request(const struct message *m)
{
	struct firmware_request r, again;
	const char *fault = NULL;
	struct message written;

	if (request_parse(m, &scratch, &r, &fault) != REQUEST_GOOD) {
		expect(fault != NULL);
		return;
	}
	buf_clear(&line);
	request_append(&line, &draft, &r, m->received);
	parse_line(&written);
	expect(request_parse(&written, &again_scratch, &again, &fault) == REQUEST_GOOD);
	expect(slice_equal(again.device, r.device) && slice_equal(again.model, r.model) &&
	       slice_equal(again.version, r.version) && again.offset == r.offset &&
	       slice_equal(again.correlation, r.correlation) && again.length == r.length &&
	       again.expiry == r.expiry);
}

static void try_reply(const struct message *m)
{
	struct firmware_reply r, again;
	const char *fault = NULL;
	struct message written;

	if (reply_parse(m, &scratch, &r, &fault) < 0) {
		expect(fault != NULL);
		return;
	}
	buf_clear(&line);
	reply_append(&line, &draft, &r, m->received);
	parse_line(&written);
	expect(reply_parse(&written, &again_scratch, &again, &fault) == 0);
	expect(slice_equal(again.device, r.device) && slice_equal(again.bytes, r.bytes) &&
	       slice_equal(again.version, r.version) && again.offset == r.offset &&
	       slice_equal(again.correlation, r.correlation) && again.error == r.error &&
	       again.sound == (r.error == REPLY_NO_ERROR));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message m;

	if (message_parse((struct slice){(const char *)data, size}, &parsed, &m, &error) < 0)
		return 0;
	try_request(&m);
	try_reply(&m);
	return 0;
}
