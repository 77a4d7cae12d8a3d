/* The stage of reading records (r1); see writer.h. */
#include "base/msg.h"
#include "record/record.h"
#include "text/json.h"
#include "writer.h"

#include <string.h>

/* What a record cannot say of a reading, or NULL. */
static const char *fault_of(const struct row *row)
{
	const char *fault = record_name_fault(row->sensor->type, false);

	if (!fault)
		fault = record_name_fault(row->sensor->name, false);
	if (!fault)
		fault = record_name_fault(row->metric->name, true);
	if (fault)
		return fault;
	if (row->quality < 1 || row->quality > 9 || !strchr("12349", '0' + row->quality))
		return "has a quality that is no flag of QARTOD";
	/* NaN, Infinity */
	if (!row->is_string && row->value.ptr[row->value.len - 1] > '9')
		return "is not finite";
	return NULL;
}

static void leave_out(struct writer *w, const struct row *row, const char *fault)
{
	w->tally->left_out++;
	if (w->warned)
		return;
	w->warned = true;
	msg_warn("'%.*s' of sensor '%.*s' of type '%.*s': one of these %s: left out, as will be "
	         "others that a record cannot hold",
	         SLICE_ARG(row->metric->name), SLICE_ARG(row->sensor->name),
	         SLICE_ARG(row->sensor->type), fault);
}

static void end_record(struct writer *w)
{
	if (!w->last.sensor)
		return;
	buf_putc(&w->out->buf, '\n');
	out_line(w->out);
	w->last.sensor = NULL;
}

/* A metric named twice (as a number and as a text) begins another record, too. */
static bool continues(const struct writer *w, const struct row *row)
{
	return w->last.sensor == row->sensor && w->last.time == row->time &&
	       w->last.metric != row->metric && w->metrics < RECORD_METRICS_MAX;
}

static void take_row(struct stage *self, const struct row *row)
{
	struct writer *w = (struct writer *)self;
	const char *fault = fault_of(row);
	struct buf *b = &w->out->buf;

	if (fault) {
		leave_out(w, row, fault);
		return;
	}
	if (!continues(w, row)) {
		struct reading_head head = {
		    .received = row->time,
		    .time = row->time,
		    .type = row->sensor->type,
		    .sensor = row->sensor->name,
		    .schema = row->sensor->schema,
		};

		end_record(w);
		reading_begin(b, &head);
		w->metrics = 0;
	}
	buf_clear(&w->text);
	if (row->is_string)
		json_append_string(&w->text, row->value);
	else
		buf_append_slice(&w->text, row->value);
	reading_append_metric(b, row->metric->name, buf_slice(&w->text), (enum quality)row->quality,
	                      (struct slice){0});
	w->last.sensor = row->sensor;
	w->last.metric = row->metric;
	w->last.time = row->time;
	w->metrics++;
	w->tally->written++;
}

static void finish(struct stage *self)
{
	struct writer *w = (struct writer *)self;

	end_record(w);
	buf_free(&w->text);
	out_flush(w->out);
}

void writer_init_records(struct writer *w)
{
	w->text = (struct buf){0};
	w->warned = false;
	w->stage = (struct stage){take_row, finish};
	w->last.sensor = NULL;
}
