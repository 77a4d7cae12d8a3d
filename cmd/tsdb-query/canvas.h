/*
 * canvas: lines drawn with characters.
 *
 * A character is 2 dots wide and 4 high (the Braille patterns of Unicode,
 * U+2800 to U+28FF); dots count from the upper left. Of each character the
 * canvas knows, too, which line came last to it. No I/O.
 */
#ifndef TSDB_QUERY_CANVAS_H
#define TSDB_QUERY_CANVAS_H

#include "base/buf.h"

#include <stddef.h>

enum {
	CANVAS_WIDTH_MAX = 1000, /* characters */
	CANVAS_HEIGHT_MAX = 500,
	CANVAS_DOTS_ACROSS = 2,
	CANVAS_DOTS_DOWN = 4,
};

struct canvas {
	size_t width, height;  /* characters */
	unsigned char *dots;   /* of each character, as its low eight bits say in Unicode */
	unsigned char *owners; /* 1 + the line that came last; 0: none */
};

void canvas_init(struct canvas *c, size_t width, size_t height);
void canvas_free(struct canvas *c);

/* Draws from dot to dot, both within the canvas. */
void canvas_line(struct canvas *c, long x0, long y0, long x1, long y1, unsigned char line);

/* Appends the character at a place: a pattern of dots, or a space. */
void canvas_append(struct buf *b, const struct canvas *c, size_t column, size_t row);

/* 1 + the line that was last at a place; 0: none. */
unsigned canvas_owner(const struct canvas *c, size_t column, size_t row);

#endif
