#include "faults.h"

#include "record/escape.h"

#include <stdarg.h>
#include <stdio.h>

/* JSON pointer's escapes (RFC 6901), and a record's, so that a name cannot end the line. */
size_t faults_enter(struct faults *f, const char *name)
{
	size_t mark = f->pointer.len;

	buf_putc(&f->pointer, '/');
	for (size_t len; *name; name += len) {
		if (*name == '~' || *name == '/') {
			buf_append_string(&f->pointer, *name == '~' ? "~0" : "~1");
			len = 1;
		} else {
			len = strcspn(name, "~/");
			escape_append(&f->pointer, (struct slice){name, len});
		}
	}
	return mark;
}

size_t faults_enter_index(struct faults *f, size_t index)
{
	size_t mark = f->pointer.len;

	buf_printf(&f->pointer, "/%zu", index);
	return mark;
}

void faults_leave(struct faults *f, size_t mark)
{
	f->pointer.len = mark;
}

static void begin_line(struct faults *f, const char *path)
{
	escape_append(&f->lines, slice_of(path));
	f->count++;
}

void faults_add(struct faults *f, const char *format, ...)
{
	char what[512];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	begin_line(f, f->file);
	buf_printf(&f->lines, "#%s: %s\n", buf_string(&f->pointer), what);
}

void faults_add_at(struct faults *f, struct slice text, size_t offset, const char *what)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < offset && i < text.len; i++) {
		column++;
		if (text.ptr[i] == '\n') {
			line++;
			column = 1;
		}
	}
	begin_line(f, f->file);
	buf_printf(&f->lines, ":%zu:%zu: %s\n", line, column, what);
}

void faults_add_file(struct faults *f, const char *path, const char *what)
{
	begin_line(f, path);
	buf_printf(&f->lines, ": %s\n", what);
}

void faults_free(struct faults *f)
{
	buf_free(&f->pointer);
	buf_free(&f->lines);
}
