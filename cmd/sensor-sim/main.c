/*
 * sensor-sim: message records of synthetic sensors.
 *
 * A fleet of sensors takes turns. Each message is drafted (fleet), spoilt if it
 * is its turn to be an error (fault), encoded (payload) and written as a record
 * (draft); pace says when.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "base/stop.h"
#include "fault.h"
#include "fleet.h"
#include "pace.h"
#include "stream/out.h"

#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FAULTS_MAX = 64, WORD_MAX_LEN = 32 };

/* The stream of random numbers that chooses the errors; sensors have those of their own numbers. */
#define FAULT_STREAM UINT64_MAX

static struct options {
	struct fleet_plan plan;
	uint64_t count; /* 0: endless */
	double rate;	/* messages a second; 0: no limit */
	double errors;	/* 0 to 1 */
	unsigned char faults[FAULTS_MAX];
	size_t fault_count;
	size_t payload_bytes;
} options = {.plan = {.sensors = 100, .seed = 1, .qos = 1, .interval = 10 * CLOCK_SECOND}};

static struct counts {
	uint64_t messages, errors;
} counts;

static void usage(void)
{
	fputs(
	    "usage: sensor-sim [OPTION]...\n"
	    "Write message records of synthetic sensors to standard output.\n"
	    "\n"
	    "  --sensors N        sensors in the fleet (100)\n"
	    "  --types LIST       climate,power,vibration,level,door,gps (all); twice is twice as "
	    "many\n"
	    "  --format FORMAT    json, protobuf, or mixed (json)\n"
	    "  --payload-bytes N  pad payloads to about N bytes\n"
	    "  --qos N            quality of service, 0 to 2 (1)\n"
	    "\n"
	    "  --count N          stop after N messages (0: never)\n"
	    "  --rate N           messages a second (0: as fast as possible)\n"
	    "  --start TIME       simulate the clock from this RFC 3339 time on (the real clock)\n"
	    "  --interval SECONDS between two messages of a sensor, by the simulated clock (10)\n"
	    "\n"
	    "  --errors PERCENT   share of messages that must be refused (0)\n"
	    "  --faults LIST      kinds of errors (all; --faults help lists them)\n"
	    "  --seed N           same seed and same start, same bytes (1)\n"
	    "\n"
	    "  --quiet            no summary at the end\n"
	    "  -V, --version      print the version\n"
	    "  -h, --help         print this help\n",
	    stdout);
}

/* Reads a list of words joined by commas into their indexes. */
static size_t parse_list(const char *option, const char *value, const char *const words[],
			 unsigned char *indexes, size_t max)
{
	size_t n = 0;

	for (const char *end = value; *end; value = end + 1) {
		char word[WORD_MAX_LEN];

		end = strchrnul(value, ',');
		snprintf(word, sizeof(word), "%.*s", (int)(end - value), value);
		if (n == max)
			msg_usage("%s: more than %zu words", option, max);
		indexes[n++] = (unsigned char)opt_choice(option, word, words);
	}
	if (n == 0)
		msg_usage("%s: an empty list", option);
	return n;
}

static void parse_faults(const char *value)
{
	const char *names[FAULTS_MAX + 1] = {0};

	for (size_t i = 0; i < fault_kinds(); i++)
		names[i] = fault_name(i);
	if (strcmp(value, "help") == 0) {
		for (size_t i = 0; names[i]; i++)
			puts(names[i]);
		exit(EX_OK);
	}
	options.fault_count = parse_list("--faults", value, names, options.faults, FAULTS_MAX);
}

static void parse_start(const char *value)
{
	if (clock_parse(slice_of(value), &options.plan.start) < 0)
		msg_usage("--start '%s': not an RFC 3339 time, as 2026-01-31T12:00:00Z", value);
	options.plan.simulated = true;
}

enum {
	OPT_SENSORS = 256,
	OPT_TYPES,
	OPT_FORMAT,
	OPT_PAYLOAD_BYTES,
	OPT_QOS,
	OPT_COUNT,
	OPT_RATE,
	OPT_START,
	OPT_INTERVAL,
	OPT_ERRORS,
	OPT_FAULTS,
	OPT_SEED,
	OPT_QUIET,
};

static const struct option long_options[] = {
    {"sensors", required_argument, NULL, OPT_SENSORS},
    {"types", required_argument, NULL, OPT_TYPES},
    {"format", required_argument, NULL, OPT_FORMAT},
    {"payload-bytes", required_argument, NULL, OPT_PAYLOAD_BYTES},
    {"qos", required_argument, NULL, OPT_QOS},
    {"count", required_argument, NULL, OPT_COUNT},
    {"rate", required_argument, NULL, OPT_RATE},
    {"start", required_argument, NULL, OPT_START},
    {"interval", required_argument, NULL, OPT_INTERVAL},
    {"errors", required_argument, NULL, OPT_ERRORS},
    {"faults", required_argument, NULL, OPT_FAULTS},
    {"seed", required_argument, NULL, OPT_SEED},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

/* What the fleet is made of; false when `opt` is another option. */
static bool parse_plan_option(int opt, const char *value)
{
	static const char *const formats[] = {"json", "protobuf", "mixed", NULL};
	struct fleet_plan *plan = &options.plan;

	switch (opt) {
	case OPT_SENSORS:
		plan->sensors = opt_u64("--sensors", value, 1, FLEET_SENSORS_MAX);
		return true;
	case OPT_TYPES:
		plan->type_count = parse_list("--types", value, sensor_type_names, plan->types,
					      FLEET_TYPES_MAX);
		return true;
	case OPT_FORMAT:
		plan->format = (enum fleet_format)opt_choice("--format", value, formats);
		return true;
	case OPT_QOS:
		plan->qos = (unsigned)opt_u64("--qos", value, 0, 2);
		return true;
	case OPT_START:
		parse_start(value);
		return true;
	case OPT_INTERVAL:
		plan->interval = (int64_t)(opt_double("--interval", value, 1e-6, 86400) *
					   CLOCK_SECOND);
		return true;
	case OPT_SEED:
		plan->seed = opt_u64("--seed", value, 0, UINT64_MAX);
		return true;
	default:
		return false;
	}
}

/* `argument` is the command line's own word, for messages. */
static void parse_option(int opt, const char *value, const char *argument)
{
	if (parse_plan_option(opt, value))
		return;
	switch (opt) {
	case OPT_PAYLOAD_BYTES:
		options.payload_bytes = opt_bytes("--payload-bytes", value, 0, PAYLOAD_WANT_MAX);
		break;
	case OPT_COUNT:
		options.count = opt_u64("--count", value, 0, UINT64_MAX);
		break;
	case OPT_RATE:
		options.rate = opt_double("--rate", value, 0, 1e9);
		break;
	case OPT_ERRORS:
		options.errors = opt_double("--errors", value, 0, 100) / 100;
		break;
	case OPT_FAULTS:
		parse_faults(value);
		break;
	case OPT_QUIET:
		msg_set_quiet();
		break;
	case 'V':
		puts("sensor-sim " SENSORPIPE_VERSION);
		exit(EX_OK);
	case 'h':
		usage();
		exit(EX_OK);
	default:
		msg_usage("'%s': an unknown option, or one without its value", argument);
	}
}

static void parse_options(int argc, char **argv)
{
	struct fleet_plan *plan = &options.plan;
	bool interval = false;
	int opt;

	opterr = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "hV", long_options, NULL)) != -1) {
		interval |= opt == OPT_INTERVAL;
		parse_option(opt, optarg, argv[optind - 1]);
	}
	if (optind < argc)
		msg_usage("'%s': sensor-sim takes no arguments", argv[optind]);
	if (interval && !plan->simulated)
		msg_usage("--interval is of the simulated clock and needs --start");
	if (options.fault_count && options.errors <= 0)
		msg_usage("--faults needs --errors");
	if (plan->type_count == 0)
		while (plan->type_count < SENSOR_TYPES) {
			plan->types[plan->type_count] = (unsigned char)plan->type_count;
			plan->type_count++;
		}
	if (options.fault_count == 0)
		while (options.fault_count < fault_kinds()) {
			options.faults[options.fault_count] = (unsigned char)options.fault_count;
			options.fault_count++;
		}
}

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
		if (options.errors > 0 && random_unit(&luck) < options.errors) {
			size_t kind = (size_t)(random_unit(&luck) * (double)options.fault_count);

			fault_apply(options.faults[kind], &draft);
			counts.errors++;
		}
		draft_append(&out->buf, &draft, options.payload_bytes, &topic, &payload);
		counts.messages++;
		out_line(out);
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
	parse_options(argc, argv);
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
