/* Any line into every record parser; what parses must survive being written and parsed again. */
#include "base/msg.h"
#include "record/escape.h"
#include "record/properties.h"
#include "record/record.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf scratch, again_scratch, line;
static struct record_error error;

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void round_trip_message(struct slice text)
{
	struct message m, again;

	if (message_parse(text, &scratch, &m, &error) < 0) {
		expect(error.what && error.column >= 1 && error.column <= text.len + 1);
		return;
	}
	buf_clear(&line);
	message_append_crc(&line, &m);
	line.len--;
	expect(message_parse(buf_slice(&line), &again_scratch, &again, &error) == 0);
	expect(again.checked && again.seq == m.seq && again.received == m.received &&
	       slice_equal(again.topic, m.topic) && slice_equal(again.payload, m.payload) &&
	       slice_equal(again.content_type, m.content_type) &&
	       slice_equal(again.properties, m.properties));
}

static void round_trip_reading(struct slice text)
{
	static struct reading r, again;
	struct reading_head head;

	if (reading_parse(text, &scratch, &r, &error) < 0) {
		expect(error.what && error.column >= 1 && error.column <= text.len + 1);
		return;
	}
	head = reading_head_of(&r);
	buf_clear(&line);
	reading_begin(&line, &head);
	for (size_t i = 0; i < r.count; i++)
		reading_append_metric(&line, r.metrics[i].name, r.metrics[i].text,
		                      r.metrics[i].quality, r.metrics[i].unit);
	expect(reading_parse(buf_slice(&line), &again_scratch, &again, &error) == 0);
	expect(again.count == r.count && again.time == r.time && again.seq == r.seq);
	for (size_t i = 0; i < r.count; i++)
		expect(slice_equal(again.metrics[i].name, r.metrics[i].name) &&
		       slice_equal(again.metrics[i].text, r.metrics[i].text) &&
		       again.metrics[i].quality == r.metrics[i].quality &&
		       slice_equal(again.metrics[i].unit, r.metrics[i].unit));
}

static void keep_line(struct slice text)
{
	struct escape_scan scan;

	buf_clear(&line);
	escape_append_line(&line, text);
	escape_scan(buf_slice(&line), &scan);
	expect(scan.sound && !memchr(line.ptr, '\n', line.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	struct skip s;

	buf_reserve(&line, 1);
	round_trip_message(text);
	round_trip_reading(text);
	skip_parse(text, &scratch, &s, &error);
	keep_line(text);
	return 0;
}
