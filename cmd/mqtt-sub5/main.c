/*
 * mqtt-sub5: subscribe with MQTT 5 and write each message as a record (m1) to standard output, or
 * to a spool.
 *
 * The client library's receive thread gives messages to the sink (sink.h); the
 * main thread does the sink's work and keeps the session up.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "link/mqtt_session.h"
#include "observe/metrics.h"
#include "observe/notify.h"
#include "options.h"
#include "sink.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>

static struct options options;

/* What the main thread works with. */
struct subscriber {
	struct sink sink;
	struct mqtt_session *session;
	struct metrics *metrics;
	double connected; /* gauge */
	int64_t deadline; /* clock_monotonic() of -W */
	bool leaving;     /* the session is to end for good */
};

static void open_session(struct subscriber *sub)
{
	const struct mqtt_config config = {
	    .options = &options.mqtt,
	    .handler = sink_open(&sub->sink, &options),
	    .filters = options.filters,
	    .filter_count = options.filter_count,
	    .qos = options.qos,
	    .keep = options.keep,
	    .expiry = options.expiry,
	    .receive_maximum = options.receive_maximum,
	    .max_packet = options.max_packet,
	};

	sub->session = mqtt_session_new(&config);
	sub->deadline = options.wait ? clock_monotonic() + options.wait : INT64_MAX;
}

static void open_metrics(struct subscriber *sub)
{
	sub->metrics = metrics_open(options.metrics, "");
	sink_add_metrics(&sub->sink, sub->metrics);
	metrics_counter(sub->metrics, "mqtt_reconnects_total", "",
	                "Connections made again after a loss or a pause.",
	                &sub->session->reconnects);
	metrics_counter(sub->metrics, "mqtt_session_losses_total", "",
	                "Reconnects to a broker that had no session any more.",
	                &sub->session->session_losses);
	metrics_gauge(sub->metrics, "mqtt_connected", "", "1 while connected, else 0.",
	              &sub->connected);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
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
static void wait_for_work(struct subscriber *sub, bool closing)
{
	int64_t deadline = earlier(sub->session->deadline, sink_due(&sub->sink));
	struct pollfd fds[2 + SINK_FDS] = {
	    {.fd = mqtt_session_fd(sub->session), .events = POLLIN},
	    {.fd = closing ? -1 : stop_fd(), .events = POLLIN},
	};

	sink_fds(&sub->sink, fds + 2);
	if (!closing)
		deadline = earlier(deadline, sub->deadline);
	if (poll(fds, sizeof(fds) / sizeof(fds[0]), milliseconds_until(deadline)) < 0 &&
	    errno != EINTR)
		msg_die(EX_OSERR, "poll: %s", strerror(errno));
	sink_polled(&sub->sink, fds + 2);
}

/* Brings the state out: to the metrics and to the service manager. */
static void observe(struct subscriber *sub, enum mqtt_state state)
{
	/* A session that is resumed delivers before its subscriptions are confirmed. */
	bool connected = state == MQTT_READY || state == MQTT_SUBSCRIBING || state == MQTT_LEAVING;

	if (sub->connected != connected)
		notify_status(connected ? "connected" : "connecting");
	sub->connected = connected;
	if (state == MQTT_READY)
		notify_ready();
	notify_alive();
	metrics_tick(sub->metrics);
}

/* Asked by --leave or SIGUSR1, at most once. */
static void look_at_leave(struct subscriber *sub)
{
	bool asked = stop_leave_requested() || options.leave;

	if (!asked || sub->leaving)
		return;
	sub->leaving = true;
	notify_status("leaving");
	mqtt_session_leave(sub->session);
}

static bool has_to_end(const struct subscriber *sub, enum mqtt_state state)
{
	return stop_requested() || clock_monotonic() >= sub->deadline ||
	       (options.only_subscribe && state == MQTT_READY);
}

/* Takes messages until the session ends; returns the exit status. */
static int follow(struct subscriber *sub)
{
	bool closing = false;

	for (;;) {
		enum mqtt_state state = mqtt_session_step(sub->session);
		enum capture_state sink = sink_work(&sub->sink);

		observe(sub, state);
		if (state == MQTT_FAILED)
			return sub->session->status;
		if (state == MQTT_CLOSED)
			return EX_OK;
		if (!closing && (sink == CAPTURE_FAILED || has_to_end(sub, state))) {
			closing = true;
			notify_stopping();
			sink_close(&sub->sink);
			mqtt_session_close(sub->session);
			continue;
		}
		if (!closing)
			look_at_leave(sub);
		if (!closing && sink == CAPTURE_STUCK)
			mqtt_session_pause(sub->session);
		wait_for_work(sub, closing);
	}
}

/* -C asks for a number of messages and -W came first. */
static bool is_short(const struct subscriber *sub)
{
	return options.count != UINT64_MAX && sub->sink.counts.lines < options.count &&
	       clock_monotonic() >= sub->deadline && !stop_requested();
}

static void summarize(const struct subscriber *sub)
{
	struct buf text = {0};

	buf_printf(&text, "received %" PRIu64 " messages", sub->sink.counts.lines);
	if (options.spool.path)
		buf_printf(&text, ", spooled %" PRIu64, sub->sink.counts.lines);
	buf_printf(
	    &text, ", payload bytes %" PRIu64 ", reconnects %" PRIu64 ", session losses %" PRIu64,
	    sub->sink.counts.payload, sub->session->reconnects, sub->session->session_losses);
	msg_info("%s", buf_string(&text));
	buf_free(&text);
}

static int finish(struct subscriber *sub, int status)
{
	sink_settle(&sub->sink);
	sub->connected = 0;
	metrics_close(sub->metrics);
	if (!sink_finish(&sub->sink))
		status = EX_IOERR;
	summarize(sub);
	if (status == EX_OK && sub->leaving && !sub->session->left) {
		msg_warn(
		    "client '%s' has not left: the broker keeps its session, and what is in it",
		    options.mqtt.client_id);
		status = EX_TEMPFAIL;
	}
	if (status == EX_OK && is_short(sub)) {
		msg_warn("only %" PRIu64 " of %" PRIu64 " messages came in time (-C, -W)",
		         sub->sink.counts.lines, options.count);
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
	stop_init_leave();
	notify_init();
	open_session(&sub);
	open_metrics(&sub);
	status = finish(&sub, follow(&sub));
	options_free(&options);
	return status;
}
