/*
 * pattern: the regular expressions of the keyword "pattern", by PCRE2.
 *
 * The dialect is PCRE2's, set to agree with ECMA-262 where the two differ in
 * what schemas use: \uHHHH, [] and [^], '$' only at the very end, '.' not at a
 * line end, \d and \w for ASCII, \s for the white space of Unicode, long names
 * of categories (ecma.h). A pattern matches anywhere in the text unless
 * it is anchored.
 *
 * A search is bounded: no more than PATTERN_TEXT_MAX bytes, and PATTERN_STEPS
 * steps of backtracking shared out over the places where a match may start, so
 * that no pair of pattern and text can hold the stream up.
 */
#ifndef SENSOR_VALIDATE_PATTERN_H
#define SENSOR_VALIDATE_PATTERN_H

#include "base/slice.h"

enum {
	PATTERN_TEXT_MAX = 4096, /* bytes of a text that is searched */
	PATTERN_STEPS = 10 * 1000 * 1000,
	PATTERN_STACK_MAX = 512 * 1024, /* bytes, of the compiled code */
	PATTERN_HEAP_MAX = 8 * 1024,    /* KiB, where no code can be made (no JIT) */
};

enum pattern_result {
	PATTERN_FOUND,
	PATTERN_NOT_FOUND,
	PATTERN_LIMIT, /* given up at one of the bounds */
};

struct pattern;

/* `regex` must be valid UTF-8. NULL for a broken pattern; `why` (of `size` bytes) then tells. */
struct pattern *pattern_compile(struct slice regex, char *why, size_t size);
void pattern_free(struct pattern *p);

/* `text` must be valid UTF-8. Not to be called for one pattern by two threads at once. */
enum pattern_result pattern_search(const struct pattern *p, struct slice text);

#endif
