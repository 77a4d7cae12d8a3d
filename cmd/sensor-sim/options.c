#include "options.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "fault.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 32 }; /* bytes of a word of a list with its NUL */

static const char usage_text[] =
    "usage: sensor-sim [OPTION]...\n"
    "Write message records of synthetic sensors to standard output.\n"
    "\n"
    "  --sensors N         sensors in the fleet (100)\n"
    "  --types LIST        of climate,power,vibration,level,door,gps (all)\n"
    "  --format FORMAT     json, protobuf, or mixed (json)\n"
    "  --payload-bytes N   pad payloads to about N bytes\n"
    "  --qos N             quality of service, 0 to 2 (1)\n"
    "\n"
    "  --count N           stop after N messages (0: never)\n"
    "  --rate N            messages a second (0: as fast as possible)\n"
    "  --start TIME        simulate the clock from this RFC 3339 time on (the real clock)\n"
    "  --interval SECONDS  between two messages of a sensor, by the simulated clock (10)\n"
    "\n"
    "  --errors PERCENT    share of messages that must be refused (0)\n"
    "  --faults LIST       kinds of errors (all); --faults help lists them\n"
    "  --seed N            same seed and same start, same bytes (1)\n"
    "\n"
    "  --quiet             no summary at the end\n"
    "  -V, --version       print the version\n"
    "  -h, --help          print this help\n";

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

/* Reads a list of words joined by commas into their indexes; returns how many. */
static size_t parse_list(const char *option, const char *value, const char *const words[],
                         unsigned char *indexes, size_t max)
{
	const char *end = value;
	size_t n = 0;

	for (;;) {
		char word[WORD_SIZE];

		end = strchrnul(value, ',');
		snprintf(word, sizeof(word), "%.*s", (int)(end - value), value);
		if (n == max)
			msg_usage("%s: more than %zu words", option, max);
		indexes[n++] = (unsigned char)opt_choice(option, word, words);
		if (!*end)
			return n;
		value = end + 1;
	}
}

static void parse_faults(struct options *o, const char *value)
{
	const char *names[OPTIONS_FAULTS_MAX + 1] = {0};

	for (size_t i = 0; i < fault_kinds(); i++)
		names[i] = fault_name(i);
	if (strcmp(value, "help") == 0) {
		for (size_t i = 0; names[i]; i++)
			puts(names[i]);
		exit(EX_OK);
	}
	o->fault_count = parse_list("--faults", value, names, o->faults, OPTIONS_FAULTS_MAX);
}

/* What the fleet is made of; false when `opt` is another option. */
static bool parse_plan_option(struct fleet_plan *plan, int opt, const char *value)
{
	static const char *const formats[] = {"json", "protobuf", "mixed", NULL};

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
	case OPT_SEED:
		plan->seed = opt_u64("--seed", value, 0, UINT64_MAX);
		return true;
	case OPT_START:
		if (clock_parse(slice_of(value), &plan->start) < 0)
			msg_usage("--start '%s': not an RFC 3339 time, as 2026-01-31T12:00:00Z",
			          value);
		plan->simulated = true;
		return true;
	case OPT_INTERVAL:
		plan->interval = (int64_t)(opt_double("--interval", value, 1e-6, 86400) *
		                               CLOCK_SECOND +
		                           0.5);
		return true;
	default:
		return false;
	}
}

static void parse_option(struct options *o, int opt, const char *value)
{
	if (parse_plan_option(&o->plan, opt, value))
		return;
	switch (opt) {
	case OPT_PAYLOAD_BYTES:
		o->payload_bytes = opt_bytes("--payload-bytes", value, 0, PAYLOAD_WANT_MAX);
		break;
	case OPT_COUNT:
		o->count = opt_u64("--count", value, 0, UINT64_MAX);
		break;
	case OPT_RATE:
		o->rate = opt_double("--rate", value, 0, 1e9);
		break;
	case OPT_ERRORS:
		o->errors = opt_double("--errors", value, 0, 100) / 100;
		break;
	case OPT_FAULTS:
		parse_faults(o, value);
		break;
	case OPT_QUIET:
		msg_set_quiet();
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", opt);
	}
}

/* All types and all kinds of errors, where none were named. */
static void fill_lists(struct options *o)
{
	struct fleet_plan *plan = &o->plan;

	if (plan->type_count == 0)
		for (; plan->type_count < SENSOR_TYPES; plan->type_count++)
			plan->types[plan->type_count] = (unsigned char)plan->type_count;
	if (o->fault_count == 0)
		for (; o->fault_count < fault_kinds(); o->fault_count++)
			o->faults[o->fault_count] = (unsigned char)o->fault_count;
}

void options_parse(struct options *o, int argc, char **argv)
{
	bool interval = false, faults = false;
	int opt;

	*o = (struct options){
	    .plan = {.sensors = 100, .seed = 1, .qos = 1, .interval = 10 * CLOCK_SECOND}};
	while ((opt = opt_next(argc, argv, "hV", long_options, usage_text)) != -1) {
		interval |= opt == OPT_INTERVAL;
		faults |= opt == OPT_FAULTS;
		parse_option(o, opt, optarg);
	}
	if (optind < argc)
		msg_usage("'%s': sensor-sim takes no arguments", argv[optind]);
	if (interval && !o->plan.simulated)
		msg_usage("--interval is of the simulated clock and needs --start");
	if (faults && o->errors <= 0)
		msg_usage("--faults needs --errors");
	fill_lists(o);
}
