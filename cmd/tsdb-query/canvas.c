#include "canvas.h"

#include "base/msg.h"
#include "text/utf8.h"

#include <stdlib.h>

void canvas_init(struct canvas *c, size_t width, size_t height)
{
	c->width = width;
	c->height = height;
	c->dots = calloc(width * height, 1);
	c->owners = calloc(width * height, 1);
	if (!c->dots || !c->owners)
		msg_die(EX_OSERR, "out of memory");
}

void canvas_free(struct canvas *c)
{
	free(c->dots);
	free(c->owners);
}

static void set(struct canvas *c, long x, long y, unsigned char line)
{
	/* The bits of U+2800 by row and column: Unicode standard, block Braille Patterns. */
	static const unsigned char bits[CANVAS_DOTS_DOWN][CANVAS_DOTS_ACROSS] = {
	    {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	size_t at = (size_t)(y / CANVAS_DOTS_DOWN) * c->width + (size_t)(x / CANVAS_DOTS_ACROSS);

	c->dots[at] |= bits[y % CANVAS_DOTS_DOWN][x % CANVAS_DOTS_ACROSS];
	c->owners[at] = (unsigned char)(line + 1);
}

/* J. E. Bresenham, "Algorithm for computer control of a digital plotter", 1965. */
void canvas_line(struct canvas *c, long x0, long y0, long x1, long y1, unsigned char line)
{
	long dx = labs(x1 - x0), dy = -labs(y1 - y0), error = dx + dy;
	long right = x0 < x1 ? 1 : -1, down = y0 < y1 ? 1 : -1;

	for (;;) {
		long twice = 2 * error;

		set(c, x0, y0, line);
		if (x0 == x1 && y0 == y1)
			return;
		if (twice >= dy) {
			error += dy;
			x0 += right;
		}
		if (twice <= dx) {
			error += dx;
			y0 += down;
		}
	}
}

void canvas_append(struct buf *b, const struct canvas *c, size_t column, size_t row)
{
	unsigned char dots = c->dots[row * c->width + column];

	buf_reserve(b, 4);
	b->len += utf8_encode(dots ? 0x2800U + dots : ' ', b->ptr + b->len);
}

unsigned canvas_owner(const struct canvas *c, size_t column, size_t row)
{
	return c->owners[row * c->width + column];
}
