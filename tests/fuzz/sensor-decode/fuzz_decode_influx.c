/* Points of the line protocol: their readings parse, and written as points are read as the same. */
#include "../../../cmd/sensor-decode/decode.h"
#include "../../../cmd/sensor-decode/influx/influx_write.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct decode_options options = {
    .influx.precision = TIME_NS,
    .templates = {{.levels = {"s/{sensor}", 10}}},
    .template_count = 1,
};
static struct decoder *decoder;
static struct reading reading;
static struct influx_writer writer;
static struct buf scratch, records, points, again;

static int decode(struct slice payload, struct buf *out)
{
	const struct message m = {.received = 1795363421836186,
	                          .topic = {"s/gw", 4},
	                          .content_type = {"text/x-influx-line-protocol", 27},
	                          .payload = payload};
	struct fault fault;

	buf_clear(out);
	return decode_message(decoder, &m, out, &fault);
}

/* The fields of a record from its time to its sensor, which no two may share. */
static struct slice key_of(struct slice line)
{
	const char *at = line.ptr, *end = line.ptr + line.len, *from;

	for (int i = 0; i < 3; i++)
		at = (const char *)memchr(at, '\t', (size_t)(end - at)) + 1;
	from = at;
	for (int i = 0; i < 3; i++)
		at = (const char *)memchr(at, '\t', (size_t)(end - at)) + 1;
	return (struct slice){from, (size_t)(at - from)};
}

/* Each record parses. Returns whether no two are of one sensor and time: a name may be put together
 * in two ways, "a,b=1" of itself or with a tag. */
static bool check_records(void)
{
	enum { LOOKED_AT = 64 };
	struct slice keys[LOOKED_AT];
	const char *p = records.ptr, *end = p + records.len;
	struct record_error error;
	bool distinct = true;

	for (size_t count = 0; p < end; count++) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		struct slice line = {p, (size_t)(lf - p)};

		if (reading_parse(line, &scratch, &reading, &error) < 0)
			abort();
		distinct &= count < LOOKED_AT;
		for (size_t i = 0; distinct && i < count; i++)
			distinct = !slice_equal(keys[i], key_of(line));
		if (distinct)
			keys[count] = key_of(line);
		p = lf + 1;
	}
	return distinct;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault;
	bool distinct;

	if (!decoder)
		decoder = decoder_new(&options);
	if (decode((struct slice){(const char *)data, size}, &records) < 0)
		return 0;
	distinct = check_records();
	buf_clear(&points);
	if (influx_write(&writer, buf_slice(&records), &points, &fault) < 0)
		return 0;
	if (distinct && (decode(buf_slice(&points), &again) < 0 ||
	                 !slice_equal(buf_slice(&again), buf_slice(&records))))
		abort();
	return 0;
}
