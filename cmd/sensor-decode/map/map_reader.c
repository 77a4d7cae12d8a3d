#include "map/map_reader.h"

#include <stdarg.h>
#include <stdio.h>

int map_reader_fail(struct map_reader *r, const char *format, ...)
{
	char what[512];
	va_list args;

	if (r->error->len > 0)
		return -1;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	buf_printf(r->error, "#%.*s: %s", SLICE_ARG(buf_slice(&r->place)), what);
	return -1;
}

int map_reader_syntax(struct map_reader *r)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < r->json.error_at; i++) {
		column++;
		if (r->text.ptr[i] == '\n') {
			line++;
			column = 1;
		}
	}
	if (r->error->len == 0)
		buf_printf(r->error, ":%zu:%zu: %s", line, column, r->json.error);
	return -1;
}

/* ---- the place ---- */

/* Steps into a member or an item; gives what to set the length back to. */
static size_t enter(struct map_reader *r, struct slice token)
{
	size_t before = r->place.len;

	buf_putc(&r->place, '/');
	for (size_t i = 0; i < token.len; i++) {
		if (token.ptr[i] == '~')
			buf_append_string(&r->place, "~0");
		else if (token.ptr[i] == '/')
			buf_append_string(&r->place, "~1");
		else
			buf_putc(&r->place, token.ptr[i]);
	}
	return before;
}

static size_t enter_item(struct map_reader *r, size_t index)
{
	size_t before = r->place.len;

	buf_printf(&r->place, "/%zu", index);
	return before;
}

/* ---- strings ---- */

/* The string or name last given, for good. */
static int keep(struct map_reader *r, struct slice *text)
{
	struct buf *texts = &r->map->texts;
	size_t start = texts->len;

	*text = r->json.text;
	if (!r->json.escaped)
		return 0;
	json_unescape(r->json.text, texts);
	*text = (struct slice){texts->ptr + start, texts->len - start};
	if (text->len && memchr(text->ptr, '\0', text->len))
		return map_reader_fail(r, "a NUL in a string");
	return 0;
}

int map_reader_string(struct map_reader *r, enum json_token token, struct slice *text)
{
	if (token != JSON_STRING)
		return map_reader_fail(r, "must be a string");
	return keep(r, text);
}

int map_reader_bool(struct map_reader *r, enum json_token token, bool *value)
{
	if (token != JSON_TRUE && token != JSON_FALSE)
		return map_reader_fail(r, "must be true or false");
	*value = token == JSON_TRUE;
	return 0;
}

/* ---- containers ---- */

/* The value of the member whose name was just given. */
static int read_member(struct map_reader *r, map_read_value *read, void *into)
{
	enum json_token token = json_next(&r->json);

	return token == JSON_ERROR ? map_reader_syntax(r) : read(r, token, into);
}

static int read_known(struct map_reader *r, const struct map_key *keys, unsigned *given)
{
	unsigned i = 0;

	if (keep(r, &r->name) < 0)
		return -1;
	while (keys[i].name && !slice_is(r->name, keys[i].name))
		i++;
	if (!keys[i].name)
		return map_reader_fail(r, "no key '%.*s' is known here", SLICE_ARG(r->name));
	if (*given >> i & 1)
		return map_reader_fail(r, "the key '%s' is given twice", keys[i].name);
	*given |= 1U << i;
	return 0;
}

static map_read_value *reader_of(const struct map_key *keys, struct slice name)
{
	while (!slice_is(name, keys->name))
		keys++;
	return keys->read;
}

int map_reader_object(struct map_reader *r, enum json_token token, const struct map_key *keys,
                      void *into, unsigned *given)
{
	*given = 0;
	if (token != JSON_OBJECT)
		return map_reader_fail(r, "must be an object");
	while ((token = json_next(&r->json)) == JSON_NAME) {
		size_t before;

		if (read_known(r, keys, given) < 0)
			return -1;
		before = enter(r, r->name);
		if (read_member(r, reader_of(keys, r->name), into) < 0)
			return -1;
		r->place.len = before;
	}
	return token == JSON_ERROR ? map_reader_syntax(r) : 0;
}

int map_reader_each(struct map_reader *r, enum json_token token, enum json_token container,
                    map_read_value *read, void *into)
{
	enum json_token end = container == JSON_OBJECT ? JSON_OBJECT_END : JSON_ARRAY_END;
	size_t index = 0;

	if (token != container)
		return map_reader_fail(r, container == JSON_OBJECT ? "must be an object"
		                                                   : "must be an array");
	while ((token = json_next(&r->json)) != end) {
		size_t before;

		if (token == JSON_ERROR)
			return map_reader_syntax(r);
		if (token == JSON_NAME && keep(r, &r->name) < 0)
			return -1;
		before = token == JSON_NAME ? enter(r, r->name) : enter_item(r, index++);
		if ((token == JSON_NAME ? read_member(r, read, into) : read(r, token, into)) < 0)
			return -1;
		r->place.len = before;
	}
	return 0;
}
