/*
 * json: a strict pull parser for JSON (RFC 8259), without allocation.
 *
 * json_next() gives one token at a time. Nothing outside the grammar is
 * accepted: the text must be valid UTF-8 without a byte order mark, strings
 * have no raw control characters, escapes form whole code points (a lone
 * surrogate is an error), numbers have no leading zero or bare point, and
 * nothing but white space follows the value. Nesting beyond max_depth is an
 * error. Names are not compared with each other: duplicates are the caller's
 * to find.
 *
 * Tokens are slices of the text. Strings and names are given raw, without
 * their quotes; json_unescape() turns a raw string whose `escaped` flag is set
 * into its bytes. Numbers are given as written (text/number.h reads them).
 */
#ifndef SENSORPIPE_JSON_H
#define SENSORPIPE_JSON_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

enum { JSON_DEPTH_MAX = 512 };

enum json_token {
	JSON_ERROR, /* error and error_at tell; every later call gives JSON_ERROR again */
	JSON_END,   /* the value is complete and nothing follows */
	JSON_OBJECT,
	JSON_OBJECT_END,
	JSON_ARRAY,
	JSON_ARRAY_END,
	JSON_NAME, /* the name of a member; its value follows */
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

struct json {
	/* Of the last token. */
	struct slice text; /* name, string (without quotes), number, or the literal */
	bool escaped;      /* name or string with a backslash in it */
	bool exponent;     /* number with an exponent */

	const char *error; /* what is wrong, a static text */
	size_t error_at;   /* byte offset of it from the start of the text */
	unsigned depth;    /* containers open after the last token */

	/* Private. */
	const char *start, *pos, *end;
	unsigned max_depth;
	unsigned expect;
	unsigned char in_object[JSON_DEPTH_MAX / 8];
};

/* `max_depth` is 1 to JSON_DEPTH_MAX containers. The text must outlive the parser. */
void json_init(struct json *j, struct slice text, unsigned max_depth);

enum json_token json_next(struct json *j);

/* Skips what is left of the value whose first token `token` was just given (nothing for a scalar).
 * Returns 0, or -1 on an error in the text. */
int json_skip(struct json *j, enum json_token token);

/* Whether a whole text follows the grammar, however deeply it is nested: returns 0, or -1 with the
 * error set. `stack` is cleared, and takes a bit for each level beyond JSON_DEPTH_MAX. */
int json_check(struct json *j, struct slice text, struct buf *stack);

/* Byte offset at which the next token is looked for. */
size_t json_offset(const struct json *j);

/* Appends the bytes a raw string (as given by json_next) stands for. */
void json_unescape(struct slice raw, struct buf *out);

/* Appends text as a JSON string with its quotes; `text` must be valid UTF-8. */
void json_append_string(struct buf *out, struct slice text);

#endif
