#include "record/escape.h"

#include "text/plain.h"
#include "text/utf8.h"

#include <stdint.h>
#include <string.h>

static void append_hex(struct buf *b, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	const char text[] = {'\\', 'x', digits[c >> 4], digits[c & 15]};

	buf_append(b, text, sizeof(text));
}

void escape_append(struct buf *b, struct slice bytes)
{
	const char *p, *end, *run;

	if (plain_all(bytes.ptr, bytes.len)) {
		buf_append_slice(b, bytes);
		return;
	}
	p = run = bytes.ptr;
	end = p + bytes.len;
	buf_reserve(b, bytes.len);
	while (p < end) {
		unsigned char c;

		p = plain_skip(p, end, 0x7f);
		if (p == end)
			break;
		c = (unsigned char)*p;
		if (c >= 0x80) {
			unsigned n = utf8_sequence(p, end);

			if (n) {
				p += n;
				continue;
			}
		} else if (c >= 0x20 && c != '\\' && c != 0x7f) {
			p++;
			continue;
		}
		buf_append(b, run, (size_t)(p - run));
		run = ++p;
		if (c == '\\')
			buf_append(b, "\\\\", 2);
		else if (c == '\t')
			buf_append(b, "\\t", 2);
		else if (c == '\n')
			buf_append(b, "\\n", 2);
		else if (c == '\r')
			buf_append(b, "\\r", 2);
		else
			append_hex(b, c);
	}
	buf_append(b, run, (size_t)(p - run));
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* The byte of the escape at p (a backslash) and its length; 0 when it is malformed. */
static unsigned read_escape(const char *p, const char *end, char *byte)
{
	if (end - p < 2)
		return 0;
	switch (p[1]) {
	case '\\':
		*byte = '\\';
		return 2;
	case 't':
		*byte = '\t';
		return 2;
	case 'n':
		*byte = '\n';
		return 2;
	case 'r':
		*byte = '\r';
		return 2;
	case 'x':
		if (end - p < 4 || hex_digit(p[2]) < 0 || hex_digit(p[3]) < 0)
			return 0;
		*byte = (char)(hex_digit(p[2]) << 4 | hex_digit(p[3]));
		return 4;
	default:
		return 0;
	}
}

int unescape_append(struct buf *b, struct slice field, size_t *at)
{
	const char *p, *end;

	if (field.len == 0)
		return 0;
	p = field.ptr;
	end = p + field.len;
	buf_reserve(b, field.len);
	while (p < end) {
		const char *backslash = memchr(p, '\\', (size_t)(end - p));
		unsigned n;

		if (!backslash)
			backslash = end;
		buf_append(b, p, (size_t)(backslash - p));
		p = backslash;
		if (p == end)
			break;
		n = read_escape(p, end, b->ptr + b->len);
		if (n == 0) {
			*at = (size_t)(p - field.ptr);
			return -1;
		}
		b->len++;
		p += n;
	}
	return 0;
}

/* Looks at the bytes from *p to stop one by one; false where one is bad, *p then being there. */
static bool scan_bytes(const char **p, const char *stop, const char *end, bool *backslash)
{
	while (*p < stop) {
		unsigned char c = (unsigned char)**p;
		unsigned n = 1;

		if (c == '\\')
			*backslash = true;
		else if (c >= 0x80)
			n = utf8_sequence(*p, end);
		else if ((c < 0x20 && c != '\t') || c == 0x7f)
			n = 0;
		if (n == 0)
			return false;
		*p += n;
	}
	return true;
}

void escape_scan(struct slice line, struct escape_scan *scan)
{
	const char *p, *end;

	*scan = (struct escape_scan){.sound = true};
	if (line.len < PLAIN_BLOCK && plain_all(line.ptr, line.len))
		return;
	p = line.ptr;
	end = p + line.len;
	while (p < end) {
		const char *stop;

		p = plain_skip_fields(p, end);
		stop = end - p > PLAIN_BLOCK ? p + PLAIN_BLOCK : end;
		if (!scan_bytes(&p, stop, end, &scan->backslash)) {
			scan->sound = false;
			scan->bad_at = (size_t)(p - line.ptr);
			return;
		}
	}
}

void escape_append_line(struct buf *b, struct slice line)
{
	while (line.len) {
		struct escape_scan scan;

		escape_scan(line, &scan);
		if (scan.sound)
			break;
		buf_append(b, line.ptr, scan.bad_at);
		append_hex(b, (unsigned char)line.ptr[scan.bad_at]);
		line.ptr += scan.bad_at + 1;
		line.len -= scan.bad_at + 1;
	}
	buf_append_slice(b, line);
}
