/*
 * fw-serve: answers the requests of devices with pieces of firmware images.
 *
 * Requests come in and replies go out as message records (m1), so that
 * mqtt-sub5 before it and mqtt-pub5 behind it make a server. It waits for
 * nothing: what cannot be answered now is refused as busy, and a request
 * nobody waits for any more is left. See fw-serve(1), sensorpipe-firmware(7).
 */
#include "options.h"
#include "server.h"

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

/* What a request passes through. */
struct stage {
	struct input in;
	struct reject reject;
	struct server server;
	struct out out;
	struct buf scratch; /* of the record that is parsed */
};

static void stage_open(struct stage *s)
{
	stop_init();
	stop_init_reload();
	server_open(&s->server, &options);
	filter_open(&options.common, INPUT_MESSAGES, &s->in, &s->out, &s->reject);
}

static void take_record(struct stage *s)
{
	struct record_error error;
	struct message m;
	const char *fault;
	int parsed = s->in.kind == RECORD_JSON
	                 ? mosquitto_json_parse(s->in.line, &s->scratch, &m, &error)
	                 : message_parse(s->in.line, &s->scratch, &m, &error);

	if (parsed < 0) {
		input_reject_malformed(&s->in, &error);
		return;
	}
	fault = server_take(&s->server, &m, &s->out.buf);
	if (fault)
		reject_line(&s->reject, s->in.line, "not-a-request", "line %" PRIu64 ": %s",
		            s->in.lines.number, fault);
	out_line(&s->out);
}

static struct metrics *open_metrics(const struct stage *s)
{
	static char labels[REPLY_ERRORS][64];
	const struct server_counts *counts = &s->server.counts;
	struct metrics *m = metrics_open(options.common.metrics, "");

	metrics_counter(m, "firmware_records_total", "", "Records read.", &s->in.records);
	metrics_counter(m, "firmware_records_rejected_total", "cause=\"input\"",
	                "Records that became dead letters.", &s->in.rejected);
	metrics_counter(m, "firmware_records_rejected_total", "cause=\"not-a-request\"",
	                "Records that became dead letters.", &counts->alien);
	metrics_counter(m, "firmware_pieces_total", "", "Pieces of images sent.", &counts->pieces);
	metrics_work(m);
	metrics_counter(m, "firmware_bytes_total", "", "Bytes of images sent.", &counts->bytes);
	for (int i = REPLY_NO_ERROR + 1; i < REPLY_ERRORS; i++) {
		snprintf(labels[i], sizeof(labels[i]), "code=\"%s\"",
		         reply_error_code((enum reply_error)i));
		metrics_counter(m, "firmware_refused_total", labels[i],
		                "Requests refused, by code.", &counts->refused[i]);
	}
	metrics_counter(m, "firmware_expired_total", "", "Requests that nobody waits for any more.",
	                &counts->expired);
	metrics_counter(m, "firmware_dropped_total", "",
	                "Messages of devices over their rate that cannot be answered.",
	                &counts->dropped);
	metrics_counter(m, "firmware_image_checks_total", "", "Image files hashed.",
	                &s->server.images.checks);
	metrics_gauge(m, "firmware_versions", "", "Versions that can be asked for.",
	              &s->server.versions);
	metrics_gauge(m, "firmware_manifests_unusable", "",
	              "Manifests in the folder that do not count.", &s->server.unusable);
	return m;
}

/* Reads to the end of the input. */
static void run(struct stage *s, struct metrics *m)
{
	for (;;) {
		s->in.lines.deadline = metrics_due(m);
		switch (input_next(&s->in)) {
		case INPUT_RECORD:
			take_record(s);
			break;
		case INPUT_RELOAD:
			server_reload(&s->server);
			break;
		case INPUT_WAKE:
			break;
		case INPUT_END:
			return;
		}
		metrics_tick(m);
	}
}

static void stage_close(struct stage *s)
{
	filter_close(&s->in, &s->out, &s->reject);
	buf_free(&s->scratch);
	server_close(&s->server);
}

static void report(const struct stage *s)
{
	const struct server_counts *c = &s->server.counts;
	uint64_t refused = 0;

	for (int i = REPLY_NO_ERROR + 1; i < REPLY_ERRORS; i++)
		refused += c->refused[i];
	msg_info("records %" PRIu64 ", rejected %" PRIu64 ", answered %" PRIu64 " (%" PRIu64
	         " bytes), refused %" PRIu64 " (busy %" PRIu64 "), expired %" PRIu64
	         ", dropped %" PRIu64,
	         s->in.records, s->in.rejected + c->alien, c->pieces, c->bytes, refused,
	         c->refused[REPLY_BUSY], c->expired, c->dropped);
}

int main(int argc, char **argv)
{
	static struct stage stage;
	struct metrics *metrics;

	msg_init("fw-serve");
	options_parse(&options, argc, argv);

	stage_open(&stage);
	metrics = open_metrics(&stage);
	run(&stage, metrics);
	stage_close(&stage);
	metrics_close(metrics);

	report(&stage);
	return filter_status(&options.common, &stage.in, &stage.reject);
}
