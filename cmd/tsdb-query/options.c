#include "options.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "link/pg.h"
#include "text/instant.h"
#include "thin.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char usage[] =
    "usage: tsdb-query [-d CONNINFO] [COMMAND] [OPTION]...\n"
    "Prints readings, or aggregates of them, from the database; or by a command whole days.\n"
    "\n"
    "commands:\n"
    "  similar                the days whose shape is most like that of --day\n"
    "  discords               the odd days: by shape, level or spread\n"
    "\n"
    "options:\n"
    "  -d, --dbname CONNINFO  connection string or database name, as in psql(1)\n"
    "      --type NAME        only sensors of this type; * and ? are wildcards; repeatable\n"
    "      --sensor NAME      only these sensors; the same\n"
    "      --metric NAME      only these metrics; the same\n"
    "      --from TIME        RFC 3339, a day, now, or so long ago, as -30m (-24h)\n"
    "      --to TIME          up to, but not including, this time (now)\n"
    "      --agg LIST         avg, min, max, sum, count, first, last, stddev, range, median,\n"
    "                         p1 to p99.9; without it the readings themselves\n"
    "      --bucket SPAN      one row for each span: 10s, 5m, 1h, 1d, 1w (one for all)\n"
    "      --fill HOW         empty buckets: none, null, previous, linear (none)\n"
    "      --source TABLE     auto, raw, hourly, daily (auto)\n"
    "      --explain          tell on standard error what is read from where, and why\n"
    "      --quality WHICH    all, usable (flags 1 to 3), good (1): readings of these flags\n"
    "                         (all; usable for --agg, --points and --plot)\n"
    "      --points N         thin each series of readings out to N that look the same\n"
    "      --day DAY          similar: to this one (UTC): a day, or -1d for yesterday\n"
    "      --k N              similar: so many days (5); discords: compare each with its Nth\n"
    "                         nearest day (3)\n"
    "      --factor N         discords: those whose score is beyond this (10)\n"
    "      --format FORMAT    table, csv, tsv, json, r1 (table)\n"
    "      --plot[=FILE]      draw in the terminal; a .png or .svg file by gnuplot\n"
    "      --width N          of the plot, in characters or pixels\n"
    "      --height N\n"
    "      --quiet            say only what is wrong\n"
    "  -V, --version\n"
    "      --help\n"
    "\n"
    "See tsdb-query(1).\n";

enum {
	TYPE = 256,
	SENSOR,
	METRIC,
	FROM,
	TO,
	AGG,
	BUCKET,
	FILL,
	SOURCE,
	EXPLAIN,
	QUALITY,
	POINTS,
	DAY,
	K,
	FACTOR,
	FORMAT,
	PLOT,
	WIDTH,
	HEIGHT,
	QUIET,
};

static const struct option long_options[] = {
    {"dbname", required_argument, NULL, 'd'},    {"type", required_argument, NULL, TYPE},
    {"sensor", required_argument, NULL, SENSOR}, {"metric", required_argument, NULL, METRIC},
    {"from", required_argument, NULL, FROM},     {"to", required_argument, NULL, TO},
    {"agg", required_argument, NULL, AGG},       {"bucket", required_argument, NULL, BUCKET},
    {"fill", required_argument, NULL, FILL},     {"source", required_argument, NULL, SOURCE},
    {"explain", no_argument, NULL, EXPLAIN},     {"quality", required_argument, NULL, QUALITY},
    {"points", required_argument, NULL, POINTS}, {"day", required_argument, NULL, DAY},
    {"k", required_argument, NULL, K},           {"factor", required_argument, NULL, FACTOR},
    {"format", required_argument, NULL, FORMAT}, {"plot", optional_argument, NULL, PLOT},
    {"width", required_argument, NULL, WIDTH},   {"height", required_argument, NULL, HEIGHT},
    {"quiet", no_argument, NULL, QUIET},         {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, OPT_HELP},       {0},
};

#define BUCKET_MOST (INT64_C(36525) * 86400 * CLOCK_SECOND) /* 100 years */

/* What was given, where the default depends on something else. */
struct given {
	bool quality, format, source, from, to, day;
	uint64_t width, height;
	const char *rows_only, *days_only; /* the last of those that are for either only */
};

static const char *option_name(int c)
{
	const struct option *o = long_options;

	while (o->val != c)
		o++;
	return o->name;
}

/* ---- values ---- */

static void take_name(struct name_list *list, const char *option, const char *value)
{
	const char *fault = name_list_add(list, value);

	if (fault)
		msg_usage("%s '%s': %s", option, value, fault);
}

static int64_t take_time(const char *option, const char *value, int64_t now)
{
	int64_t us;

	if (instant_parse(slice_of(value), now, &us) < 0)
		msg_usage("%s '%s': not a time: " INSTANT_FORMS, option, value);
	return us;
}

static void take_aggregates(struct aggregates *list, const char *value)
{
	struct slice at;
	const char *fault = aggregates_add(list, value, &at);

	if (fault)
		msg_usage("--agg: '%.*s' %s", SLICE_ARG(at), fault);
}

static int64_t take_bucket(const char *value)
{
	int64_t us;

	if (instant_parse_span(slice_of(value), BUCKET_MOST, &us) < 0 || us == 0)
		msg_usage("--bucket '%s': not a span from 1s to 36525d (units s, m, h, d, w)",
		          value);
	return us;
}

static void take_plot(struct options *o, const char *path)
{
	o->plot = path ? PLOT_FILE : PLOT_TEXT;
	o->gnuplot.path = path;
	if (path && !gnuplot_takes(path))
		msg_usage("--plot '%s': the name of the file ends in neither .png nor .svg", path);
}

/* ---- options ---- */

/* Of days. */
static void take_day_option(struct options *o, struct given *given, int c, const char *value,
                            int64_t now)
{
	given->days_only = option_name(c);
	switch (c) {
	case DAY:
		o->days.day = days_floor(take_time("--day", value, now));
		given->day = true;
		break;
	case K:
		o->days.k = opt_u64("--k", value, 1, DAYS_K_MAX);
		break;
	case FACTOR:
		o->days.factor = opt_double("--factor", value, 0, DAYS_FACTOR_MAX);
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", c);
	}
}

/* How what is found is shown. */
static void take_look(struct options *o, struct given *given, int c, const char *value)
{
	switch (c) {
	case POINTS:
		given->rows_only = option_name(c);
		o->points = opt_u64("--points", value, THIN_POINTS_LEAST, THIN_POINTS_MOST);
		break;
	case FORMAT:
		o->format = (enum writer_format)opt_choice("--format", value, writer_formats);
		given->format = true;
		break;
	case PLOT:
		take_plot(o, value);
		break;
	case WIDTH:
		given->width = opt_u64("--width", value, 1, GNUPLOT_SIZE_MOST);
		break;
	case HEIGHT:
		given->height = opt_u64("--height", value, 1, GNUPLOT_SIZE_MOST);
		break;
	case EXPLAIN:
		given->rows_only = option_name(c);
		o->explain = true;
		break;
	case QUIET:
		msg_set_quiet();
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", c);
	}
}

/* How it is computed. */
static void take_computation(struct options *o, struct given *given, int c, const char *value)
{
	static const char *const usabilities[] = {
	    [USE_ALL] = "all", [USE_USABLE] = "usable", [USE_GOOD] = "good", NULL};

	given->rows_only = option_name(c);
	switch (c) {
	case AGG:
		take_aggregates(&o->aggregates, value);
		break;
	case BUCKET:
		o->bucket = take_bucket(value);
		break;
	case FILL:
		o->fill = (enum fill_mode)opt_choice("--fill", value, fill_modes);
		break;
	case SOURCE:
		o->source = (enum source)opt_choice("--source", value, cover_sources);
		given->source = true;
		break;
	case QUALITY:
		o->use = (enum usability)opt_choice("--quality", value, usabilities);
		given->quality = true;
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", c);
	}
}

static void take_option(struct options *o, struct given *given, int c, const char *value,
                        int64_t now)
{
	switch (c) {
	case 'd':
		o->conninfo = value;
		break;
	case TYPE:
		take_name(&o->names.types, "--type", value);
		break;
	case SENSOR:
		take_name(&o->names.sensors, "--sensor", value);
		break;
	case METRIC:
		take_name(&o->names.metrics, "--metric", value);
		break;
	case FROM:
		o->span.from = take_time("--from", value, now);
		given->from = true;
		break;
	case TO:
		o->span.to = take_time("--to", value, now);
		given->to = true;
		break;
	case AGG:
	case BUCKET:
	case FILL:
	case SOURCE:
	case QUALITY:
		take_computation(o, given, c, value);
		break;
	case DAY:
	case K:
	case FACTOR:
		take_day_option(o, given, c, value, now);
		break;
	default:
		take_look(o, given, c, value);
		break;
	}
}

/* The word that says what to do, if there is one. */
static enum command take_command(int argc, char **argv)
{
	static const char *const words[] = {
	    [COMMAND_SIMILAR] = "similar", [COMMAND_DISCORDS] = "discords"};
	enum command command = COMMAND_ROWS;

	for (enum command c = COMMAND_SIMILAR; optind < argc && c <= COMMAND_DISCORDS; c++)
		if (strcmp(argv[optind], words[c]) == 0)
			command = c;
	if (command != COMMAND_ROWS)
		optind++;
	if (optind != argc)
		msg_usage("unexpected argument '%s'", argv[optind]);
	return command;
}

/* ---- what goes together ---- */

static void check_buckets(const struct options *o)
{
	int64_t first;

	if (o->bucket == 0) {
		if (o->fill != FILL_NONE)
			msg_usage("--fill is for buckets: give --bucket, too");
		if (o->plot != PLOT_NONE)
			msg_usage("--plot of one number a series: give --bucket, too");
		return;
	}
	first = cover_bucket(o->span.from, o->bucket);
	if (first < CLOCK_MIN)
		msg_usage("--from: its bucket starts before the year 1");
	if (o->fill != FILL_NONE && (o->span.to - first) / o->bucket >= FILL_BUCKETS_MAX)
		msg_usage("--fill: from --from to --to there are more than %d buckets",
		          FILL_BUCKETS_MAX);
}

static void check_aggregation(const struct options *o)
{
	struct cover_wish wish = {
	    .source = o->source,
	    .bucket = o->bucket,
	    .raw_only = aggregates_need_raw(&o->aggregates) || o->use == USE_GOOD,
	};
	const char *fault = cover_fault(&wish);

	if (fault)
		msg_usage("--source %s: %s", cover_sources[o->source], fault);
	if (o->use == USE_ALL)
		msg_usage("--quality all is for readings: what is flagged as failed or missing "
		          "enters no aggregate");
	if (o->points > 0)
		msg_usage("--points thins out readings: leave out --agg, or use a larger --bucket");
	if (o->format == WRITER_R1)
		msg_usage("--format r1 is for readings: leave out --agg");
	check_buckets(o);
}

static void check_readings(const struct options *o, const struct given *given)
{
	if (o->bucket > 0)
		msg_usage("--bucket: of what? give --agg, too");
	if (o->fill != FILL_NONE)
		msg_usage("--fill is for --agg with --bucket");
	if (given->source)
		msg_usage("--source is for --agg");
	if (o->points > 0 && o->format == WRITER_R1)
		msg_usage("--points takes single values out of readings, --format r1 has whole "
		          "ones: choose one");
}

static void check_rows(struct options *o, const struct given *given)
{
	if (given->days_only)
		msg_usage("--%s is for similar and discords", given->days_only);
	if (o->span.from >= o->span.to)
		msg_usage("--from is not before --to");
	if (!given->quality)
		o->use = o->aggregates.count > 0 || o->points > 0 ? USE_USABLE : USE_ALL;
	if (o->aggregates.count > 0)
		check_aggregation(o);
	else
		check_readings(o, given);
}

/* Whole days: those of which a part lies in the span. */
static void set_days(struct options *o, const struct given *given)
{
	int64_t upto = days_floor(o->span.to + DAYS_DAY - 1);
	struct span *span = &o->days.span;

	if (o->command == COMMAND_SIMILAR) {
		span->from = CLOCK_MIN;
		span->to = given->to ? upto : o->days.day;
		o->days.k = o->days.k ? o->days.k : DAYS_NEAREST;
	} else {
		span->from = upto - DAYS_COMPARED;
		span->to = upto;
		o->days.k = o->days.k ? o->days.k : DAYS_NEIGHBOUR;
	}
	if (given->from)
		span->from = days_floor(o->span.from);
	if (o->days.factor < 0)
		o->days.factor = DAYS_FACTOR;
	if (span->from < CLOCK_MIN || span->to > CLOCK_MAX)
		msg_usage("--from and --to: there are days of the years 1 to 9999");
	if (span->from >= span->to)
		msg_usage("there is no day from --from to %s",
		          o->command == COMMAND_SIMILAR && !given->to ? "--day" : "--to");
}

static void check_days(struct options *o, const struct given *given)
{
	if (given->rows_only)
		msg_usage("--%s is for readings, not for days", given->rows_only);
	if (o->command == COMMAND_SIMILAR && !given->day)
		msg_usage("similar: to which day? give --day");
	if (o->command == COMMAND_SIMILAR && o->days.factor >= 0)
		msg_usage("--factor is for discords");
	if (o->command == COMMAND_DISCORDS && given->day)
		msg_usage("--day is for similar: give --from and --to");
	if (o->format == WRITER_R1)
		msg_usage("--format r1 is for readings, not for days");
	set_days(o, given);
}

static size_t between(uint64_t value, uint64_t least, uint64_t most, const char *option)
{
	if (value < least || value > most)
		msg_usage("%s '%" PRIu64 "': not from %" PRIu64 " to %" PRIu64 " for this plot",
		          option, value, least, most);
	return (size_t)value;
}

/* As large as the terminal, as far as that makes sense. */
static void fit_terminal(struct given *given)
{
	struct winsize size;
	bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;

	if (given->width == 0) {
		given->width = known && size.ws_col >= PLOT_WIDTH_LEAST ? size.ws_col : 80;
		if (given->width > PLOT_WIDTH_MOST)
			given->width = PLOT_WIDTH_MOST;
	}
	if (given->height == 0)
		given->height = known && size.ws_row >= 16 && size.ws_row < 30 ? size.ws_row - 6
		                                                               : 24;
}

static void set_look(struct options *o, struct given *given)
{
	const char *no_colour = getenv("NO_COLOR");

	if (o->plot == PLOT_TEXT) {
		fit_terminal(given);
		o->look.width = between(given->width, PLOT_WIDTH_LEAST, PLOT_WIDTH_MOST, "--width");
		o->look.height = between(given->height, PLOT_HEIGHT_LEAST, PLOT_HEIGHT_MOST,
		                         "--height");
		o->look.colour = isatty(STDOUT_FILENO) && (!no_colour || !no_colour[0]);
	} else if (o->plot == PLOT_FILE) {
		o->gnuplot.width = between(given->width ? given->width : 1200, GNUPLOT_SIZE_LEAST,
		                           GNUPLOT_SIZE_MOST, "--width");
		o->gnuplot.height = between(given->height ? given->height : 600, GNUPLOT_SIZE_LEAST,
		                            GNUPLOT_SIZE_MOST, "--height");
	} else if (given->width || given->height) {
		msg_usage("--width and --height are for --plot");
	}
	if (o->plot != PLOT_NONE && given->format)
		msg_usage("--format is for rows: with --plot there are none");
}

/* Of readings that are drawn, two for each column. */
static void set_points(struct options *o)
{
	if (o->points > 0 || o->aggregates.count > 0 || o->plot == PLOT_NONE ||
	    o->command != COMMAND_ROWS)
		return;
	o->points = 2 * (o->plot == PLOT_TEXT ? o->look.width : o->gnuplot.width);
}

void options_read(struct options *o, int argc, char **argv)
{
	int64_t now = clock_now();
	struct given given = {0};
	int c;

	*o = (struct options){
	    .conninfo = "",
	    .span = {now - 24 * 3600 * CLOCK_SECOND, now},
	    .days.factor = -1, /* not given */
	};
	while ((c = opt_next(argc, argv, "d:V", long_options, usage)) != -1)
		take_option(o, &given, c, optarg, now);
	o->command = take_command(argc, argv);
	pg_check_conninfo("-d", o->conninfo);
	set_look(o, &given);
	set_points(o);
	if (o->command == COMMAND_ROWS)
		check_rows(o, &given);
	else
		check_days(o, &given);
}
