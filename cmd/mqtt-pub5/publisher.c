#include "publisher.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "link/mqtt_reason.h"
#include "record/mosquitto_json.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* In the library's threads. */
static void on_settled(void *context, struct mqtt_delivery *delivery, int reason)
{
	struct publisher *p = context;

	if (window_settle(&p->window, delivery, reason))
		mqtt_session_wake(p->session);
}

void publisher_open(struct publisher *p, const struct options *options)
{
	const struct mqtt_config config = {
	    .options = &options->mqtt,
	    .handler = {.context = p, .settled = on_settled},
	};

	*p = (struct publisher){
	    .options = options,
	    .pace = {.rate = options->rate, .speed = options->speed},
	    .give_up = INT64_MAX,
	};
	window_init(&p->window, options->window, options->acknowledged);
	reject_open(&p->reject, options->common.reject);
	out_init(&p->acknowledged, STDOUT_FILENO, "stdout");
	p->session = mqtt_session_new(&config);
}

/* Parses a record into what is to be published. */
static int read_record(const struct options *o, enum record_kind kind, struct slice line,
                       struct parsing *to, struct record_error *error)
{
	struct message *m = &to->message;
	int status = kind == RECORD_JSON ? mosquitto_json_parse(line, &to->scratch, m, error)
	                                 : message_parse(line, &to->scratch, m, error);

	if (status < 0)
		return -1;
	if (o->qos >= 0)
		m->qos = (unsigned)o->qos;
	if (!o->retain)
		m->retained = false;
	if (*o->topic_prefix) {
		buf_clear(&to->topic);
		buf_append_string(&to->topic, o->topic_prefix);
		buf_append_slice(&to->topic, m->topic);
		m->topic = buf_slice(&to->topic);
	}
	return 0;
}

static void unpublishable(struct publisher *p, struct slice line, uint64_t number, const char *why)
{
	reject_line(&p->reject, line, "unpublishable", "line %" PRIu64 ": %s", number, why);
	p->rejected++;
}

static void pass_on(struct publisher *p, const struct flight *f)
{
	buf_append_slice(&p->acknowledged.buf, buf_slice(&f->line));
	buf_putc(&p->acknowledged.buf, '\n');
	out_line(&p->acknowledged);
}

static void bury(struct publisher *p, const struct flight *f)
{
	reject_line(&p->reject, buf_slice(&f->line), "refused", "line %" PRIu64 ": %s (0x%02x)",
	            f->number, mqtt_reason_text(f->reason), (unsigned)f->reason);
	p->refused++;
	p->refused_by[f->reason & 0xff]++;
}

/* What the broker took goes to the output, if asked for; what it refused is a dead letter. */
static void take_settled(struct publisher *p)
{
	struct flight *f;

	while ((f = window_settled(&p->window))) {
		if (f->reason < MQTT_REASON_FAILURE)
			pass_on(p, f);
		else
			bury(p, f);
		window_done(&p->window, f);
	}
}

/* On a new connection: what was under way on the one before goes first, in its order. */
static void send_again(struct publisher *p)
{
	struct flight *f = window_under_way(&p->window), *next;

	for (; f; f = next) {
		struct record_error error;
		const char *fault;

		/* It may be settled, and gone from the list, as soon as it is published. */
		next = f->next;
		if (read_record(p->options, f->kind, buf_slice(&f->line), &p->again, &error) < 0)
			msg_die(EX_SOFTWARE, "line %" PRIu64 " does not parse again: %s", f->number,
			        error.what);
		fault = mqtt_session_publish(p->session, &p->again.message, &f->delivery);
		p->repeated++;
		if (fault) {
			unpublishable(p, buf_slice(&f->line), f->number, fault);
			window_cancel(&p->window, f);
		}
	}
}

bool publisher_service(struct publisher *p)
{
	enum mqtt_state state = mqtt_session_step(p->session);
	struct mqtt_session *s = p->session;

	if (p->give_up == INT64_MAX && stop_requested())
		p->give_up = clock_monotonic() + PUBLISHER_STOP_WAIT;
	take_settled(p);
	p->published = window_published(&p->window);
	if (state == MQTT_READY && p->connections != s->connections) {
		window_limit(&p->window, s->limits.receive_maximum);
		send_again(p);
		p->connections = s->connections;
	}
	return state != MQTT_FAILED && state != MQTT_CLOSED && clock_monotonic() < p->give_up;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Sleeps until there is something to service, at the latest until `deadline`. */
static void wait_for_news(struct publisher *p, int64_t deadline)
{
	struct pollfd fds[] = {
	    {.fd = mqtt_session_fd(p->session), .events = POLLIN},
	    {.fd = p->give_up == INT64_MAX ? stop_fd() : -1, .events = POLLIN},
	};
	int64_t left;

	deadline = earlier(deadline, earlier(p->session->deadline, p->give_up));
	left = deadline - clock_monotonic();
	if (left > CLOCK_SECOND)
		left = CLOCK_SECOND;
	out_flush(&p->reject.out);
	out_flush(&p->acknowledged);
	if (left > 0 && poll(fds, 2, (int)((left + 999) / 1000)) < 0 && errno != EINTR)
		msg_die(EX_OSERR, "poll: %s", strerror(errno));
}

static bool is_connected(const struct publisher *p)
{
	return p->session->state == MQTT_READY && p->connections == p->session->connections;
}

bool publisher_connect(struct publisher *p)
{
	while (publisher_service(p) && !stop_requested()) {
		if (is_connected(p))
			return true;
		wait_for_news(p, INT64_MAX);
	}
	return false;
}

/* Once a stop is asked for, what was read goes out at once. */
static bool wait_until_due(struct publisher *p, int64_t due)
{
	while (clock_monotonic() < due && !stop_requested()) {
		wait_for_news(p, due);
		if (!publisher_service(p))
			return false;
	}
	return true;
}

/* A flight on a connection; NULL when there will be none. */
static struct flight *wait_for_room(struct publisher *p, struct slice line, bool acknowledged)
{
	for (;;) {
		struct flight *f = NULL;

		if (is_connected(p))
			f = window_begin(&p->window, line, acknowledged);
		if (f)
			return f;
		wait_for_news(p, INT64_MAX);
		if (!publisher_service(p))
			return NULL;
	}
}

static void unacknowledged(struct publisher *p, struct slice line, uint64_t number)
{
	reject_line(&p->reject, line, "unacknowledged",
	            "line %" PRIu64 ": not acknowledged when the tool had to end", number);
	p->unacknowledged++;
}

bool publisher_send(struct publisher *p, struct input *in)
{
	const struct message *m = &p->now.message;
	struct record_error error;
	const char *fault;
	struct flight *f;

	if (read_record(p->options, in->kind, in->line, &p->now, &error) < 0) {
		input_reject_malformed(in, &error);
		return true;
	}
	if (!wait_until_due(p, pace_due(&p->pace, m->received, clock_monotonic())) ||
	    !(f = wait_for_room(p, in->line, m->qos > 0))) {
		unacknowledged(p, in->line, in->lines.number);
		return false;
	}
	f->number = in->lines.number;
	f->kind = in->kind;
	fault = mqtt_session_publish(p->session, m, &f->delivery);
	if (fault) {
		unpublishable(p, in->line, f->number, fault);
		window_cancel(&p->window, f);
	}
	return true;
}

void publisher_give_back(struct publisher *p, const struct input *in)
{
	unacknowledged(p, in->line, in->lines.number);
}

/* DISCONNECT, so that the broker does not take the end for a failure. */
static void disconnect(struct publisher *p)
{
	mqtt_session_close(p->session);
	while (mqtt_session_step(p->session) == MQTT_CLOSING)
		wait_for_news(p, INT64_MAX);
}

int publisher_finish(struct publisher *p)
{
	bool going = publisher_service(p);
	int status = EX_OK;
	struct flight *f;

	while (going && !window_is_empty(&p->window)) {
		wait_for_news(p, INT64_MAX);
		going = publisher_service(p);
	}
	if (p->session->state == MQTT_FAILED)
		status = p->session->status;
	else
		disconnect(p);
	take_settled(p);
	p->published = window_published(&p->window);
	for (f = window_under_way(&p->window); f; f = f->next)
		unacknowledged(p, buf_slice(&f->line), f->number);
	if (status == EX_OK && (p->unacknowledged || p->connections == 0))
		status = EX_TEMPFAIL;
	if (p->options->acknowledged)
		out_close(&p->acknowledged);
	reject_close(&p->reject);
	return status;
}
