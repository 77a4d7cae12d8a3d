#include "base/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *tool_name = "sensorpipe";
static bool quiet;

/* open(2) gives the lowest descriptor that is free. Each is opened for what it is not used for. */
static void fill_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(EX_OSERR);
}

void msg_init(const char *tool)
{
	tool_name = tool;
	fill_standard_descriptors();
}

const char *msg_tool(void)
{
	return tool_name;
}

void msg_set_quiet(void)
{
	quiet = true;
}

/*
 * Length of the well-formed UTF-8 sequence of a printable character at `p`, 0 for
 * none. C1 controls (U+0080 to U+009F) count as unprintable. This is the one
 * place below lib/text that needs it, and it wants to be small rather than fast.
 */
static unsigned printable(const unsigned char *p, const unsigned char *end)
{
	unsigned len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;

	if (p[0] < 0x80)
		return p[0] >= 0x20 && p[0] != 0x7f;
	if (p[0] < 0xc2 || p[0] > 0xf4 || (size_t)(end - p) < len)
		return 0;
	for (unsigned i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xe0 && p[1] < 0xa0) ||
	    (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
	    (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

/* Appends text with unprintable bytes as \xHH; keeps room for the final line end. */
static size_t append_clean(char *line, size_t used, const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text, *end = p + len;

	while (p < end && used + 5 < MSG_MAX) {
		unsigned n = printable(p, end);

		if (n) {
			memcpy(line + used, p, n);
			used += n;
			p += n;
		} else {
			used += (size_t)snprintf(line + used, MSG_MAX - used, "\\x%02x", *p++);
		}
	}
	return used;
}

__attribute__((format(printf, 2, 0))) static void emit(const char *prefix, const char *format,
                                                       va_list args)
{
	int saved = errno;
	char text[MSG_MAX], line[MSG_MAX];
	size_t used = 0;
	int len = vsnprintf(text, sizeof(text), format, args);

	if (len < 0)
		len = 0;
	if ((size_t)len >= sizeof(text))
		len = sizeof(text) - 1;
	used = append_clean(line, used, tool_name, strlen(tool_name));
	used = append_clean(line, used, ": ", 2);
	used = append_clean(line, used, prefix, strlen(prefix));
	used = append_clean(line, used, text, (size_t)len);
	line[used++] = '\n';
	/* Nobody is left to be told when standard error itself fails. */
	if (write(STDERR_FILENO, line, used) < 0)
		(void)0;
	errno = saved;
}

void msg_info(const char *format, ...)
{
	va_list args;

	if (quiet)
		return;
	va_start(args, format);
	emit("", format, args);
	va_end(args);
}

void msg_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit("", format, args);
	va_end(args);
}

void msg_at(const char *input, uint64_t line, const char *format, ...)
{
	char prefix[256];
	va_list args;

	snprintf(prefix, sizeof(prefix), "%s:%llu: ", input, (unsigned long long)line);
	va_start(args, format);
	emit(prefix, format, args);
	va_end(args);
}

void msg_die(int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit("", format, args);
	va_end(args);
	_exit(status);
}

void msg_usage(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit("", format, args);
	va_end(args);
	msg_warn("try '%s --help' or 'man %s'", tool_name, tool_name);
	_exit(EX_USAGE);
}
