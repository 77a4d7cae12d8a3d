/* A line of mosquitto_sub: what is taken can be written, and reads back as the same message. */
#include "record/mosquitto_json.h"
#include "text/utf8.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(struct slice a, struct slice b)
{
	if (!slice_equal(a, b))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice line = {(const char *)data, size};
	struct buf scratch = {0}, again = {0}, written = {0};
	struct message m, copy;
	struct record_error error = {0};

	if (mosquitto_json_parse(line, &scratch, &m, &error) < 0) {
		if (!error.what || error.column == 0 || error.column > size + 1)
			abort();
	} else {
		mosquitto_json_append(&written, &m);
		/* A JSON string that was not in its shortest form does not come back. */
		if (mosquitto_json_parse((struct slice){written.ptr, written.len - 1}, &again,
		                         &copy, &error) == 0) {
			if (copy.received != m.received || copy.qos != m.qos ||
			    copy.retained != m.retained)
				abort();
			same(copy.topic, m.topic);
			same(copy.content_type, m.content_type);
		}
	}
	buf_free(&scratch);
	buf_free(&again);
	buf_free(&written);
	return 0;
}
