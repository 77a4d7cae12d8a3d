/*
 * mqtt-sub5: subscribe with MQTT 5 and write each message as a record (m1) to standard output.
 *
 * The client library's receive thread formats messages into the hand-over
 * (handover.h); the main thread writes them out and keeps the session up.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "handover.h"
#include "link/mqtt_session.h"
#include "observe/metrics.h"
#include "options.h"
#include "record/mosquitto_json.h"
#include "record/record.h"
#include "stream/out.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static struct options options;

/* What the main thread works with. */
struct subscriber {
	struct handover handover;
	struct handover_counts counts; /* as of the last writing, for metrics and the summary */
	struct mqtt_session *session;
	struct out out;
	struct metrics *metrics;
	double connected; /* gauge */
	int64_t deadline; /* clock_monotonic() of -W */
};

/* In the receive thread: takes one message. */
static enum mqtt_verdict take_message(void *context, const struct message *m)
{
	struct handover *h = context;
	struct buf *b = handover_begin(h);

	if (!b)
		return MQTT_NOT_TAKEN;
	if (options.json)
		mosquitto_json_append(b, m);
	else
		message_append(b, m);
	return handover_end(h, m->payload.len) ? MQTT_LAST : MQTT_TAKEN;
}

static void open_session(struct subscriber *sub)
{
	const struct mqtt_config config = {
	    .options = &options.mqtt,
	    .handler = {.context = &sub->handover, .message = take_message},
	    .filters = options.filters,
	    .filter_count = options.filter_count,
	    .qos = options.qos,
	    .keep = options.keep,
	    .expiry = options.expiry,
	    .receive_maximum = options.receive_maximum,
	    .max_packet = options.max_packet,
	};

	handover_init(&sub->handover, options.count);
	sub->session = mqtt_session_new(&config);
	out_init(&sub->out, STDOUT_FILENO, "stdout");
	sub->deadline = options.wait ? clock_monotonic() + options.wait : INT64_MAX;
}

static void open_metrics(struct subscriber *sub)
{
	sub->metrics = metrics_open(options.metrics, "");
	metrics_counter(sub->metrics, "mqtt_messages_received_total", "",
	                "Messages taken from the broker.", &sub->counts.lines);
	metrics_counter(sub->metrics, "mqtt_payload_bytes_received_total", "",
	                "Bytes of their payloads.", &sub->counts.payload);
	metrics_counter(sub->metrics, "mqtt_reconnects_total", "",
	                "Connections made again after a loss.", &sub->session->reconnects);
	metrics_counter(sub->metrics, "mqtt_session_losses_total", "",
	                "Reconnects to a broker that had no session any more.",
	                &sub->session->session_losses);
	metrics_gauge(sub->metrics, "mqtt_connected", "",
	              "1 while connected and subscribed, else 0.", &sub->connected);
}

/* Writes out all that waits. */
static void write_out(struct subscriber *sub)
{
	while (handover_take(&sub->handover, &sub->out.buf))
		out_flush(&sub->out);
	sub->counts = handover_counts(&sub->handover);
}

static int milliseconds_until(int64_t deadline)
{
	int64_t left = deadline - clock_monotonic();

	if (left <= 0)
		return 0;
	/* Rounded up: waking early would only mean to sleep again. */
	return left > CLOCK_SECOND ? 1000 : (int)((left + 999) / 1000);
}

/* Sleeps until there is something to do, at most a second (for the metrics). */
static void wait_for_work(const struct subscriber *sub, bool closing)
{
	int64_t deadline = sub->deadline < sub->session->deadline && !closing
	                       ? sub->deadline
	                       : sub->session->deadline;
	struct pollfd fds[] = {
	    {.fd = handover_fd(&sub->handover), .events = POLLIN},
	    {.fd = mqtt_session_fd(sub->session), .events = POLLIN},
	    {.fd = closing ? -1 : stop_fd(), .events = POLLIN},
	    {.fd = sub->out.fd}, /* only for the reader's end of the pipe being closed */
	};

	if (poll(fds, sizeof(fds) / sizeof(fds[0]), milliseconds_until(deadline)) < 0 &&
	    errno != EINTR)
		msg_die(EX_OSERR, "poll: %s", strerror(errno));
	if (fds[3].revents & POLLERR)
		msg_die(EX_IOERR, "stdout: %s", strerror(EPIPE));
}

static bool has_to_end(const struct subscriber *sub, enum mqtt_state state)
{
	return stop_requested() || clock_monotonic() >= sub->deadline ||
	       (options.only_subscribe && state == MQTT_READY);
}

/* Takes and writes messages until the session ends; returns the exit status. */
static int follow(struct subscriber *sub)
{
	bool closing = false;

	for (;;) {
		enum mqtt_state state = mqtt_session_step(sub->session);

		sub->connected = state == MQTT_READY;
		write_out(sub);
		metrics_tick(sub->metrics);
		if (state == MQTT_FAILED)
			return sub->session->status;
		if (state == MQTT_CLOSED)
			return EX_OK;
		if (!closing && has_to_end(sub, state)) {
			closing = true;
			handover_close(&sub->handover);
			mqtt_session_close(sub->session);
		} else {
			wait_for_work(sub, closing);
		}
	}
}

/* -C asks for a number of messages and -W came first. */
static bool is_short(const struct subscriber *sub)
{
	return options.count != UINT64_MAX && sub->counts.lines < options.count &&
	       clock_monotonic() >= sub->deadline && !stop_requested();
}

static int finish(struct subscriber *sub, int status)
{
	write_out(sub);
	out_close(&sub->out);
	sub->connected = 0;
	metrics_close(sub->metrics);
	msg_info("received %" PRIu64 " messages, payload bytes %" PRIu64 ", reconnects %" PRIu64
	         ", session losses %" PRIu64,
	         sub->counts.lines, sub->counts.payload, sub->session->reconnects,
	         sub->session->session_losses);
	if (status == EX_OK && is_short(sub)) {
		msg_warn("only %" PRIu64 " of %" PRIu64 " messages came in time (-C, -W)",
		         sub->counts.lines, options.count);
		status = EX_TEMPFAIL;
	}
	return status;
}

int main(int argc, char **argv)
{
	/* Static: the library's threads may be at work until the process is gone. */
	static struct subscriber sub;
	int status;

	msg_init("mqtt-sub5");
	options_read(&options, argc, argv);
	stop_init();
	open_session(&sub);
	open_metrics(&sub);
	status = finish(&sub, follow(&sub));
	options_free(&options);
	return status;
}
