#include "sink.h"

#include "base/msg.h"
#include "record/mosquitto_json.h"
#include "record/record.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool has_spool(const struct sink *s)
{
	return s->options->spool.path != NULL;
}

static bool has_output(const struct sink *s)
{
	return !has_spool(s) || s->options->tee;
}

/* ---- in the receive thread ---- */

static enum mqtt_verdict hand_over(void *context, const struct message *m)
{
	struct sink *s = context;
	struct buf *b = handover_begin(&s->handover);

	if (!b)
		return MQTT_NOT_TAKEN;
	if (s->options->json)
		mosquitto_json_append(b, m);
	else
		message_append(b, m);
	return handover_end(&s->handover, m->payload.len) ? MQTT_LAST : MQTT_TAKEN;
}

static enum mqtt_verdict put_into_spool(void *context, const struct message *m)
{
	struct sink *s = context;

	return capture_message(&s->capture, m);
}

/* ---- in the main thread ---- */

struct mqtt_handler sink_open(struct sink *s, const struct options *options)
{
	*s = (struct sink){.options = options};
	if (has_output(s))
		out_init(&s->out, STDOUT_FILENO, "stdout");
	/* With a spool that is what counts. */
	handover_init(&s->handover, has_spool(s) ? UINT64_MAX : options->count);
	if (!has_spool(s))
		return (struct mqtt_handler){.context = s, .message = hand_over};
	capture_open(&s->capture, &options->spool, options->mqtt.keep_alive, options->count,
	             options->tee ? &s->handover : NULL);
	return (struct mqtt_handler){.context = s, .message = put_into_spool};
}

void sink_add_metrics(struct sink *s, struct metrics *m)
{
	metrics_counter(m, "mqtt_messages_received_total", "", "Messages taken from the broker.",
	                &s->counts.lines);
	metrics_work(m);
	metrics_counter(m, "mqtt_payload_bytes_received_total", "", "Bytes of their payloads.",
	                &s->counts.payload);
	if (!has_spool(s))
		return;
	metrics_counter(m, "spool_messages_total", "", "Messages put into the spool.",
	                &s->counts.lines);
	capture_add_metrics(&s->capture, m);
}

static void write_out(struct sink *s)
{
	while (handover_take(&s->handover, &s->out.buf))
		out_flush(&s->out);
	s->counts = has_spool(s) ? capture_counts(&s->capture) : handover_counts(&s->handover);
}

enum capture_state sink_work(struct sink *s)
{
	write_out(s);
	return has_spool(s) ? capture_tick(&s->capture) : CAPTURE_FLOWS;
}

enum { FD_HANDOVER, FD_OUT, FD_CAPTURE };

void sink_fds(const struct sink *s, struct pollfd fds[SINK_FDS])
{
	fds[FD_HANDOVER] = (struct pollfd){.fd = handover_fd(&s->handover), .events = POLLIN};
	/* Without events: only for the reader's end of the pipe being closed. */
	fds[FD_OUT] = (struct pollfd){.fd = has_output(s) ? s->out.fd : -1};
	fds[FD_CAPTURE] = (struct pollfd){.fd = has_spool(s) ? capture_fd(&s->capture) : -1,
	                                  .events = POLLIN};
}

int64_t sink_due(struct sink *s)
{
	return has_spool(s) ? capture_due(&s->capture) : INT64_MAX;
}

void sink_polled(const struct sink *s, const struct pollfd fds[SINK_FDS])
{
	if (fds[FD_OUT].revents & POLLERR)
		msg_die(EX_IOERR, "%s: %s", s->out.name, strerror(EPIPE));
}

/* With a spool what is in it is handed over still. */
void sink_close(struct sink *s)
{
	if (has_spool(s))
		capture_close(&s->capture);
	else
		handover_close(&s->handover);
}

void sink_settle(struct sink *s)
{
	handover_close(&s->handover);
	if (has_spool(s))
		capture_settle(&s->capture);
	write_out(s);
	if (has_output(s))
		out_close(&s->out);
}

bool sink_finish(struct sink *s)
{
	return !has_spool(s) || capture_finish(&s->capture);
}
