#include "screen.h"

#include <string.h>

#define HOME       "\x1b[H"
#define CLEAR_LINE "\x1b[K" /* from here on */
#define CLEAR_REST "\x1b[J"
#define WRAP_OFF   "\x1b[?7l"
#define WRAP_ON    "\x1b[?7h"

static size_t count_lines(struct slice page)
{
	size_t lines = 0;

	for (size_t i = 0; i < page.len; i++)
		lines += page.ptr[i] == '\n';
	return lines;
}

static void append_lines(struct buf *out, struct slice page, size_t lines)
{
	while (lines-- > 0) {
		size_t len = (size_t)((const char *)memchr(page.ptr, '\n', page.len) - page.ptr);

		buf_append(out, page.ptr, len);
		buf_append_string(out, CLEAR_LINE "\n");
		page.ptr += len + 1;
		page.len -= len + 1;
	}
}

void screen_append(struct buf *out, struct slice page, unsigned rows)
{
	size_t lines = count_lines(page), shown = lines;

	/* The row below the last line is where the cursor is left. */
	if (rows > 0 && lines >= rows)
		shown = rows > 2 ? rows - 2 : 0;
	buf_append_string(out, HOME WRAP_OFF);
	append_lines(out, page, shown);
	if (shown < lines)
		buf_printf(out, "... %zu more lines" CLEAR_LINE "\n", lines - shown);
	buf_append_string(out, CLEAR_REST WRAP_ON);
}
