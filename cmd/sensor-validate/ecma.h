/*
 * ecma: regular expressions of ECMA-262, rewritten where PCRE2 has no option to agree with them.
 *
 *   \s \S        the white space and line ends of Unicode, not of ASCII only
 *   \p{Letter}   general categories by their long names, and after gc= (\P likewise)
 *   [[:x]        '[' in a class stands for itself
 */
#ifndef SENSOR_VALIDATE_ECMA_H
#define SENSOR_VALIDATE_ECMA_H

#include "base/buf.h"

/* Appends the rewritten expression, which is as broken as the given one. */
void ecma_append(struct buf *out, struct slice regex);

#endif
