/*
 * sensor-decode: turns the payloads of messages into readings, by content type.
 *
 * A message becomes its readings (r1), all or none; one that cannot be decoded
 * becomes a dead letter, and a skip record (s1) that lets the stages after this
 * one count it. So does a record that cannot be read but still tells which
 * message it was (record/input.h). See sensor-decode(1).
 */
#include "decode.h"
#include "influx/influx_write.h"
#include "options.h"
#include "sparkplug/sparkplug_session.h"

#include "base/msg.h"
#include "base/stop.h"
#include "observe/metrics.h"
#include "record/input.h"
#include "record/mosquitto_json.h"
#include "record/record.h"
#include "record/reject.h"
#include "stream/out.h"

#include <inttypes.h>
#include <stdio.h>

static struct options options;

static struct counts {
	uint64_t messages, decoded, readings;
	uint64_t skipped[FAULT_CODES];
} counts;

/* What a message passes through. */
struct stage {
	struct input in;
	struct reject reject;
	struct out out;
	struct map *map; /* NULL: there is none */
	struct proto_schema *schema;
	struct decoder *decoder;
	struct sparkplug_session sparkplug;
	struct buf scratch; /* of the record that is parsed */
	struct buf records; /* of readings that go out in another form */
	struct influx_writer influx;
};

static void stage_open(struct stage *s)
{
	stop_init();
	filter_open(&options.common, INPUT_MESSAGES, &s->in, &s->out, &s->reject);
	s->in.skips = options.influx ? NULL : &s->out; /* a point cannot tell of them */
	s->influx.integers = options.influx_integers;
	s->map = options.map ? map_load(options.map) : NULL;
	options.decode.map = s->map;
	s->schema = options.descriptors ? proto_schema_load(options.descriptors) : NULL;
	options.decode.protobuf.schema = s->schema;
	s->decoder = decoder_new(&options.decode);
	sparkplug_session_open(&s->sparkplug, s->decoder, options.state, options.requests);
	s->reject.out.first = sparkplug_session_first(&s->sparkplug);
	if (options.requests)
		line_flush_before_block(&s->in.lines, &s->sparkplug.requests);
}

static void skip_message(struct stage *s, const struct message *m, const struct fault *fault)
{
	const char *code = fault_name(fault->code);

	if (fault->code != FAULT_NO_DATA)
		reject_line(&s->reject, s->in.line, code, "line %" PRIu64 ": %s",
		            s->in.lines.number, fault->detail);
	if (s->in.skips)
		input_skip(&s->in, m->seq, m->received, code);
	counts.skipped[fault->code]++;
}

/* Writes the readings of a message, and returns how many, or -1 with the fault set. */
static int write_readings(struct stage *s, const struct message *m, struct fault *fault)
{
	int readings;

	if (!options.influx)
		return decode_message(s->decoder, m, &s->out.buf, fault);
	buf_clear(&s->records);
	readings = decode_message(s->decoder, m, &s->records, fault);
	if (readings < 0 ||
	    influx_write(&s->influx, buf_slice(&s->records), &s->out.buf, fault) < 0)
		return -1;
	return readings;
}

static void take_record(struct stage *s)
{
	struct record_error error;
	struct fault fault;
	struct message m;
	int parsed, readings;

	parsed = s->in.kind == RECORD_JSON
	             ? mosquitto_json_parse(s->in.line, &s->scratch, &m, &error)
	             : message_parse(s->in.line, &s->scratch, &m, &error);
	if (parsed < 0) {
		input_reject_malformed(&s->in, &error);
		return;
	}
	counts.messages++;
	sparkplug_session_before(&s->sparkplug, &m);
	readings = write_readings(s, &m, &fault);
	sparkplug_session_after(&s->sparkplug, &m);
	if (readings < 0) {
		skip_message(s, &m, &fault);
	} else {
		counts.decoded++;
		counts.readings += (uint64_t)readings;
	}
	out_line(&s->out);
}

static struct metrics *open_metrics(struct stage *s)
{
	static char labels[FAULT_CODES][64];
	struct metrics *m = metrics_open(options.common.metrics, "");

	metrics_counter(m, "decode_lines_total", "", "Lines read.", &s->in.records);
	metrics_counter(m, "decode_malformed_total", "",
	                "Lines that are no message, and became dead letters.", &s->in.rejected);
	metrics_counter(m, "decode_messages_total", "", "Messages read.", &counts.messages);
	metrics_counter(m, "decode_decoded_total", "", "Messages decoded.", &counts.decoded);
	metrics_work(m);
	metrics_counter(m, "decode_readings_total", "", "Readings written.", &counts.readings);
	metrics_counter(m, "decode_skips_total", "", "Skip records written.", &s->in.skipped);
	for (int i = 0; i < FAULT_CODES; i++) {
		snprintf(labels[i], sizeof(labels[i]), "code=\"%s\"",
		         fault_name((enum fault_code)i));
		metrics_counter(m, "decode_skipped_total", labels[i],
		                "Messages not decoded, by code.", &counts.skipped[i]);
	}
	sparkplug_session_metrics(&s->sparkplug, m);
	return m;
}

/* Reads to the end of the input. */
static void run(struct stage *s, struct metrics *m)
{
	enum input_status status;

	for (;;) {
		s->in.lines.deadline = metrics_due(m);
		status = input_next(&s->in);
		if (status == INPUT_END)
			return;
		if (status == INPUT_RECORD)
			take_record(s);
		metrics_tick(m);
	}
}

static void stage_close(struct stage *s)
{
	filter_close(&s->in, &s->out, &s->reject);
	sparkplug_session_close(&s->sparkplug);
	buf_free(&s->scratch);
	buf_free(&s->records);
	influx_writer_free(&s->influx);
}

static void report(const struct stage *s)
{
	uint64_t skipped = counts.messages - counts.decoded;

	msg_info("lines %" PRIu64 ", malformed %" PRIu64 ", messages %" PRIu64 ", decoded %" PRIu64
	         ", skipped %" PRIu64 ", readings %" PRIu64,
	         s->in.records, s->in.rejected, counts.messages, counts.decoded, skipped,
	         counts.readings);
	sparkplug_session_report(&s->sparkplug);
}

int main(int argc, char **argv)
{
	static struct stage stage;
	struct metrics *metrics;

	msg_init("sensor-decode");
	options_parse(&options, argc, argv);

	stage_open(&stage);
	metrics = open_metrics(&stage);
	run(&stage, metrics);
	stage_close(&stage);
	metrics_close(metrics);

	report(&stage);
	decoder_free(stage.decoder);
	map_free(stage.map);
	proto_schema_free(stage.schema);
	return filter_status(&options.common, &stage.in, &stage.reject);
}
