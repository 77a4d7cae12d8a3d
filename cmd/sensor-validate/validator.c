#include "validator.h"

#include <stdio.h>

static void pass_on(struct validator *v)
{
	buf_append_slice(&v->out.buf, v->in.line);
	buf_putc(&v->out.buf, '\n');
	out_line(&v->out);
}

/* Ends the detail with the rule: ` (FILE#POINTER)`. */
static void explain(struct failure *f, const struct schema *s)
{
	buf_append_string(&f->detail, " (");
	buf_append_slice(&f->detail, s->file);
	failure_append_rule(f, &f->detail);
	buf_putc(&f->detail, ')');
}

/* A skip record goes out in place of a reading that was to complete its message. */
static void reject_reading(struct validator *v)
{
	const struct failure *f = &v->check.failure;
	const char *code = failure_name(f->code);

	reject_line(&v->reject, v->in.line, code, "%.*s", SLICE_ARG(f->detail));
	v->failed[f->code]++;
	if (!v->reading.more)
		input_skip(&v->in, v->reading.seq, v->reading.received, code);
}

static void describe_unknown(struct failure *f, const struct reading *r, bool type_known)
{
	struct slice version = r->schema.len ? r->schema : SCHEMA_VERSION_DEFAULT;

	failure_begin(f, type_known ? FAILURE_UNKNOWN_SCHEMA : FAILURE_UNKNOWN_TYPE, SLICE(""));
	buf_append_string(&f->detail, type_known ? "no schema of version " : "no schema of type ");
	buf_append_slice(&f->detail, type_known ? version : r->type);
	if (type_known) {
		buf_append_string(&f->detail, " of type ");
		buf_append_slice(&f->detail, r->type);
	}
}

/* The reading in its present form. */
static void write_reading(struct validator *v)
{
	const struct reading *r = &v->reading;
	const struct reading_head head = reading_head_of(r);

	reading_begin(&v->out.buf, &head);
	for (size_t i = 0; i < r->count; i++) {
		const struct metric *m = &r->metrics[i];

		reading_append_metric(&v->out.buf, m->name, m->text, m->quality, m->unit);
	}
	buf_putc(&v->out.buf, '\n');
	out_line(&v->out);
}

static void refuse_reading(struct validator *v, const struct schema *schema)
{
	if (v->explain)
		explain(&v->check.failure, schema);
	reject_reading(v);
}

/* What becomes of a reading that holds against its schema. */
static void accept_reading(struct validator *v, struct schema *schema)
{
	enum stream_verdict verdict = STREAM_GOOD;

	if (schema->has_stream)
		verdict = stream_take(&v->stream, schema, &v->reading, &v->check);
	if (verdict == STREAM_FAIL) {
		refuse_reading(v, schema);
		return;
	}
	v->valid++;
	if (verdict == STREAM_GOOD) {
		pass_on(v);
	} else {
		v->suspect++;
		write_reading(v);
	}
}

static void validate_reading(struct validator *v)
{
	struct reading *r = &v->reading;
	struct record_error error;
	struct schema *schema;
	bool type_known;

	if (reading_parse(v->in.line, &v->scratch, r, &error) < 0) {
		input_reject_malformed(&v->in, &error);
		return;
	}
	schema = schema_set_find(v->schemas, r->type, r->schema, &type_known);
	if (!schema && v->allow_unknown) {
		v->unchecked++;
		pass_on(v);
	} else if (!schema) {
		describe_unknown(&v->check.failure, r, type_known);
		reject_reading(v);
	} else if (!check_reading(&v->check, schema, r)) {
		refuse_reading(v, schema);
	} else {
		accept_reading(v, schema);
	}
}

void validator_take(struct validator *v)
{
	if (v->in.kind == RECORD_SKIP) {
		v->skips++;
		pass_on(v);
	} else {
		validate_reading(v);
	}
}

void validator_register(const struct validator *v, struct metrics *m)
{
	static char labels[FAILURE_CODES][64];

	metrics_counter(m, "validate_records_total", "", "Records read.", &v->in.records);
	metrics_counter(m, "validate_valid_total", "", "Readings that hold.", &v->valid);
	metrics_work(m);
	metrics_counter(m, "validate_suspect_total", "",
	                "Of these, readings with a metric that a stream check found suspect.",
	                &v->suspect);
	metrics_counter(m, "validate_unchecked_total", "",
	                "Readings without a schema that were passed on.", &v->unchecked);
	metrics_work(m);
	metrics_counter(m, "validate_skips_total", "", "Skip records read.", &v->skips);
	metrics_counter(m, "validate_rejected_total", "", "Records that became dead letters.",
	                &v->reject.count);
	metrics_counter(m, "validate_replaced_total", "",
	                "Of these, in whose place a skip record was written.", &v->in.skipped);
	for (int i = 0; i < FAILURE_CODES; i++) {
		snprintf(labels[i], sizeof(labels[i]), "code=\"%s\"",
		         failure_name((enum failure_code)i));
		metrics_counter(m, "validate_failed_total", labels[i],
		                "Readings that do not hold, by dead letter code.", &v->failed[i]);
	}
	stream_register(&v->stream, m);
}

void validator_free(struct validator *v)
{
	check_free(&v->check);
	stream_free(&v->stream);
	buf_free(&v->scratch);
}
