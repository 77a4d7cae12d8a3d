#include "sample_line.h"

#include <stdlib.h>

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

static struct slice cut(struct slice *s, size_t len)
{
	struct slice front = {s->ptr, len};

	s->ptr += len;
	s->len -= len;
	return front;
}

static bool cut_char(struct slice *s, char c)
{
	if (s->len == 0 || *s->ptr != c)
		return false;
	cut(s, 1);
	return true;
}

/* The name of a metric or label; empty where there is none. */
static struct slice cut_name(struct slice *s)
{
	size_t len = 0;

	while (len < s->len &&
	       (is_letter(s->ptr[len]) || (len > 0 && s->ptr[len] >= '0' && s->ptr[len] <= '9')))
		len++;
	return cut(s, len);
}

/* Behind its first quote: a value with the escapes \\ \" \n, and its last quote. */
static bool cut_quoted(struct slice *s)
{
	for (size_t i = 0; i < s->len; i++) {
		if (s->ptr[i] == '"') {
			cut(s, i + 1);
			return true;
		}
		if (s->ptr[i] == '\\' && (++i == s->len || !strchr("\\\"n", s->ptr[i])))
			return false;
	}
	return false;
}

/* Behind '{': name="value",... and '}', which the labels do not have, nor a last comma. */
static bool cut_labels(struct slice *s, struct sample_line *parsed)
{
	const char *begin = s->ptr;

	parsed->labels = (struct slice){begin, 0};
	while (!cut_char(s, '}')) {
		struct slice name = cut_name(s);

		parsed->names_worker |= slice_is(name, "worker");
		if (name.len == 0 || !cut_char(s, '=') || !cut_char(s, '"') || !cut_quoted(s))
			return false;
		parsed->labels.len = (size_t)(s->ptr - begin);
		if (!cut_char(s, ',') && (s->len == 0 || *s->ptr != '}'))
			return false;
	}
	return true;
}

/* A number of the format, and the end of the line. */
static bool is_value(struct slice s)
{
	char text[64], *end;
	size_t len = s.len - 1;

	if (s.len < 2 || len >= sizeof(text))
		return false;
	memcpy(text, s.ptr, len);
	text[len] = '\0';
	if (strspn(text, "0123456789+-.eEInfNa") != len)
		return false;
	strtod(text, &end);
	return end == text + len;
}

/* name{labels} value */
static bool parse_sample(struct slice rest, struct sample_line *parsed)
{
	parsed->kind = LINE_SAMPLE;
	parsed->labels = (struct slice){NULL, 0};
	parsed->names_worker = false;
	parsed->name = cut_name(&rest);
	if (parsed->name.len == 0)
		return false;
	if (cut_char(&rest, '{') && !cut_labels(&rest, parsed))
		return false;
	if (!cut_char(&rest, ' '))
		return false;
	parsed->value = rest;
	return is_value(rest);
}

bool sample_line_parse(struct slice line, struct sample_line *parsed)
{
	struct slice rest = line;

	parsed->all = line;
	if (slice_starts_with(line, SLICE("# HELP "))) {
		parsed->kind = LINE_HELP;
	} else if (slice_starts_with(line, SLICE("# TYPE "))) {
		parsed->kind = LINE_TYPE;
	} else if (line.ptr[0] == '#' || line.len == 1) {
		parsed->kind = LINE_NOTHING;
		return true;
	} else {
		return parse_sample(line, parsed);
	}
	cut(&rest, strlen("# HELP "));
	parsed->name = cut_name(&rest);
	return parsed->name.len > 0 && (*rest.ptr == ' ' || *rest.ptr == '\n');
}
