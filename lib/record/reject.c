#include "record/reject.h"

#include "base/clock.h"
#include "base/msg.h"
#include "record/escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void reject_open(struct reject *r, const char *path)
{
	r->count = 0;
	if (path)
		out_open_append(&r->out, path);
	else
		out_init(&r->out, STDERR_FILENO, "stderr");
	r->out.sync = true;
}

void reject_line(struct reject *r, struct slice original, const char *code, const char *format, ...)
{
	struct buf *b = &r->out.buf;
	char detail[REJECT_DETAIL_MAX];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	if (len < 0)
		len = 0;
	if ((size_t)len >= sizeof(detail))
		len = sizeof(detail) - 1;

	buf_append_string(b, "x1\t");
	clock_append(b, clock_now());
	buf_putc(b, '\t');
	buf_append_string(b, msg_tool());
	buf_putc(b, '\t');
	buf_append_string(b, code);
	buf_putc(b, '\t');
	escape_append(b, (struct slice){detail, (size_t)len});
	buf_putc(b, '\t');
	escape_append_line(b, original);
	buf_putc(b, '\n');
	r->count++;
	out_line(&r->out);
}

void reject_close(struct reject *r)
{
	out_close(&r->out);
}
