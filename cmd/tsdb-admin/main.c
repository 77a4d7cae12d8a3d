/*
 * tsdb-admin: creates the schema that the other tools write to and read from,
 * keeps it and what is in it up to date, and tells how it is doing. The only tool that issues DDL.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "doctor.h"
#include "engine.h"
#include "grant.h"
#include "lag.h"
#include "link/db.h"
#include "link/pg.h"
#include "maintain.h"
#include "policy.h"
#include "schema.h"
#include "status.h"
#include "watch.h"
#include "watermark.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct options {
	const char *conninfo;
	const char *engine; /* NULL: not given */
	bool dry_run, json, quiet;
	const char *metrics;      /* of maintain; NULL: not given */
	const char *source;       /* of watermark and lag */
	struct policies policies; /* to be set */
	int role;                 /* of grant: index into grant_roles */
	const char *member;       /* who gets it; NULL: nobody */
	int64_t watch;            /* microseconds; 0: one look */
	struct lag_options lag;   /* its own ones; the common ones are set before it runs */
} options = {.conninfo = "", .lag = {.max_age = INT64_MAX, .max_messages = UINT64_MAX}};

static const char usage[] =
    "usage: tsdb-admin [-d CONNINFO] COMMAND [OPTION...]\n"
    "\n"
    "Creates the sensorpipe schema in a database, looks after it, tells its state.\n"
    "\n"
    "commands:\n"
    "  init                     create the schema, or bring it up to date\n"
    "  migrate                  bring the schema up to date\n"
    "  maintain                 store rollups and profiles of days, pack or drop what is old,\n"
    "                           make partitions; to be run by a timer\n"
    "  policy                   show how long things are kept\n"
    "  policy set NAME=AGE ...  change that: raw, texts, hourly, daily, compress\n"
    "  grant [ROLE NAME]        make the roles writer, replacer, reader, admin and their rights;\n"
    "                           NAME, a login role, gets one\n"
    "  status                   show engine, sizes, readings, rollups, policies, watermarks, jobs\n"
    "  doctor                   look for what is wrong, and say how to mend it\n"
    "  watermark NAME           print the last sequence number stored of source NAME, or 0\n"
    "  lag --spool DIR NAME     show how far the database is behind a spool\n"
    "\n"
    "options:\n"
    "  -d, --dbname CONNINFO    connection string or database name, as in psql(1);\n"
    "                           without it the PG* environment\n"
    "      --engine ENGINE      init: auto (default), timescaledb or postgresql\n"
    "      --dry-run            init, migrate, maintain, grant: print the SQL, policy set: a diff\n"
    "      --json               status, doctor, lag, policy: as JSON\n"
    "      --metrics FILE       maintain: tell there of the run, for Prometheus\n"
    "      --spool DIR          lag: the spool of the source\n"
    "      --watch[=SECONDS]    status, lag: look again every 5 (SECONDS) seconds, until stopped\n"
    "      --max-seconds N      lag: exit with 75 when it is behind by more than N seconds\n"
    "      --max-messages N     lag: or by more than N messages\n"
    "      --quiet              say only what is wrong\n"
    "  -V, --version\n"
    "      --help\n"
    "\n"
    "See tsdb-admin(1), and sensorpipe-schema(7) for the tables and views.\n";

static int run_init(PGconn *conn)
{
	enum engine_wish wish = WISH_AUTO;

	if (options.engine != NULL)
		wish = (enum engine_wish)opt_choice("--engine", options.engine, engine_wishes);
	schema_init(conn, wish, options.dry_run);
	return EX_OK;
}

static int run_migrate(PGconn *conn)
{
	schema_migrate(conn, options.dry_run);
	return EX_OK;
}

static int run_maintain(PGconn *conn)
{
	bool show_progress = !options.quiet && isatty(STDERR_FILENO);

	return maintain_run(conn, options.dry_run, show_progress, options.metrics);
}

static int run_policy(PGconn *conn)
{
	if (options.policies.count == 0)
		policy_print(conn, options.json);
	else
		policy_set(conn, &options.policies, options.dry_run);
	return EX_OK;
}

static int run_grant(PGconn *conn)
{
	grant_run(conn, options.role, options.member, options.dry_run);
	return EX_OK;
}

static int run_watermark(PGconn *conn)
{
	watermark_print(conn, options.source);
	return EX_OK;
}

/* The database may be away: these tell so themselves. */
static int run_status(void)
{
	struct status_options status = {options.conninfo, options.json, options.watch};

	return status_run(&status);
}

static int run_doctor(void)
{
	return doctor_run(options.conninfo, options.json, options.quiet);
}

static int run_lag(void)
{
	options.lag.conninfo = options.conninfo;
	options.lag.source = options.source;
	options.lag.json = options.json;
	options.lag.watch = options.watch;
	return lag_run(&options.lag);
}

static const struct command {
	const char *name;
	/* These return the exit status. */
	int (*run)(PGconn *conn); /* needs the database */
	int (*run_alone)(void);   /* does not */
	/* What it takes. */
	bool engine, dry_run, json, source, watch, lag, policies, role, metrics;
} commands[] = {
    {"init", run_init, .engine = true, .dry_run = true},
    {"migrate", run_migrate, .dry_run = true},
    {"maintain", run_maintain, .dry_run = true, .metrics = true},
    {"policy", run_policy, .dry_run = true, .json = true, .policies = true},
    {"grant", run_grant, .dry_run = true, .role = true},
    {"status", .run_alone = run_status, .json = true, .watch = true},
    {"doctor", .run_alone = run_doctor, .json = true},
    {"watermark", run_watermark, .source = true},
    {"lag", .run_alone = run_lag, .json = true, .source = true, .watch = true, .lag = true},
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
	OPT_METRICS,
	OPT_SPOOL,
	OPT_WATCH,
	OPT_MAX_SECONDS,
	OPT_MAX_MESSAGES,
	OPT_QUIET,
};
#define MAX_SECONDS_MOST 1e9 /* seconds */

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
	case OPT_METRICS:
		options.metrics = value;
		break;
	case OPT_SPOOL:
		lag->spool = value;
		break;
	case OPT_WATCH:
		options.watch = value == NULL
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
		options.quiet = true;
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
	    {"metrics", required_argument, NULL, OPT_METRICS},
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
		msg_usage("--dry-run is for init, migrate, maintain, grant and policy set");
	if (options.json && !command->json)
		msg_usage("--json is for status, doctor, lag and policy");
	if (options.metrics != NULL && (!command->metrics || options.dry_run))
		msg_usage("--metrics is for maintain, without --dry-run");
	if (options.watch > 0 && !command->watch)
		msg_usage("--watch is for status and lag");
	if ((lag->spool != NULL || limited) && !command->lag)
		msg_usage("--spool, --max-seconds and --max-messages are for lag");
	if (options.watch > 0 && limited)
		msg_usage("--watch goes on, whatever --max-seconds and --max-messages allow: leave "
		          "one of them out");
}

/* What follows `policy`: nothing, or `set` and what to set. */
static void parse_policies(int argc, char **argv)
{
	if (optind == argc && options.dry_run)
		msg_usage("policy: --dry-run is for policy set");
	if (optind == argc || strcmp(argv[optind], "set") != 0)
		return;
	if (options.json)
		msg_usage("policy set: --json is for policy alone");
	if (++optind == argc)
		msg_usage("policy set: what to set is missing: NAME=AGE");
	for (; optind < argc; optind++) {
		const char *fault = policy_parse(&options.policies, argv[optind]);

		if (fault != NULL)
			msg_usage("policy set: '%s' %s", argv[optind], fault);
	}
}

/* What follows `grant`: nothing, or a role and who gets it. */
static void parse_role(int argc, char **argv)
{
	if (optind == argc)
		return;
	options.role = opt_choice("grant", argv[optind++], grant_roles);
	if (optind == argc)
		msg_usage("grant %s: the name of who gets it is missing", argv[optind - 1]);
	options.member = argv[optind++];
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
	if (command->policies)
		parse_policies(argc, argv);
	if (command->role)
		parse_role(argc, argv);
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
	int status;

	if (command->run_alone != NULL)
		return command->run_alone();
	conn = db_connect(options.conninfo);
	status = command->run(conn);
	PQfinish(conn);
	return status;
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
