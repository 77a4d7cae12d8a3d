/*
 * fw-fetch: the device's side of firmware updates.
 *
 * Manifests and replies come in, requests and states go out; what follows on
 * what is decided in fetch.c and done in agent.c. See fw-fetch(1),
 * sensorpipe-firmware(7).
 */
#include "agent.h"
#include "options.h"

#include "base/msg.h"
#include "base/stop.h"
#include "firmware/name.h"
#include "firmware/reply.h"
#include "observe/metrics.h"
#include "record/input.h"
#include "record/mosquitto_json.h"
#include "record/record.h"
#include "record/reject.h"
#include "stream/out.h"

#include <inttypes.h>

static struct options options;

/* Every line is one of these, or malformed. */
static struct counts {
	uint64_t manifests[FETCH_DOWNGRADE + 1], refused, withdrawn;
	uint64_t replies[FETCH_REPELLED + 1], bad;
	uint64_t others;
} counts;

static struct gauges {
	double installed, offset, size, failed;
} gauges;

struct stage {
	struct input in;
	struct reject reject;
	struct out out;
	struct agent agent;
	struct buf scratch; /* of the record that is parsed */
	struct buf pairs;   /* of its properties */
};

static void stage_open(struct stage *s)
{
	stop_init();
	stop_init_reload();
	filter_open(&options.common, INPUT_MESSAGES, &s->in, &s->out, &s->reject);
	agent_open(&s->agent, &options.agent, &options.identity, &s->out);
}

static void refuse(struct stage *s, const char *code, const char *detail)
{
	reject_line(&s->reject, s->in.line, code, "line %" PRIu64 ": %s", s->in.lines.number,
	            detail);
}

static void take_manifest(struct stage *s, const struct message *m)
{
	struct fetch_image image;
	struct refusal refusal;
	enum fetch_verdict verdict;

	if (m->payload.len == 0) { /* how a retained message is deleted */
		counts.withdrawn++;
	} else if (identity_check(&options.identity, m->payload, &image, &refusal) < 0) {
		counts.refused++;
		refuse(s, refusal.code, refusal.detail);
		if (refusal.is_signed)
			agent_refused(&s->agent, &image, refusal.code);
	} else {
		verdict = agent_manifest(&s->agent, &image);
		counts.manifests[verdict]++;
		if (verdict == FETCH_DOWNGRADE)
			refuse(s, "downgrade", "its sequence is too low");
	}
}

static void take_reply(struct stage *s, const struct message *m)
{
	struct firmware_reply reply;
	const char *fault;

	if (reply_parse(m, &s->pairs, &reply, &fault) < 0) {
		counts.bad++;
		refuse(s, "bad-reply", fault);
	} else {
		counts.replies[agent_reply(&s->agent, &reply)]++;
	}
}

static void take_record(struct stage *s)
{
	struct record_error error;
	enum firmware_topic kind;
	struct message m;
	struct slice name;
	int parsed;

	parsed = s->in.kind == RECORD_JSON
	             ? mosquitto_json_parse(s->in.line, &s->scratch, &m, &error)
	             : message_parse(s->in.line, &s->scratch, &m, &error);
	if (parsed < 0) {
		input_reject_malformed(&s->in, &error);
		return;
	}
	kind = firmware_topic_parse(m.topic, &name, NULL);
	if (kind == FIRMWARE_MANIFEST && slice_equal(name, options.identity.model)) {
		take_manifest(s, &m);
	} else if (kind == FIRMWARE_RX && slice_equal(name, options.identity.device)) {
		take_reply(s, &m);
	} else {
		counts.others++;
		refuse(s, "other-topic", "neither a manifest nor a reply for this device");
	}
}

/* ---- metrics ---- */

static void measure(const struct stage *s)
{
	const struct fetch *f = &s->agent.fetch;

	gauges.installed = (double)f->config.installed;
	gauges.failed = f->phase == FETCH_ENDED && f->state == FETCH_FAILED;
	gauges.offset = f->phase == FETCH_IDLE ? 0 : (double)fetch_offset(f);
	gauges.size = (double)f->image.size;
}

static void register_counts(struct metrics *m)
{
	static const char manifests[] = "Manifests read, by what became of them.";
	static const char replies[] = "Replies read, by what became of them.";
	static const char *const verdicts[] = {"verdict=\"accepted\"", "verdict=\"known\"",
	                                       "verdict=\"installed\"", "verdict=\"later\"",
	                                       "verdict=\"downgrade\""};
	static const char *const fates[] = {"verdict=\"taken\"", "verdict=\"stray\"",
	                                    "verdict=\"mismatched\"", "verdict=\"corrupt\"",
	                                    "verdict=\"refusal\""};

	for (int i = 0; i <= FETCH_DOWNGRADE; i++)
		metrics_counter(m, "fetch_manifests_total", verdicts[i], manifests,
		                &counts.manifests[i]);
	metrics_counter(m, "fetch_manifests_total", "verdict=\"refused\"", manifests,
	                &counts.refused);
	metrics_counter(m, "fetch_manifests_total", "verdict=\"withdrawn\"", manifests,
	                &counts.withdrawn);
	for (int i = 0; i <= FETCH_REPELLED; i++) {
		metrics_counter(m, "fetch_replies_total", fates[i], replies, &counts.replies[i]);
		if (i == FETCH_TAKEN)
			metrics_work(m);
	}
	metrics_counter(m, "fetch_replies_total", "verdict=\"bad\"", replies, &counts.bad);
}

static struct metrics *open_metrics(const struct stage *s)
{
	struct metrics *m = metrics_open(options.common.metrics, "");

	metrics_counter(m, "fetch_lines_total", "", "Lines read.", &s->in.records);
	metrics_counter(m, "fetch_malformed_total", "",
	                "Lines that are no message, and became dead letters.", &s->in.rejected);
	register_counts(m);
	metrics_counter(m, "fetch_others_total", "", "Messages on other topics.", &counts.others);
	metrics_counter(m, "fetch_requests_total", "", "Requests sent.",
	                &s->agent.fetch.counts.requests);
	metrics_counter(m, "fetch_timeouts_total", "", "Requests not answered in time.",
	                &s->agent.fetch.counts.timeouts);
	metrics_gauge(m, "fetch_installed_sequence", "", "Recorded as installed; 0: none.",
	              &gauges.installed);
	metrics_gauge(m, "fetch_offset_bytes", "", "Of the image: bytes that are there.",
	              &gauges.offset);
	metrics_gauge(m, "fetch_size_bytes", "", "Of the image: its size.", &gauges.size);
	metrics_gauge(m, "fetch_failed", "", "1 when the last fetch failed.", &gauges.failed);
	return m;
}

/* ---- the story ---- */

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Reads to the end of the input. */
static void run(struct stage *s, struct metrics *m)
{
	for (;;) {
		measure(s);
		metrics_tick(m);
		s->in.lines.wake_fd = s->agent.command.fd;
		s->in.lines.deadline = earlier(agent_due(&s->agent), metrics_due(m));
		switch (input_next(&s->in)) {
		case INPUT_RECORD:
			take_record(s);
			break;
		case INPUT_WAKE:
			break;
		case INPUT_RELOAD:
			agent_again(&s->agent);
			break;
		case INPUT_END:
			return;
		}
		agent_act(&s->agent);
	}
}

static void stage_close(struct stage *s)
{
	agent_close(&s->agent);
	measure(s);
	filter_close(&s->in, &s->out, &s->reject);
	buf_free(&s->scratch);
	buf_free(&s->pairs);
}

static void report(const struct stage *s)
{
	const uint64_t *m = counts.manifests, *r = counts.replies;

	msg_info("lines %" PRIu64 ", malformed %" PRIu64 ", others %" PRIu64
	         ", manifests: accepted %" PRIu64 ", known %" PRIu64 ", installed %" PRIu64
	         ", later %" PRIu64 ", refused %" PRIu64 ", withdrawn %" PRIu64
	         ", replies: taken %" PRIu64 ", stray %" PRIu64 ", mismatched %" PRIu64
	         ", corrupt %" PRIu64 ", refusals %" PRIu64 ", bad %" PRIu64 "; requests %" PRIu64
	         ", timeouts %" PRIu64,
	         s->in.records, s->in.rejected, counts.others, m[FETCH_ACCEPTED], m[FETCH_KNOWN],
	         m[FETCH_INSTALLED], m[FETCH_LATER], m[FETCH_DOWNGRADE] + counts.refused,
	         counts.withdrawn, r[FETCH_TAKEN], r[FETCH_STRAY], r[FETCH_MISMATCHED],
	         r[FETCH_CORRUPT], r[FETCH_REPELLED], counts.bad, s->agent.fetch.counts.requests,
	         s->agent.fetch.counts.timeouts);
}

int main(int argc, char **argv)
{
	static struct stage stage;
	struct metrics *metrics;

	msg_init("fw-fetch");
	options_parse(&options, argc, argv);

	stage_open(&stage);
	metrics = open_metrics(&stage);
	run(&stage, metrics);
	stage_close(&stage);
	metrics_close(metrics);

	report(&stage);
	identity_free(&options.identity);
	return stage.in.status;
}
