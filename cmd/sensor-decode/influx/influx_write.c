#include "influx/influx_write.h"

#include "influx/influx_line.h"
#include "influx/influx_value.h"
#include "text/json.h"

#include <inttypes.h>
#include <string.h>

static void append_escaped(struct buf *out, struct slice text, const char *escapes)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr(escapes, text.ptr[i]))
			buf_putc(out, '\\');
		buf_putc(out, text.ptr[i]);
	}
}

static int append_name(struct buf *out, const char *what, struct slice name, const char *escapes,
                       struct fault *fault)
{
	if (name.ptr[name.len - 1] == '\\')
		return fault_set(fault, FAULT_BAD_NAME,
		                 "the %s '%.*s' ends in a backslash, which no point can have", what,
		                 SLICE_ARG(name));
	append_escaped(out, name, escapes);
	return 0;
}

static int append_series(const struct reading *r, struct buf *out, struct fault *fault)
{
	if (*r->type.ptr == '#')
		return fault_set(fault, FAULT_BAD_NAME,
		                 "the type '%.*s' starts with '#', which is a comment in a point",
		                 SLICE_ARG(r->type));
	if (append_name(out, "type", r->type, INFLUX_MEASUREMENT_ESCAPES, fault) < 0)
		return -1;
	buf_append_string(out, ",sensor=");
	return append_name(out, "sensor", r->sensor, INFLUX_KEY_ESCAPES, fault);
}

/* ---- fields ---- */

static bool is_integer(struct slice number)
{
	int64_t value;

	for (size_t i = *number.ptr == '-'; i < number.len; i++)
		if (number.ptr[i] < '0' || number.ptr[i] > '9')
			return false;
	return influx_integer(number, &value) == 0;
}

static void append_string(struct influx_writer *w, struct slice json, struct buf *out)
{
	buf_clear(&w->string);
	json_unescape((struct slice){json.ptr + 1, json.len - 2}, &w->string);
	buf_putc(out, '"');
	append_escaped(out, buf_slice(&w->string), INFLUX_STRING_ESCAPES);
	buf_putc(out, '"');
}

static void append_value(struct influx_writer *w, const struct metric *m, struct buf *out)
{
	if (m->kind == VALUE_STRING) {
		append_string(w, m->text, out);
		return;
	}
	buf_append_slice(out, m->text);
	if (m->kind == VALUE_NUMBER && w->integers && is_integer(m->text))
		buf_putc(out, 'i');
}

/* Whether the reading has a metric of the name of this one's quality. */
static bool has_quality(const struct reading *r, struct slice name)
{
	static const struct slice quality = {".quality", 8};

	for (size_t i = 0; i < r->count; i++) {
		struct slice other = r->metrics[i].name;

		if (other.len == name.len + quality.len && slice_starts_with(other, name) &&
		    memcmp(other.ptr + name.len, quality.ptr, quality.len) == 0)
			return true;
	}
	return false;
}

static int append_quality(const struct reading *r, const struct metric *m, struct buf *out,
                          struct fault *fault)
{
	if (has_quality(r, m->name))
		return fault_set(fault, FAULT_DUPLICATE_NAME,
		                 "'%.*s.quality' is a metric and the quality of one",
		                 SLICE_ARG(m->name));
	buf_putc(out, ',');
	append_escaped(out, m->name, INFLUX_KEY_ESCAPES);
	buf_printf(out, ".quality=%di", (int)m->quality);
	return 0;
}

static int append_fields(struct influx_writer *w, struct buf *out, struct fault *fault)
{
	const struct reading *r = &w->reading;

	for (size_t i = 0; i < r->count; i++) {
		const struct metric *m = &r->metrics[i];

		buf_putc(out, i ? ',' : ' ');
		if (append_name(out, "metric", m->name, INFLUX_KEY_ESCAPES, fault) < 0)
			return -1;
		buf_putc(out, '=');
		append_value(w, m, out);
		if (m->quality != QUALITY_GOOD && append_quality(r, m, out, fault) < 0)
			return -1;
	}
	return 0;
}

/* ---- points ---- */

static int append_point(struct influx_writer *w, struct buf *out, struct fault *fault)
{
	int64_t time;

	if (__builtin_mul_overflow(w->reading.time, INT64_C(1000), &time))
		return fault_set(fault, FAULT_BAD_TIME,
		                 "the time is beyond the 64 bits of nanoseconds of a point");
	if (append_series(&w->reading, out, fault) < 0 || append_fields(w, out, fault) < 0)
		return -1;
	buf_printf(out, " %" PRId64 "\n", time);
	return 0;
}

static int append_points(struct influx_writer *w, struct slice records, struct buf *out,
                         struct fault *fault)
{
	const char *p = records.ptr, *end = p + records.len, *lf;
	struct record_error error;

	for (; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (!lf || reading_parse((struct slice){p, (size_t)(lf - p)}, &w->scratch,
		                         &w->reading, &error) < 0)
			return fault_set(fault, FAULT_UNSUPPORTED_SHAPE,
			                 "its reading cannot be read again");
		if (append_point(w, out, fault) < 0)
			return -1;
	}
	return 0;
}

int influx_write(struct influx_writer *w, struct slice records, struct buf *out,
                 struct fault *fault)
{
	size_t before = out->len;

	if (append_points(w, records, out, fault) == 0)
		return 0;
	out->len = before;
	return -1;
}

void influx_writer_free(struct influx_writer *w)
{
	buf_free(&w->scratch);
	buf_free(&w->string);
}
