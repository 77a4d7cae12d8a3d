#include "options.h"

#include "base/msg.h"
#include "base/opt.h"
#include "stream/line.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
    "usage: sensor-validate [OPTIONS] <READINGS >READINGS\n"
    "       sensor-validate --check DIR\n"
    "Passes on the readings that hold against the JSON Schema of their type and version.\n"
    "\n"
    "  --schemas DIR      schemas DIR/TYPE/VERSION.json (default: $SENSORPIPE_SCHEMAS, else\n"
    "                     " SENSORPIPE_DATADIR "/schemas); SIGHUP reads them again\n"
    "  --check DIR        tell all faults of the schemas in DIR, and exit\n"
    "  --allow-unknown    pass on readings whose type or version has no schema\n"
    "  --reject FILE      append dead letters to FILE (default: standard error)\n"
    "  --metrics FILE     keep counters in FILE, in the Prometheus text format\n"
    "  --max-line BYTES   longest record taken (default 1M)\n"
    "  --strict           exit with status 65 when a record was rejected\n"
    "  --quiet            no summary at the end\n"
    "  -h, --help         this text\n"
    "  -V, --version      the version\n"
    "\n"
    "See sensor-validate(1), sensorpipe-schemas(5).\n";

enum { SCHEMAS = 256, CHECK, ALLOW_UNKNOWN, REJECT, METRICS, MAX_LINE, STRICT, QUIET };

static const struct option long_options[] = {
    {"schemas", required_argument, NULL, SCHEMAS},
    {"check", required_argument, NULL, CHECK},
    {"allow-unknown", no_argument, NULL, ALLOW_UNKNOWN},
    {"reject", required_argument, NULL, REJECT},
    {"metrics", required_argument, NULL, METRICS},
    {"max-line", required_argument, NULL, MAX_LINE},
    {"strict", no_argument, NULL, STRICT},
    {"quiet", no_argument, NULL, QUIET},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static void take_option(struct options *o, int option, const char *value)
{
	switch (option) {
	case SCHEMAS:
		o->schemas = value;
		break;
	case CHECK:
		o->check = true;
		o->schemas = value;
		break;
	case ALLOW_UNKNOWN:
		o->allow_unknown = true;
		break;
	case REJECT:
		o->reject = value;
		break;
	case METRICS:
		o->metrics = value;
		break;
	case MAX_LINE:
		o->max_line = line_max_option(value);
		break;
	case STRICT:
		o->strict = true;
		break;
	case QUIET:
		msg_set_quiet();
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", option);
	}
}

void options_parse(struct options *o, int argc, char **argv)
{
	const char *environment = getenv("SENSORPIPE_SCHEMAS");
	int option;

	*o = (struct options){
	    .schemas = environment && *environment ? environment : SENSORPIPE_DATADIR "/schemas",
	    .max_line = LINE_MAX_DEFAULT,
	};
	while ((option = opt_next(argc, argv, "hV", long_options, usage)) != -1)
		take_option(o, option, optarg);
	if (optind < argc)
		msg_usage("unexpected argument '%s': records are read from standard input",
		          argv[optind]);
}
