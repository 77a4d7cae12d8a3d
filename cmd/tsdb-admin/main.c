/*
 * tsdb-admin: creates the schema that the other tools write to and read from,
 * keeps it up to date, and tells how it is doing. The only tool that issues DDL.
 */
#include "base/msg.h"
#include "base/opt.h"
#include "db.h"
#include "engine.h"
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
	const char *source; /* of watermark */
} options = {.conninfo = ""};

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
    "\n"
    "options:\n"
    "  -d, --dbname CONNINFO    connection string or database name, as in psql(1);\n"
    "                           without it the PG* environment\n"
    "      --engine ENGINE      init: auto (default), timescaledb or postgresql\n"
    "      --dry-run            init, migrate: print the SQL, change nothing\n"
    "      --json               status: as one JSON object\n"
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

static const struct command {
	const char *name;
	void (*run)(PGconn *conn);
	bool engine, dry_run, json, source; /* what it takes */
} commands[] = {
    {"init", run_init, .engine = true, .dry_run = true},
    {"migrate", run_migrate, .dry_run = true},
    {"status", run_status, .json = true},
    {"watermark", run_watermark, .source = true},
};

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	msg_usage("unknown command '%s'", name);
}

static void parse_options(int argc, char **argv)
{
	enum { OPT_ENGINE = 256, OPT_DRY_RUN, OPT_JSON, OPT_QUIET };
	static const struct option longs[] = {
	    {"dbname", required_argument, NULL, 'd'},
	    {"engine", required_argument, NULL, OPT_ENGINE},
	    {"dry-run", no_argument, NULL, OPT_DRY_RUN},
	    {"json", no_argument, NULL, OPT_JSON},
	    {"quiet", no_argument, NULL, OPT_QUIET},
	    {"version", no_argument, NULL, 'V'},
	    {"help", no_argument, NULL, OPT_HELP},
	    {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = opt_next(argc, argv, "d:V", longs, usage)) != -1) {
		switch (c) {
		case 'd':
			options.conninfo = optarg;
			break;
		case OPT_ENGINE:
			options.engine = optarg;
			opt_choice("--engine", optarg, engine_wishes);
			break;
		case OPT_DRY_RUN:
			options.dry_run = true;
			break;
		case OPT_JSON:
			options.json = true;
			break;
		case OPT_QUIET:
			msg_set_quiet();
			break;
		default:
			msg_die(EX_SOFTWARE, "option %d is listed but not taken", c);
		}
	}
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
	if (options.engine != NULL && !command->engine)
		msg_usage("--engine is for init");
	if (options.dry_run && !command->dry_run)
		msg_usage("--dry-run is for init and migrate");
	if (options.json && !command->json)
		msg_usage("--json is for status");
	return command;
}

int main(int argc, char **argv)
{
	const struct command *command;
	PGconn *conn;

	msg_init("tsdb-admin");
	parse_options(argc, argv);
	command = parse_command(argc, argv);
	pg_check_conninfo("-d", options.conninfo);

	conn = db_connect(options.conninfo);
	command->run(conn);
	PQfinish(conn);
	if (fclose(stdout) != 0)
		msg_die(EX_IOERR, "stdout: %m");
	return EX_OK;
}
