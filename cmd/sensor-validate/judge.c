#include "judge.h"

#include "base/msg.h"
#include "record/escape.h"

#include <errno.h>
#include <string.h>

static void end_answer(struct judge *j)
{
	buf_putc(&j->out.buf, '\n');
	out_line(&j->out);
}

/* `column` counts bytes from 1; 0: it is the line as a whole. */
static void answer_error(struct judge *j, const char *what, size_t column)
{
	struct buf *out = &j->out.buf;

	j->errors++;
	buf_append_string(out, "error");
	if (j->explain) {
		buf_append_string(out, "\t\t\t");
		if (column > 0)
			buf_printf(out, "column %zu: ", column);
		buf_append_string(out, what);
	}
	end_answer(j);
}

static void answer_invalid(struct judge *j)
{
	struct buf *out = &j->out.buf;

	j->invalid++;
	buf_append_string(out, "invalid");
	if (j->explain) {
		buf_putc(out, '\t');
		failure_append_rule(&j->check.failure, out);
		buf_putc(out, '\t');
		buf_append_slice(out, buf_slice(&j->check.at));
		buf_putc(out, '\t');
		escape_append(out, buf_slice(&j->check.failure.detail));
	}
	end_answer(j);
}

static void judge_line(struct judge *j, struct slice line)
{
	const struct json_value *value = json_tree_parse(&j->tree, line, JUDGE_DEPTH_MAX,
	                                                 JSON_VALUES_MAX);

	if (!value) {
		answer_error(j, j->tree.fault, j->tree.fault_at + 1);
	} else if (!check_document(&j->check, j->schema, value)) {
		answer_invalid(j);
	} else {
		j->valid++;
		buf_append_string(&j->out.buf, "valid");
		end_answer(j);
	}
}

/* False at the end. */
static bool judge_next(struct judge *j)
{
	struct slice line;
	enum line_status status = line_next(&j->lines, &line);

	switch (status) {
	case LINE_OK:
	case LINE_TOO_LONG:
	case LINE_TRUNCATED:
		j->values++;
		break;
	case LINE_END:
		return false;
	case LINE_ERROR:
		out_flush(&j->out);
		msg_die(EX_IOERR, "%s: %s", j->lines.name, strerror(errno));
	case LINE_WAKE:
	case LINE_RELOAD:
		return true;
	}
	if (status == LINE_OK)
		judge_line(j, line);
	else if (status == LINE_TOO_LONG)
		answer_error(j, "longer than --max-line", 0);
	else
		answer_error(j, "the input ends without a line end", 0);
	j->truncated = status == LINE_TRUNCATED;
	return !j->truncated;
}

void judge_run(struct judge *j, struct metrics *m)
{
	do {
		metrics_tick(m);
		j->lines.deadline = metrics_due(m);
	} while (judge_next(j));
}

void judge_register(const struct judge *j, struct metrics *m)
{
	metrics_counter(m, "validate_values_total", "", "JSON values read.", &j->values);
	metrics_work(m);
	metrics_counter(m, "validate_values_valid_total", "", "Values that hold.", &j->valid);
	metrics_counter(m, "validate_values_invalid_total", "", "Values that do not hold.",
	                &j->invalid);
	metrics_counter(m, "validate_values_error_total", "", "Lines that are no JSON value.",
	                &j->errors);
}

void judge_free(struct judge *j)
{
	check_free(&j->check);
	json_tree_free(&j->tree);
}
