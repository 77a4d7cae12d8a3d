/*
 * tsdb-query: prints or draws readings, or aggregates of them, from the database.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "options.h"
#include "output.h"
#include "query.h"
#include "session.h"

#include <inttypes.h>
#include <unistd.h>

static struct options options;

static void explain(const struct cover *cover)
{
	for (size_t i = 0; i < cover->count; i++) {
		char from[CLOCK_TEXT_LEN], to[CLOCK_TEXT_LEN];

		clock_format(cover->parts[i].from, from);
		clock_format(cover->parts[i].to, to);
		msg_info("%s from %.*s to %.*s", cover_sources[cover->parts[i].source],
		         CLOCK_TEXT_LEN, from, CLOCK_TEXT_LEN, to);
	}
	msg_info("source: %s", cover->why);
}

static void run_buckets(const struct query *query, struct stage *to)
{
	struct cover_wish wish = {
	    .source = options.source,
	    .from = options.span.from,
	    .to = options.span.to,
	    .bucket = options.bucket,
	    .raw_only = aggregates_need_raw(&options.aggregates) || options.use == USE_GOOD,
	};
	struct cover cover;

	if (options.bucket > 0)
		session_require_buckets(query->conn);
	session_ask_rollups(query->conn, &wish.hourly, &wish.daily);
	cover_choose(&cover, &wish);
	if (options.explain)
		explain(&cover);
	query_buckets(query, &cover, options.bucket, &options.aggregates, to);
}

static void run_readings(const struct query *query, struct stage *to)
{
	if (options.explain)
		msg_info("raw: readings are asked for (no --agg)");
	if (options.format == WRITER_R1)
		query_records(query, to);
	else
		query_readings(query, to);
}

static void run_similar(const struct query *query, struct output *output)
{
	days_check(query, &options.days);
	if (options.plot == PLOT_NONE)
		days_similar(query, &options.days, output->first);
	else
		days_similar_hours(query, &options.days, &output->chart);
}

static void run_discords(const struct query *query, struct stage *to)
{
	days_tell_compared(query, &options.days);
	if (options.plot == PLOT_NONE)
		days_discords(query, &options.days, to);
	else
		days_scores(query, &options.days, to);
}

static void run(const struct query *query, struct output *output)
{
	const struct catalog *catalog = query->catalog;

	if (options.command != COMMAND_ROWS)
		session_require_profiles(query->conn);
	if (catalog->sensor_count == 0 || catalog->metric_count == 0)
		output->first->finish(output->first); /* an empty database */
	else if (options.command == COMMAND_SIMILAR)
		run_similar(query, output);
	else if (options.command == COMMAND_DISCORDS)
		run_discords(query, output->first);
	else if (options.aggregates.count > 0)
		run_buckets(query, output->first);
	else
		run_readings(query, output->first);
}

static void report(const struct tally *t)
{
	msg_info("read %" PRIu64 ", left out %" PRIu64 ", thinned out %" PRIu64 ", filled %" PRIu64
	         ", written %" PRIu64,
	         t->read, t->left_out, t->thinned, t->filled, t->written);
}

int main(int argc, char **argv)
{
	struct tally tally = {0};
	struct catalog catalog;
	struct output output;
	struct query query;
	struct out out;

	msg_init("tsdb-query");
	options_read(&options, argc, argv);
	stop_init();
	out_init(&out, STDOUT_FILENO, "stdout");

	query = (struct query){.conn = session_open(options.conninfo),
	                       .catalog = &catalog,
	                       .span = options.span,
	                       .use = options.use,
	                       .out = &out,
	                       .tally = &tally};
	catalog_read(&catalog, query.conn, &options.names);
	output_init(&output, &options, &catalog, &out, &tally);
	run(&query, &output);
	session_close(query.conn);
	output_end(&output);
	out_close(&out);
	catalog_free(&catalog);
	report(&tally);
	return EX_OK;
}
