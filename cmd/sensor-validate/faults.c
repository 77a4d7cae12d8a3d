#include "faults.h"

#include <stdarg.h>
#include <stdio.h>

size_t faults_enter(struct faults *f, const char *name)
{
	size_t mark = f->pointer.len;

	buf_putc(&f->pointer, '/');
	for (; *name; name++) {
		if (*name == '~')
			buf_append_string(&f->pointer, "~0");
		else if (*name == '/')
			buf_append_string(&f->pointer, "~1");
		else
			buf_putc(&f->pointer, *name);
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

void faults_add(struct faults *f, const char *format, ...)
{
	char what[512];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	buf_printf(&f->lines, "%s#%s: %s\n", f->file, buf_string(&f->pointer), what);
	f->count++;
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
	buf_printf(&f->lines, "%s:%zu:%zu: %s\n", f->file, line, column, what);
	f->count++;
}

void faults_add_file(struct faults *f, const char *path, const char *what)
{
	buf_printf(&f->lines, "%s: %s\n", path, what);
	f->count++;
}

void faults_free(struct faults *f)
{
	buf_free(&f->pointer);
	buf_free(&f->lines);
}
