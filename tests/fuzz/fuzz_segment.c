/* Any bytes as a segment of a spool: every byte is accounted for once, as a record, damage, or what
 * is unfinished at the end; and the last record found from the end is the last one found from the
 * start. */
#include "durable/segment.h"
#include "durable/spool.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
	if (!holds)
		abort();
}

/* The segment that these bytes are, without a directory around it. */
static struct segment open_bytes(const uint8_t *data, size_t size)
{
	struct segment s = {.due = 1, .fd = memfd_create("segment", 0)};

	expect(s.fd >= 0 && write(s.fd, data, size) == (ssize_t)size);
	return s;
}

/* Reads from the start to the end; gives the offset of the last whole line, if it is a record. */
static bool read_all(struct segment *s, size_t size, uint64_t *last)
{
	enum segment_status status;
	uint64_t at = 0;
	bool record = false;

	while ((status = segment_next(s)) == SEGMENT_RECORD || status == SEGMENT_DAMAGED) {
		expect(s->offset == at);
		if (status == SEGMENT_DAMAGED)
			expect(s->fault != NULL && (s->line.len == 0 || s->end > at));
		else
			expect(s->end == at + s->line.len + 1 && s->message.checked);
		at = s->end;
		record = status == SEGMENT_RECORD;
		*last = s->offset;
	}
	expect(s->end == at && at + (status == SEGMENT_PARTIAL ? s->line.len : 0) == size);
	return record;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct segment forward = open_bytes(data, size), backward = open_bytes(data, size);
	uint64_t last = 0;
	bool record = read_all(&forward, size, &last);

	expect((segment_last(&backward) == SEGMENT_RECORD) == record);
	expect(!record || backward.offset == last);
	segment_close(&forward);
	segment_close(&backward);
	return 0;
}
