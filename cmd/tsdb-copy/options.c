#include "options.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "batch.h"
#include "lanes.h"
#include "link/pg.h"
#include "record/record.h"
#include "stream/line.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	MAX_BATCH = 200000, /* rows */
	COPY_MIN = 500,     /* rows */
	DELAY_MAX = 60000,  /* milliseconds */
};
#define RETRY_FOR_MAX 1e9 /* seconds */

static const char usage[] =
    "usage: tsdb-copy [OPTION...] <RECORDS\n"
    "\n"
    "Stores reading records (r1, s1) in TimescaleDB or PostgreSQL: exactly once, in\n"
    "batches as large as what arrived while the last one was being committed.\n"
    "\n"
    "  -d, --dbname CONNINFO   connection string or database; else the PG* environment\n"
    "      --source NAME       whose watermark advances (default: default)\n"
    "      --reject FILE       append dead letters to FILE (default: standard error)\n"
    "      --checkpoint FILE   keep the watermark in FILE too\n"
    "      --metrics FILE      keep counters in FILE, in Prometheus text format\n"
    "      --on-conflict WORD  another value for a key that is stored: keep what is there\n"
    "                          and reject the reading (default), or replace it\n"
    "\n"
    "      --jobs N            share the sensors out over N connections (default: 1)\n"
    "      --max-batch ROWS    most rows in one transaction (default: 200000)\n"
    "      --max-delay MS      let readings wait this long for company (default: 0)\n"
    "      --copy-min ROWS     use COPY from this many rows on (default: 500)\n"
    "      --retry-for SECONDS give up when the database is away this long\n"
    "                          (default: never)\n"
    "      --max-line BYTES    longest record (default: 1M)\n"
    "\n"
    "      --quiet             no summary at the end\n"
    "  -V, --version           print the version\n"
    "  -h, --help              print this\n"
    "\n"
    "example: sensor-decode <messages | tsdb-copy -d sensors --source plant1\n";

enum {
	OPT_SOURCE = 256,
	OPT_CHECKPOINT,
	OPT_ON_CONFLICT,
	OPT_JOBS,
	OPT_MAX_BATCH,
	OPT_MAX_DELAY,
	OPT_COPY_MIN,
	OPT_RETRY_FOR,
};

static const struct option long_options[] = {
    {"dbname", required_argument, NULL, 'd'},
    {"source", required_argument, NULL, OPT_SOURCE},
    {"checkpoint", required_argument, NULL, OPT_CHECKPOINT},
    {"on-conflict", required_argument, NULL, OPT_ON_CONFLICT},
    {"jobs", required_argument, NULL, OPT_JOBS},
    {"max-batch", required_argument, NULL, OPT_MAX_BATCH},
    {"max-delay", required_argument, NULL, OPT_MAX_DELAY},
    {"copy-min", required_argument, NULL, OPT_COPY_MIN},
    {"retry-for", required_argument, NULL, OPT_RETRY_FOR},
    {"version", no_argument, NULL, 'V'},
    FILTER_LONG_OPTIONS,
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char *source_name(const char *value)
{
	const char *fault = record_name_fault(slice_of(value), false);

	if (fault)
		msg_usage("--source '%s': %s", value, fault);
	return value;
}

static bool on_conflict_replace(const char *value)
{
	static const char *const words[] = {"keep", "replace", NULL};

	return opt_choice("--on-conflict", value, words) == 1;
}

static void take(struct options *o, int option, const char *value)
{
	switch (option) {
	case 'd':
		pg_check_conninfo("-d", value);
		o->writer.conninfo = value;
		break;
	case OPT_SOURCE:
		o->writer.source = source_name(value);
		break;
	case OPT_CHECKPOINT:
		o->checkpoint = value;
		break;
	case OPT_ON_CONFLICT:
		o->writer.replace = on_conflict_replace(value);
		break;
	case OPT_JOBS:
		o->jobs = opt_u64("--jobs", value, 1, LANES_MAX);
		break;
	case OPT_MAX_BATCH:
		o->max_batch = opt_u64("--max-batch", value, 1, BATCH_ROWS_MAX);
		break;
	case OPT_MAX_DELAY:
		o->max_delay = (int64_t)opt_u64("--max-delay", value, 0, DELAY_MAX) * 1000;
		break;
	case OPT_COPY_MIN:
		o->writer.copy_min = opt_u64("--copy-min", value, 1, SIZE_MAX);
		break;
	case OPT_RETRY_FOR:
		o->writer.retry_for = (int64_t)(opt_double("--retry-for", value, 0, RETRY_FOR_MAX) *
		                                CLOCK_SECOND);
		break;
	}
}

void options_parse(struct options *o, int argc, char *argv[])
{
	int option;

	*o = (struct options){
	    .writer =
		{
		    .conninfo = "",
		    .source = "default",
		    .copy_min = COPY_MIN,
		    .retry_for = INT64_MAX,
		},
	    .jobs = 1,
	    .max_batch = MAX_BATCH,
	    .common.max_line = LINE_MAX_DEFAULT,
	};
	while ((option = opt_next(argc, argv, "d:Vh", long_options, usage)) != -1)
		if (!filter_option(&o->common, option, optarg))
			take(o, option, optarg);
	if (optind < argc)
		msg_usage("unexpected argument '%s': records are read from standard input",
		          argv[optind]);
}
