/*
 * mqtt-pub5: publish the message records of standard input with MQTT 5.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "link/mqtt_reason.h"
#include "observe/metrics.h"
#include "options.h"
#include "publisher.h"
#include "record/input.h"

#include <inttypes.h>

#define GIVE_BACK_WAIT INT64_C(1000000) /* microseconds */

static struct options options;

static struct metrics *open_metrics(const struct publisher *p, const struct input *in)
{
	struct metrics *m = metrics_open(options.common.metrics, "");

	metrics_counter(m, "mqtt_records_read_total", "", "Records read.", &in->records);
	metrics_counter(m, "mqtt_messages_published_total", "",
	                "Messages the broker acknowledged; of QoS 0: written to it.",
	                &p->published);
	metrics_work(m);
	metrics_counter(m, "mqtt_messages_refused_total", "",
	                "Messages the broker acknowledged with a failure.", &p->refused);
	metrics_counter(m, "mqtt_records_rejected_total", "cause=\"input\"",
	                "Records that cannot be published.", &in->rejected);
	metrics_counter(m, "mqtt_records_rejected_total", "cause=\"unpublishable\"",
	                "Records that cannot be published.", &p->rejected);
	metrics_counter(m, "mqtt_messages_repeated_total", "",
	                "Messages sent again after a lost connection.", &p->repeated);
	metrics_counter(m, "mqtt_publish_reconnects_total", "",
	                "Connections of the publisher made again after a loss.",
	                &p->session->reconnects);
	return m;
}

/* What was read ahead must not vanish with this process: records that are there without waiting
 * become dead letters. */
static void give_back(struct publisher *p, struct input *in)
{
	int64_t until = clock_monotonic() + GIVE_BACK_WAIT;

	in->lines.deadline = 0;
	while (clock_monotonic() < until && input_next(in) == INPUT_RECORD)
		publisher_give_back(p, in);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Publishes all records, as long as that is possible. */
static void publish_all(struct publisher *p, struct input *in, struct metrics *metrics)
{
	bool going = true;

	in->lines.wake_fd = mqtt_session_fd(p->session);
	while (going) {
		in->lines.deadline = earlier(p->session->deadline, metrics_due(metrics));
		switch (input_next(in)) {
		case INPUT_RECORD:
			going = publisher_send(p, in);
			break;
		case INPUT_WAKE:
			going = publisher_service(p);
			break;
		case INPUT_RELOAD:
			break;
		case INPUT_END:
			return;
		}
		metrics_tick(metrics);
	}
	in->lines.wake_fd = -1;
	give_back(p, in);
}

static void report(const struct publisher *p, const struct input *in)
{
	msg_info("read %" PRIu64 " records, published %" PRIu64 ", refused %" PRIu64
	         ", rejected %" PRIu64 ", unacknowledged %" PRIu64 "; sent again %" PRIu64
	         ", reconnects %" PRIu64,
	         in->records, p->published, p->refused, in->rejected + p->rejected,
	         p->unacknowledged, p->repeated, p->session->reconnects);
	for (int code = 0; code < 256; code++) {
		if (p->refused_by[code])
			msg_warn("the broker refused %" PRIu64 " messages: %s (0x%02x)",
			         p->refused_by[code], mqtt_reason_text(code), (unsigned)code);
	}
}

int main(int argc, char **argv)
{
	/* Static: the library's threads may be at work until the process is gone. */
	static struct publisher publisher;
	struct metrics *metrics;
	struct input in;
	int status;

	msg_init("mqtt-pub5");
	options_read(&options, argc, argv);
	stop_init();
	publisher_open(&publisher, &options);
	input_init(&in, INPUT_MESSAGES, options.common.max_line, &publisher.reject);
	line_flush_before_block(&in.lines, &publisher.acknowledged);
	metrics = open_metrics(&publisher, &in);
	if (publisher_connect(&publisher))
		publish_all(&publisher, &in, metrics);
	status = publisher_finish(&publisher);
	metrics_close(metrics);
	report(&publisher, &in);
	input_free(&in);
	options_free(&options);
	return status != EX_OK ? status : in.status;
}
