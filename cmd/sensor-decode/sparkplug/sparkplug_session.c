#include "sparkplug/sparkplug_session.h"

#include "base/clock.h"
#include "base/msg.h"

#include <inttypes.h>

void sparkplug_session_open(struct sparkplug_session *s, struct decoder *d, const char *state,
                            const char *requests)
{
	s->decoder = d;
	s->sparkplug = decoder_sparkplug(d);
	s->keeps = state != NULL;
	s->asks = requests != NULL;
	if (s->keeps)
		sparkplug_store_open(&s->store, state);
	if (s->asks)
		out_open_append(&s->requests, requests);
}

struct out *sparkplug_session_first(struct sparkplug_session *s)
{
	return s->keeps ? &s->store.out : NULL;
}

static void restore(void *decoder, const struct message *m)
{
	decoder_restore(decoder, m);
}

void sparkplug_session_before(struct sparkplug_session *s, const struct message *m)
{
	s->last_seq = m->seq;
	s->last_received = m->received;
	if (s->restored || !s->keeps)
		return;
	sparkplug_store_restore(&s->store, m->seq, restore, s->decoder);
	s->restored = true;
}

static void pass_requests(struct sparkplug_session *s, const struct message *m)
{
	struct buf *made = &s->sparkplug->requests;

	if (made->len == 0)
		return;
	if (s->asks && clock_now() - m->received <= SPARKPLUG_REQUEST_AGE) {
		buf_append_slice(&s->requests.buf, buf_slice(made));
		out_line(&s->requests);
		s->requested++;
	}
	buf_clear(made);
}

void sparkplug_session_after(struct sparkplug_session *s, const struct message *m)
{
	if (s->keeps && s->sparkplug->remember)
		sparkplug_store_append(&s->store, m);
	pass_requests(s, m);
	s->nodes = (double)(s->sparkplug->table.node_count - s->sparkplug->table.unborn_count);
}

/* Whether a metric of this fate has a value, and is left out all the same. */
static bool is_left_out(int fate)
{
	return fate != SPARKPLUG_TAKEN && fate != SPARKPLUG_NULL;
}

void sparkplug_session_metrics(struct sparkplug_session *s, struct metrics *m)
{
	static const char *const labels[SPARKPLUG_FATES] = {
	    [SPARKPLUG_TRANSIENT] = "reason=\"transient\"",
	    [SPARKPLUG_UNSUPPORTED] = "reason=\"datatype\"",
	    [SPARKPLUG_RANGE] = "reason=\"range\"",
	    [SPARKPLUG_TOO_LONG] = "reason=\"string-too-long\"",
	    [SPARKPLUG_BAD_NAME] = "reason=\"bad-name\"",
	};
	const struct sparkplug_counts *c = &s->sparkplug->counts;

	metrics_gauge(m, "decode_sparkplug_nodes", "", "Nodes whose birth is known.", &s->nodes);
	metrics_counter(m, "decode_sparkplug_births_total", "", "Births taken.", &c->births);
	metrics_counter(m, "decode_sparkplug_deaths_total", "", "Deaths taken.", &c->deaths);
	metrics_counter(m, "decode_sparkplug_stale_deaths_total", "",
	                "Deaths of an earlier session.", &c->stale);
	metrics_counter(m, "decode_sparkplug_gaps_total", "",
	                "Messages before which others are missing.", &c->gaps);
	metrics_counter(m, "decode_sparkplug_requests_total", "", "Births asked for.",
	                &s->requested);
	for (int i = 0; i < SPARKPLUG_FATES; i++)
		if (is_left_out(i))
			metrics_counter(m, "decode_sparkplug_left_out_total", labels[i],
			                "Metrics that were left out.", &c->fates[i]);
}

void sparkplug_session_report(const struct sparkplug_session *s)
{
	const struct sparkplug_counts *c = &s->sparkplug->counts;
	uint64_t left_out = 0;

	if (s->sparkplug->table.node_count == 0)
		return;
	for (int i = 0; i < SPARKPLUG_FATES; i++)
		if (is_left_out(i))
			left_out += c->fates[i];
	msg_info("sparkplug: births %" PRIu64 ", deaths %" PRIu64 ", gaps %" PRIu64
	         ", metrics %" PRIu64 ", left out %" PRIu64 ", births asked for %" PRIu64,
	         c->births, c->deaths, c->gaps, c->fates[SPARKPLUG_TAKEN], left_out, s->requested);
}

void sparkplug_session_close(struct sparkplug_session *s)
{
	struct buf state = {0};

	if (s->keeps) {
		if (s->restored)
			sparkplug_append_state(s->sparkplug, s->last_seq, s->last_received, &state);
		sparkplug_store_close(&s->store, buf_slice(&state));
	}
	if (s->asks)
		out_close(&s->requests);
	buf_free(&state);
}
