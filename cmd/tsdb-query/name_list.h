/*
 * name_list: names as an operator writes them, for a condition of SQL.
 *
 * In a name `*` stands for any characters, `?` for one, and a backslash takes
 * its meaning from the character after it. Names without wildcards are
 * compared as a whole, which an index can do; the others become patterns of LIKE.
 * No I/O.
 */
#ifndef TSDB_QUERY_NAME_LIST_H
#define TSDB_QUERY_NAME_LIST_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { NAME_LIST_MAX = 1000 }; /* names in a list */

struct name_list {
	size_t count;
	const char *names[NAME_LIST_MAX]; /* as written; not owned */
};

/* NULL, or why the name cannot be taken: a static text. */
const char *name_list_add(struct name_list *list, const char *name);

bool name_is_pattern(const char *name);

/* Appends the name without its escapes, or as a pattern of LIKE. */
void name_append_plain(struct buf *out, const char *name);
void name_append_like(struct buf *out, const char *name);

/* Which names of a list, in which form. */
enum name_form {
	NAMES_PLAIN,    /* those without wildcards, their escapes taken away */
	NAMES_PATTERNS, /* those with wildcards, as patterns of LIKE with its default escape */
	NAMES_ALL,      /* all, as such patterns */
};

/* Appends the text of an array of text[]; returns how many names are in it. */
size_t name_list_append_array(struct buf *out, const struct name_list *list, enum name_form form);

#endif
