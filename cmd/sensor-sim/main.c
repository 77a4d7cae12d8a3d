/*
 * sensor-sim: message records of synthetic sensors.
 *
 * A fleet of sensors takes turns. Each message is drafted (fleet), spoilt where
 * it is to be an error (fault), and written as a record with its payload
 * encoded (draft, payload); pace says when.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "fault.h"
#include "fleet.h"
#include "options.h"
#include "pace.h"
#include "stream/out.h"

#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

/* The stream of random numbers that chooses the errors; sensors have those of their own numbers. */
#define FAULT_STREAM UINT64_MAX

static struct options options;

static struct counts {
	uint64_t messages, errors;
} counts;

/* Sleeps until the time, or until asked to stop. */
static void sleep_until(int64_t monotonic)
{
	struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
	int64_t us = monotonic - clock_monotonic();

	if (us > 0) {
		struct timespec span = {us / CLOCK_SECOND, us % CLOCK_SECOND * 1000};

		ppoll(&stop, 1, &span, NULL);
	}
}

/* Decides by chance whether this message is an error, and of which kind. The choices come from a
 * stream of their own, so the other messages are what they would be without errors. */
static void spoil(struct draft *draft, struct random *luck)
{
	if (options.errors > 0 && random_unit(luck) < options.errors) {
		size_t kind = (size_t)(random_unit(luck) * (double)options.fault_count);

		fault_apply(options.faults[kind], draft);
		counts.errors++;
	}
}

static void write_messages(struct fleet *fleet, struct pace *pace, struct out *out)
{
	struct random luck = random_stream(options.plan.seed, FAULT_STREAM);
	struct buf topic = {0}, payload = {0};
	struct draft draft;

	while (!stop_requested() && (options.count == 0 || counts.messages < options.count)) {
		if (!pace_take(pace, clock_monotonic)) {
			out_flush(out);
			sleep_until(pace_next(pace));
			continue;
		}
		if (!fleet_next(fleet, &draft)) {
			msg_warn("the simulated clock has come to the end of the year 9999");
			break;
		}
		spoil(&draft, &luck);
		draft_append(&out->buf, &draft, options.payload_bytes, &topic, &payload);
		out_line(out);
		counts.messages++;
	}
	buf_free(&topic);
	buf_free(&payload);
}

int main(int argc, char **argv)
{
	struct fleet fleet;
	struct pace pace;
	struct out out;

	msg_init("sensor-sim");
	options_parse(&options, argc, argv);
	stop_init();
	fleet_init(&fleet, &options.plan);
	out_init(&out, STDOUT_FILENO, "stdout");
	pace_init(&pace, options.rate, clock_monotonic());

	write_messages(&fleet, &pace, &out);

	out_close(&out);
	fleet_free(&fleet);
	msg_info("messages %" PRIu64 ", valid %" PRIu64 ", errors %" PRIu64, counts.messages,
	         counts.messages - counts.errors, counts.errors);
	return EX_OK;
}
