#include "name_list.h"

#include "text/utf8.h"

#include <string.h>

/* Takes one character of a name as written: *wild tells whether it is a wildcard. 0 at the end. */
static char take(const char **name, bool *wild)
{
	char c = **name;

	*wild = c == '*' || c == '?';
	if (c == '\0')
		return c;
	++*name;
	if (c == '\\' && **name != '\0')
		c = *(*name)++;
	return c;
}

const char *name_list_add(struct name_list *list, const char *name)
{
	if (name[0] == '\0')
		return "a name is not empty";
	if (!utf8_valid(slice_of(name)))
		return "not valid UTF-8";
	if (list->count == NAME_LIST_MAX)
		return "given more than 1000 times: use wildcards";
	list->names[list->count++] = name;
	return NULL;
}

bool name_is_pattern(const char *name)
{
	bool wild;

	while (take(&name, &wild) != '\0')
		if (wild)
			return true;
	return false;
}

void name_append_plain(struct buf *out, const char *name)
{
	bool wild;
	char c;

	while ((c = take(&name, &wild)) != '\0')
		buf_putc(out, c);
}

void name_append_like(struct buf *out, const char *name)
{
	bool wild;
	char c;

	while ((c = take(&name, &wild)) != '\0') {
		if (wild) {
			buf_putc(out, c == '*' ? '%' : '_');
			continue;
		}
		if (c == '%' || c == '_' || c == '\\')
			buf_putc(out, '\\');
		buf_putc(out, c);
	}
}

/* An element of an array in quotes: array_in() wants a backslash before two characters only. */
static void append_element(struct buf *out, struct slice text)
{
	buf_putc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buf_putc(out, '\\');
		buf_putc(out, text.ptr[i]);
	}
	buf_putc(out, '"');
}

size_t name_list_append_array(struct buf *out, const struct name_list *list, enum name_form form)
{
	struct buf text = {0};
	size_t count = 0;

	buf_putc(out, '{');
	for (size_t i = 0; i < list->count; i++) {
		const char *name = list->names[i];

		if (form != NAMES_ALL && name_is_pattern(name) != (form == NAMES_PATTERNS))
			continue;
		if (count++ > 0)
			buf_putc(out, ',');
		buf_clear(&text);
		if (form == NAMES_PLAIN)
			name_append_plain(&text, name);
		else
			name_append_like(&text, name);
		append_element(out, buf_slice(&text));
	}
	buf_putc(out, '}');
	buf_free(&text);
	return count;
}
