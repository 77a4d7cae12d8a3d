#include "options.h"

#include "remembered.h"

#include "base/msg.h"
#include "base/opt.h"
#include "stream/line.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
    "usage: sensor-validate [OPTIONS] <READINGS >READINGS\n"
    "       sensor-validate --schema FILE --json [OPTIONS] <VALUES >ANSWERS\n"
    "       sensor-validate --lint DIR\n"
    "       sensor-validate --infer [--into DIR] [OPTIONS] <READINGS >SCHEMA\n"
    "Passes on the readings that hold against the JSON Schema of their type and version.\n"
    "\n"
    "  --schemas DIR      schemas DIR/TYPE/VERSION.json (default: $SENSORPIPE_SCHEMAS, else\n"
    "                     " SENSORPIPE_DATADIR "/schemas); SIGHUP reads them again\n"
    "  --allow-unknown    pass on readings whose type or version has no schema\n"
    "  --explain          tell with each failure the rule, and where it is written\n"
    "  --state FILE       keep in FILE what stream checks know of each series\n"
    "  --max-series N     series they know at once (default 1000000)\n"
    "\n"
    "  --json             judge JSON values, one a line: valid, invalid, or error\n"
    "  --schema FILE      the schema to judge them by\n"
    "  --lint DIR         tell all faults of the schemas in DIR, and what cannot be meant\n"
    "  --infer            propose a schema for the readings, to standard output\n"
    "  --into DIR         propose one for each of their types, in DIR/TYPE/VERSION.json\n"
    "\n"
    "  --reject FILE      append dead letters to FILE (default: standard error)\n"
    "  --metrics FILE     keep counters in FILE, in the Prometheus text format\n"
    "  --max-line BYTES   longest line taken (default 1M)\n"
    "  --strict           exit with status 65 when a record was rejected, a value did not\n"
    "                     hold, or --lint had a warning\n"
    "  --quiet            no summary at the end\n"
    "  -h, --help         this text\n"
    "  -V, --version      the version\n"
    "\n"
    "See sensor-validate(1), sensorpipe-schemas(5).\n";

enum {
	SCHEMAS = 256,
	ALLOW_UNKNOWN,
	EXPLAIN,
	STATE,
	MAX_SERIES,
	JSON,
	SCHEMA,
	LINT,
	INFER,
	INTO,
};

static const struct option long_options[] = {
    {"schemas", required_argument, NULL, SCHEMAS},
    {"allow-unknown", no_argument, NULL, ALLOW_UNKNOWN},
    {"explain", no_argument, NULL, EXPLAIN},
    {"state", required_argument, NULL, STATE},
    {"max-series", required_argument, NULL, MAX_SERIES},
    {"json", no_argument, NULL, JSON},
    {"schema", required_argument, NULL, SCHEMA},
    {"lint", required_argument, NULL, LINT},
    {"infer", no_argument, NULL, INFER},
    {"into", required_argument, NULL, INTO},
    FILTER_LONG_OPTIONS,
    FILTER_LONG_OPTION_STRICT,
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static void set_mode(struct options *o, enum mode mode)
{
	if (o->mode != MODE_READINGS && o->mode != mode)
		msg_usage("--json, --lint and --infer exclude each other");
	o->mode = mode;
}

/* What there is to do. */
static bool take_mode(struct options *o, int option, const char *value)
{
	switch (option) {
	case JSON:
		set_mode(o, MODE_JSON);
		return true;
	case SCHEMA:
		o->schema = value;
		return true;
	case LINT:
		set_mode(o, MODE_LINT);
		o->schemas = value;
		return true;
	case INFER:
		set_mode(o, MODE_INFER);
		return true;
	case INTO:
		o->into = value;
		return true;
	default:
		return false;
	}
}

static void take_option(struct options *o, int option, const char *value)
{
	switch (option) {
	case SCHEMAS:
		o->schemas = value;
		break;
	case ALLOW_UNKNOWN:
		o->allow_unknown = true;
		break;
	case EXPLAIN:
		o->explain = true;
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

static void check_together(const struct options *o)
{
	if (o->mode == MODE_JSON && !o->schema)
		msg_usage("--json needs --schema FILE, the schema to judge by");
	if (o->mode != MODE_JSON && o->schema)
		msg_usage("--schema is for --json; readings have --schemas DIR");
	if (o->mode != MODE_INFER && o->into)
		msg_usage("--into is for --infer");
	if (o->mode == MODE_JSON && o->common.reject)
		msg_usage("--json answers each line, and has no dead letters for --reject");
	if (o->mode != MODE_READINGS && o->allow_unknown)
		msg_usage("--allow-unknown is for readings");
	if (o->mode != MODE_READINGS && o->state)
		msg_usage("--state is for readings");
	if (o->mode != MODE_READINGS && o->mode != MODE_JSON && o->explain)
		msg_usage("--explain is for readings and --json");
}

void options_parse(struct options *o, int argc, char **argv)
{
	const char *environment = getenv("SENSORPIPE_SCHEMAS");
	int option;

	*o = (struct options){
	    .schemas = environment && *environment ? environment : SENSORPIPE_DATADIR "/schemas",
	    .common.max_line = LINE_MAX_DEFAULT,
	    .max_series = REMEMBERED_MAX_DEFAULT,
	};
	while ((option = opt_next(argc, argv, "hV", long_options, usage)) != -1)
		if (!filter_option(&o->common, option, optarg) && !take_mode(o, option, optarg))
			take_option(o, option, optarg);
	if (optind < argc)
		msg_usage("unexpected argument '%s': records are read from standard input",
		          argv[optind]);
	check_together(o);
}
