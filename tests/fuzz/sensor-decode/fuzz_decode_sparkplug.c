/* Messages of a Sparkplug node and its devices, one after the other: every record written for them
 * parses. Each message is a byte that chooses its topic, its length in two bytes, and its payload.
 */
#include "../../../cmd/sensor-decode/decode.h"

#include "../../../cmd/sensor-decode/sparkplug/decode_sparkplug.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const topics[] = {
    "spBv1.0/g/NBIRTH/n",   "spBv1.0/g/NDATA/n",    "spBv1.0/g/DBIRTH/n/d", "spBv1.0/g/DDATA/n/d",
    "spBv1.0/g/NDEATH/n",   "spBv1.0/g/DDEATH/n/d", "spBv1.0/g/NBIRTH/m",   "spBv1.0/g/NDATA/m",
    "spBv1.0/g/DBIRTH/n/e", "spBv1.0/g/DDATA/n/e",  "spBv1.0/g/NCMD/n",     "spBv1.0/STATE/h",
};
static struct reading reading;
static struct buf scratch, out;

/* The records in `out` parse, as `count` readings or, of what is asked for, as messages. */
static int count_records(const struct buf *records, int messages)
{
	const char *p = records->ptr, *end = p + records->len, *lf;
	struct record_error error;
	struct message m;
	int count = 0;

	for (; p < end; p = lf + 1, count++) {
		struct slice line = {p, 0};

		lf = memchr(p, '\n', (size_t)(end - p));
		if (!lf)
			abort();
		line.len = (size_t)(lf - p);
		if ((messages ? message_parse(line, &scratch, &m, &error)
		              : reading_parse(line, &scratch, &reading, &error)) < 0)
			abort();
	}
	return count;
}

static void take(struct decoder *d, const char *topic, struct slice payload)
{
	const struct message m = {.seq = 1, .topic = slice_of(topic), .payload = payload};
	struct sparkplug *s = decoder_sparkplug(d);
	struct fault fault;
	int count;

	buf_clear(&out);
	count = decode_message(d, &m, &out, &fault);
	if (count < 0 ? out.len > 0 : count != count_records(&out, 0))
		abort();
	if (count < 0 && fault.code == FAULT_TOO_LARGE)
		abort(); /* what fits an input fits the memory */
	if (s->requests.len)
		count_records(&s->requests, 1);
	buf_clear(&s->requests);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct decode_options options;
	struct decoder *d = decoder_new(&options);
	size_t at = 0;

	while (size - at >= 3) {
		const char *topic = topics[data[at] % (sizeof(topics) / sizeof(*topics))];
		size_t len = (size_t)data[at + 1] << 8 | data[at + 2];

		at += 3;
		if (len > size - at)
			len = size - at;
		take(d, topic, (struct slice){(const char *)data + at, len});
		at += len;
	}
	buf_clear(&out);
	sparkplug_append_state(decoder_sparkplug(d), 1, 0, &out);
	if (out.len)
		count_records(&out, 1);
	decoder_free(d);
	return 0;
}
