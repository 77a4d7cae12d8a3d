/*
 * tsdb-admin: creates the schema that the other tools write to and read from,
 * keeps it up to date, and tells how it is doing. The only tool that issues DDL.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "engine.h"
#include "lag.h"
#include "link/db.h"
#include "link/pg.h"
#include "schema.h"
#include "status.h"
#include "watermark.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct options {
	const char *conninfo;
	const char *engine; /* NULL: not given */
	bool dry_run, json;
	const char *source;     /* of watermark and lag */
	struct lag_options lag; /* its own ones; the common ones are set before it runs */
} options = {.conninfo = "", .lag = {.max_age = INT64_MAX, .max_messages = UINT64_MAX}};

static const char usage[] =
    "usage: tsdb-admin [-d CONNINFO] COMMAND [OPTION...]\n"
    "\n"
    "Creates the sensorpipe schema in a database, keeps it up to date, tells its state.\n"
    "\n"
    "commands:\n"
    "  init                     create the schema, or bring it up to date\n"
    "  migrate                  bring the schema up to date\n"
    "  status                   show engine, sizes, readings, partitions, watermarks, jobs\n"
    "  watermark NAME           print the last sequence number stored of source NAME, or 0\n"
    "  lag --spool DIR NAME     show how far the database is behind a spool\n"
    "\n"
    "options:\n"
    "  -d, --dbname CONNINFO    connection string or database name, as in psql(1);\n"
    "                           without it the PG* environment\n"
    "      --engine ENGINE      init: auto (default), timescaledb or postgresql\n"
    "      --dry-run            init, migrate: print the SQL, change nothing\n"
    "      --json               status, lag: as one JSON object\n"
    "      --spool DIR          lag: the spool of the source\n"
    "      --watch[=SECONDS]    lag: look again every 5 (SECONDS) seconds, until stopped\n"
    "      --max-seconds N      lag: exit with 75 when it is behind by more than N seconds\n"
    "      --max-messages N     lag: or by more than N messages\n"
    "      --quiet              say only what is wrong\n"
    "  -V, --version\n"
    "      --help\n"
    "\n"
    "See tsdb-admin(1), and sensorpipe-schema(7) for the tables and views.\n";

static void run_init(PGconn *conn)
{
	enum engine_wish wish = WISH_AUTO;

	if (options.engine != NULL)
		wish = (enum engine_wish)opt_choice("--engine", options.engine, engine_wishes);
	schema_init(conn, wish, options.dry_run);
}

static void run_migrate(PGconn *conn)
{
	schema_migrate(conn, options.dry_run);
}

static void run_status(PGconn *conn)
{
	status_print(conn, options.json);
}

static void run_watermark(PGconn *conn)
{
	watermark_print(conn, options.source);
}

/* The database may be away: lag tells so itself. */
static int run_lag(void)
{
	options.lag.conninfo = options.conninfo;
	options.lag.source = options.source;
	options.lag.json = options.json;
	return lag_run(&options.lag);
}

static const struct command {
	const char *name;
	void (*run)(PGconn *conn);               /* needs the database */
	int (*run_alone)(void);                  /* does not; returns the exit status */
	bool engine, dry_run, json, source, lag; /* what it takes */
} commands[] = {
    {"init", run_init, .engine = true, .dry_run = true},
    {"migrate", run_migrate, .dry_run = true},
    {"status", run_status, .json = true},
    {"watermark", run_watermark, .source = true},
    {"lag", .run_alone = run_lag, .json = true, .source = true, .lag = true},
};

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	msg_usage("unknown command '%s'", name);
}

enum {
	OPT_ENGINE = 256,
	OPT_DRY_RUN,
	OPT_JSON,
	OPT_SPOOL,
	OPT_WATCH,
	OPT_MAX_SECONDS,
	OPT_MAX_MESSAGES,
	OPT_QUIET,
};
#define WATCH_DEFAULT    INT64_C(5000000) /* microseconds */
#define WATCH_LEAST      0.1              /* seconds */
#define WATCH_MOST       86400            /* seconds */
#define MAX_SECONDS_MOST 1e9              /* seconds */

static int64_t seconds_option(const char *option, const char *value, double min, double max)
{
	return (int64_t)(opt_double(option, value, min, max) * CLOCK_SECOND);
}

static void take_option(int c, const char *value)
{
	struct lag_options *lag = &options.lag;

	switch (c) {
	case 'd':
		options.conninfo = value;
		break;
	case OPT_ENGINE:
		options.engine = value;
		opt_choice("--engine", value, engine_wishes);
		break;
	case OPT_DRY_RUN:
		options.dry_run = true;
		break;
	case OPT_JSON:
		options.json = true;
		break;
	case OPT_SPOOL:
		lag->spool = value;
		break;
	case OPT_WATCH:
		lag->watch = value == NULL
		                 ? WATCH_DEFAULT
		                 : seconds_option("--watch", value, WATCH_LEAST, WATCH_MOST);
		break;
	case OPT_MAX_SECONDS:
		lag->max_age = seconds_option("--max-seconds", value, 0, MAX_SECONDS_MOST);
		break;
	case OPT_MAX_MESSAGES:
		lag->max_messages = opt_u64("--max-messages", value, 0, UINT64_MAX - 1);
		break;
	case OPT_QUIET:
		msg_set_quiet();
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", c);
	}
}

static void parse_options(int argc, char **argv)
{
	static const struct option longs[] = {
	    {"dbname", required_argument, NULL, 'd'},
	    {"engine", required_argument, NULL, OPT_ENGINE},
	    {"dry-run", no_argument, NULL, OPT_DRY_RUN},
	    {"json", no_argument, NULL, OPT_JSON},
	    {"spool", required_argument, NULL, OPT_SPOOL},
	    {"watch", optional_argument, NULL, OPT_WATCH},
	    {"max-seconds", required_argument, NULL, OPT_MAX_SECONDS},
	    {"max-messages", required_argument, NULL, OPT_MAX_MESSAGES},
	    {"quiet", no_argument, NULL, OPT_QUIET},
	    {"version", no_argument, NULL, 'V'},
	    {"help", no_argument, NULL, OPT_HELP},
	    {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = opt_next(argc, argv, "d:V", longs, usage)) != -1)
		take_option(c, optarg);
}

/* Options that are no use to the command. */
static void check_options(const struct command *command)
{
	const struct lag_options *lag = &options.lag;
	bool limited = lag->max_age != INT64_MAX || lag->max_messages != UINT64_MAX;

	if (options.engine != NULL && !command->engine)
		msg_usage("--engine is for init");
	if (options.dry_run && !command->dry_run)
		msg_usage("--dry-run is for init and migrate");
	if (options.json && !command->json)
		msg_usage("--json is for status and lag");
	if ((lag->spool != NULL || lag->watch > 0 || limited) && !command->lag)
		msg_usage("--spool, --watch, --max-seconds and --max-messages are for lag");
	if (lag->watch > 0 && limited)
		msg_usage("--watch goes on, whatever --max-seconds and --max-messages allow: leave "
		          "one of them out");
}

/* What lag cannot do without. */
static void check_lag(void)
{
	const char *fault = lag_source_fault(options.source);

	if (options.lag.spool == NULL)
		msg_usage("lag: the directory of the spool is missing: --spool");
	if (fault != NULL)
		msg_usage("lag: the name of source '%s' %s", options.source, fault);
}

/* The command is the first argument that is no option; it may come before or after the options. */
static const struct command *parse_command(int argc, char **argv)
{
	const struct command *command;

	if (optind == argc)
		msg_usage("no command given");
	command = find_command(argv[optind++]);
	if (command->source && optind == argc)
		msg_usage("%s: the name of a source is missing", command->name);
	if (command->source)
		options.source = argv[optind++];
	if (optind != argc)
		msg_usage("%s: unexpected argument '%s'", command->name, argv[optind]);
	check_options(command);
	if (command->lag)
		check_lag();
	return command;
}

static int run(const struct command *command)
{
	PGconn *conn;

	if (command->run_alone != NULL)
		return command->run_alone();
	conn = db_connect(options.conninfo);
	command->run(conn);
	PQfinish(conn);
	return EX_OK;
}

int main(int argc, char **argv)
{
	const struct command *command;
	int status;

	msg_init("tsdb-admin");
	parse_options(argc, argv);
	command = parse_command(argc, argv);
	pg_check_conninfo("-d", options.conninfo);

	status = run(command);
	if (fclose(stdout) != 0)
		msg_die(EX_IOERR, "stdout: %m");
	return status;
}
