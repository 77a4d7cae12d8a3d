#include "record/filter.h"

#include "base/msg.h"
#include "stream/line.h"

#include <unistd.h>

bool filter_option(struct filter_options *o, int option, const char *value)
{
	switch (option) {
	case FILTER_REJECT:
		o->reject = value;
		return true;
	case FILTER_METRICS:
		o->metrics = value;
		return true;
	case FILTER_MAX_LINE:
		o->max_line = line_max_option(value);
		return true;
	case FILTER_STRICT:
		o->strict = true;
		return true;
	case FILTER_QUIET:
		msg_set_quiet();
		return true;
	default:
		return false;
	}
}

void filter_open(const struct filter_options *o, unsigned takes, struct input *in, struct out *out,
                 struct reject *reject)
{
	reject_open(reject, o->reject);
	input_init(in, takes, o->max_line, reject);
	out_init(out, STDOUT_FILENO, "stdout");
	out->first = &reject->out;
	line_flush_before_block(&in->lines, out);
}

void filter_close(struct input *in, struct out *out, struct reject *reject)
{
	out_close(out);
	reject_close(reject);
	input_free(in);
}

int filter_status(const struct filter_options *o, const struct input *in,
                  const struct reject *reject)
{
	return o->strict && reject->count > 0 ? EX_DATAERR : in->status;
}
