#include "options.h"

#include "detector_state.h"

#include "base/msg.h"
#include "base/opt.h"
#include "record/record.h"
#include "stream/line.h"

#include <getopt.h>

static const char usage[] =
    "usage: sensor-anomaly [OPTIONS] <READINGS >READINGS\n"
    "       sensor-anomaly --events [OPTIONS] <READINGS >EVENTS\n"
    "       sensor-anomaly --csv [OPTIONS] <TABLE >TABLE\n"
    "Scores every number of every series, 0 to below 1, as it comes: METRIC.anomaly=SCORE.\n"
    "\n"
    "  --events           write an event for each score over the threshold, and nothing else\n"
    "  --threshold SCORE  from which on a value is an event (default 0.5)\n"
    "  --csv              read timestamp,value, one series; write timestamp,value,score\n"
    "  --metric NAME      score this metric only (may be given 64 times)\n"
    "  --exclude NAME     do not score this metric (may be given 64 times)\n"
    "\n"
    "  --state FILE       keep in FILE what is known of each series\n"
    "  --max-series N     series known at once (default 100000)\n"
    "\n"
    "  --reject FILE      append dead letters to FILE (default: standard error)\n"
    "  --metrics FILE     keep counters in FILE, in the Prometheus text format\n"
    "  --max-line BYTES   longest line taken (default 1M)\n"
    "  --strict           exit with status 65 when a record was rejected\n"
    "  --quiet            no summary at the end\n"
    "  -h, --help         this text\n"
    "  -V, --version      the version\n"
    "\n"
    "See sensor-anomaly(1), sensorpipe-records(5).\n";

enum {
	EVENTS = 256,
	THRESHOLD,
	CSV,
	METRIC,
	EXCLUDE,
	STATE,
	MAX_SERIES,
};

static const struct option long_options[] = {
    {"events", no_argument, NULL, EVENTS},
    {"threshold", required_argument, NULL, THRESHOLD},
    {"csv", no_argument, NULL, CSV},
    {"metric", required_argument, NULL, METRIC},
    {"exclude", required_argument, NULL, EXCLUDE},
    {"state", required_argument, NULL, STATE},
    {"max-series", required_argument, NULL, MAX_SERIES},
    FILTER_LONG_OPTIONS,
    FILTER_LONG_OPTION_STRICT,
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static void add_name(const char *option, const char *value, struct slice names[], size_t *count)
{
	const char *fault = record_name_fault(slice_of(value), true);

	if (fault)
		msg_usage("%s '%s': the name %s", option, value, fault);
	if (*count == SELECTION_MAX)
		msg_usage("%s: more than %d names", option, SELECTION_MAX);
	names[(*count)++] = slice_of(value);
}

static void take_option(struct options *o, int option, const char *value)
{
	switch (option) {
	case EVENTS:
		o->events = true;
		break;
	case THRESHOLD:
		o->threshold = opt_double("--threshold", value, 0, 1);
		break;
	case CSV:
		o->csv = true;
		break;
	case METRIC:
		add_name("--metric", value, o->selection.only, &o->selection.only_count);
		break;
	case EXCLUDE:
		add_name("--exclude", value, o->selection.except, &o->selection.except_count);
		break;
	case STATE:
		o->state = value;
		break;
	case MAX_SERIES:
		o->max_series = (uint32_t)opt_u64("--max-series", value, SERIES_MAX_LEAST,
		                                  SERIES_MAX_MOST);
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", option);
	}
}

void options_parse(struct options *o, int argc, char **argv)
{
	int option;

	*o = (struct options){
	    .threshold = 0.5,
	    .common.max_line = LINE_MAX_DEFAULT,
	    .max_series = SERIES_MAX_DEFAULT,
	};
	while ((option = opt_next(argc, argv, "hV", long_options, usage)) != -1)
		if (!filter_option(&o->common, option, optarg))
			take_option(o, option, optarg);
	if (optind < argc)
		msg_usage("unexpected argument '%s': records are read from standard input",
		          argv[optind]);
	if (o->csv && o->events)
		msg_usage("--events is for readings: of a table, look at the score");
	if (o->csv && o->selection.only_count + o->selection.except_count > 0)
		msg_usage("--metric and --exclude are for readings: a table has one series");
}
