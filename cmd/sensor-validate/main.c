/*
 * sensor-validate: passes on the readings that hold against the schema of their type and version.
 *
 * What holds goes out byte for byte as it came in, but for the quality of
 * values that are suspect after those before them; what does not becomes a
 * dead letter, and a skip record where it would have ended its message, so
 * that the stages after this one can count it. Besides, the same rules judge
 * any JSON values (--json), schemas are checked (--lint) and proposed
 * (--infer). See sensor-validate(1).
 */
#include "collector.h"
#include "judge.h"
#include "options.h"
#include "proposal.h"
#include "schema_file.h"
#include "validator.h"

#include "base/msg.h"
#include "base/stop.h"
#include "durable/state_keeper.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct options opts;
static struct validator validator;
static struct collector collector;

/* Tells what is wrong with schemas, and forgets it. */
static void tell_faults(struct faults *faults)
{
	struct slice lines = buf_slice(&faults->lines);

	while (lines.len > 0) {
		size_t len = (size_t)((const char *)memchr(lines.ptr, '\n', lines.len) - lines.ptr);

		msg_warn("%.*s", (int)len, lines.ptr);
		lines.ptr += len + 1;
		lines.len -= len + 1;
	}
	faults_free(faults);
}

/* ---- readings ---- */

/* The schemas of opts.schemas; NULL after telling what is wrong with them. */
static struct schema_set *load_schemas(void)
{
	struct faults faults = {0};
	struct schema_set *set = schema_set_load(opts.schemas, &faults);

	tell_faults(&faults);
	return set;
}

static void reload_schemas(struct validator *v)
{
	struct schema_set *set = load_schemas();

	if (!set) {
		msg_warn("the schemas of '%s' were not reloaded: the old ones stay in use",
		         opts.schemas);
		return;
	}
	schema_set_free(v->schemas);
	v->schemas = set;
	msg_info("schemas reloaded: %zu", schema_set_count(set));
}

static void open_streams(struct validator *v)
{
	filter_open(&opts.common, INPUT_READINGS, &v->in, &v->out, &v->reject);
	v->in.skips = &v->out;
}

/* To the end of the input. */
static void run(struct validator *v, struct state_keeper *state, struct metrics *metrics)
{
	enum input_status status;

	for (;;) {
		int64_t due = metrics_due(metrics);

		v->in.lines.deadline = due < state->due ? due : state->due;
		status = input_next(&v->in);
		if (status == INPUT_END)
			return;
		if (status == INPUT_RELOAD)
			reload_schemas(v);
		if (status == INPUT_RECORD)
			validator_take(v);
		metrics_tick(metrics);
		state_tick(state);
	}
}

static int report(const struct validator *v)
{
	char suspect[64] = "";

	if (v->suspect > 0)
		snprintf(suspect, sizeof(suspect), "; suspect %" PRIu64 " of the valid",
		         v->suspect);
	msg_info("records %" PRIu64 ", valid %" PRIu64 ", unchecked %" PRIu64 ", skips %" PRIu64
	         ", rejected %" PRIu64 "%s",
	         v->in.records, v->valid, v->unchecked, v->skips, v->reject.count, suspect);
	return filter_status(&opts.common, &v->in, &v->reject);
}

static int validate_readings(void)
{
	struct state_keeper state;
	struct metrics *metrics;
	int status;

	stop_init();
	stop_init_reload();
	validator.allow_unknown = opts.allow_unknown;
	validator.explain = opts.explain;
	validator.schemas = load_schemas();
	if (!validator.schemas)
		return EX_CONFIG;
	stream_init(&validator.stream, opts.max_series);
	state_open(&state, opts.state, &validator.stream.series, &remembered_form);
	open_streams(&validator);
	metrics = metrics_open(opts.common.metrics, "");
	validator_register(&validator, metrics);

	run(&validator, &state, metrics);

	filter_close(&validator.in, &validator.out, &validator.reject);
	metrics_close(metrics);
	status = report(&validator);
	if (state_close(&state) < 0 && status == EX_OK)
		status = EX_IOERR;
	validator_free(&validator);
	schema_set_free(validator.schemas);
	return status;
}

/* ---- JSON values ---- */

static int report_values(const struct judge *j)
{
	msg_info("values %" PRIu64 ", valid %" PRIu64 ", invalid %" PRIu64 ", errors %" PRIu64,
	         j->values, j->valid, j->invalid, j->errors);
	if (j->truncated || (opts.common.strict && j->valid < j->values))
		return EX_DATAERR;
	return EX_OK;
}

static int judge_values(void)
{
	struct judge judge = {.explain = opts.explain};
	struct faults faults = {0};
	struct metrics *metrics;
	int status;

	stop_init();
	judge.schema = schema_file_load(opts.schema, SCHEMA_OF_VALUES, &faults);
	tell_faults(&faults);
	if (!judge.schema)
		return EX_CONFIG;
	out_init(&judge.out, STDOUT_FILENO, "stdout");
	line_init(&judge.lines, STDIN_FILENO, INPUT_STDIN, opts.common.max_line);
	line_flush_before_block(&judge.lines, &judge.out);
	metrics = metrics_open(opts.common.metrics, "");
	judge_register(&judge, metrics);

	judge_run(&judge, metrics);

	out_close(&judge.out);
	line_free(&judge.lines);
	metrics_close(metrics);
	status = report_values(&judge);
	judge_free(&judge);
	schema_free(judge.schema);
	return status;
}

/* ---- schemas ---- */

static int lint_schemas(void)
{
	struct faults faults = {.lint = true};
	struct schema_set *set = schema_set_load(opts.schemas, &faults);
	unsigned count = faults.count, warnings = faults.warnings;

	tell_faults(&faults);
	if (set)
		msg_info("schemas without a fault: %zu, warnings: %u", schema_set_count(set),
		         warnings);
	schema_set_free(set);
	if (count > 0)
		return EX_CONFIG;
	return opts.common.strict && warnings > 0 ? EX_DATAERR : EX_OK;
}

/* ---- proposals ---- */

/* Those of all kinds in opts.into, or that of the only kind to standard output. */
static int write_proposals(const struct inference *n)
{
	int status = EX_OK;
	struct out out;

	if (!n->first) {
		msg_warn("there is no reading to propose a schema from");
		return EX_DATAERR;
	}
	if (opts.into) {
		for (const struct kind *k = n->first; k; k = k->next)
			if (proposal_write(opts.into, k) < 0)
				status = EX_CANTCREAT;
		return status;
	}
	if (n->first->next) {
		msg_warn("the readings are of %zu types and versions: choose one, or name a "
		         "directory by --into",
		         n->kind_count);
		return EX_DATAERR;
	}
	out_init(&out, STDOUT_FILENO, "stdout");
	proposal_append(&out.buf, n->first);
	out_close(&out);
	return EX_OK;
}

static int infer_schemas(void)
{
	struct metrics *metrics;
	int status;

	stop_init();
	collector_open(&collector, opts.common.max_line, opts.common.reject);
	metrics = metrics_open(opts.common.metrics, "");
	collector_register(&collector, metrics);

	collector_run(&collector, metrics);

	metrics_close(metrics);
	status = write_proposals(&collector.inference);
	if (status == EX_OK)
		status = collector.in.status;
	if (status == EX_OK && opts.common.strict && collector.reject.count > 0)
		status = EX_DATAERR;
	collector_report(&collector);
	collector_close(&collector);
	return status;
}

int main(int argc, char **argv)
{
	msg_init("sensor-validate");
	options_parse(&opts, argc, argv);
	switch (opts.mode) {
	case MODE_READINGS:
		return validate_readings();
	case MODE_JSON:
		return judge_values();
	case MODE_LINT:
		return lint_schemas();
	case MODE_INFER:
		return infer_schemas();
	}
	return EX_SOFTWARE;
}
