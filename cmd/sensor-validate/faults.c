#include "faults.h"

#include "record/escape.h"

#include <stdarg.h>
#include <stdio.h>

void pointer_append(struct buf *pointer, struct slice name)
{
	buf_putc(pointer, '/');
	for (size_t i = 0, from = 0; i <= name.len; i++) {
		if (i < name.len && name.ptr[i] != '~' && name.ptr[i] != '/')
			continue;
		escape_append(pointer, (struct slice){name.ptr + from, i - from});
		if (i < name.len)
			buf_append_string(pointer, name.ptr[i] == '~' ? "~0" : "~1");
		from = i + 1;
	}
}

size_t faults_enter(struct faults *f, struct slice name)
{
	size_t mark = f->pointer.len;

	pointer_append(&f->pointer, name);
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

__attribute__((format(printf, 3, 0))) static void add_line(struct faults *f, const char *kind,
                                                           const char *format, va_list args)
{
	char what[512];

	vsnprintf(what, sizeof(what), format, args);
	escape_append(&f->lines, slice_of(f->file));
	buf_printf(&f->lines, "#%s: %s%s\n", buf_string(&f->pointer), kind, what);
}

void faults_add(struct faults *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_line(f, "", format, args);
	va_end(args);
	f->count++;
}

void faults_warn(struct faults *f, const char *format, ...)
{
	va_list args;

	if (!f->lint)
		return;
	va_start(args, format);
	add_line(f, "warning: ", format, args);
	va_end(args);
	f->warnings++;
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
	escape_append(&f->lines, slice_of(f->file));
	f->count++;
	buf_printf(&f->lines, ":%zu:%zu: %s\n", line, column, what);
}

void faults_add_file(struct faults *f, const char *path, const char *what)
{
	escape_append(&f->lines, slice_of(path));
	f->count++;
	buf_printf(&f->lines, ": %s\n", what);
}

void faults_free(struct faults *f)
{
	buf_free(&f->pointer);
	buf_free(&f->lines);
}
