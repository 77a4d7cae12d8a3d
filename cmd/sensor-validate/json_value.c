#include "json_value.h"

#include "text/number.h"

#include <stdlib.h>

struct parser {
	struct json json;
	struct json_tree *tree;
	const char *start;
	size_t members, values;
};

static void *fail(struct parser *p, const char *at, const char *what)
{
	p->tree->fault = what;
	p->tree->fault_at = (size_t)(at - p->start);
	return NULL;
}

/* What the name or string of the last token stands for. */
static struct slice unescaped(struct parser *p)
{
	struct json_tree *t = p->tree;

	if (!p->json.escaped)
		return p->json.text;
	buf_clear(&t->scratch);
	json_unescape(p->json.text, &t->scratch);
	return pool_copy(&t->pool, buf_slice(&t->scratch));
}

static int compare_names(const void *a, const void *b)
{
	struct slice x = (*(struct json_value *const *)a)->name;
	struct slice y = (*(struct json_value *const *)b)->name;
	size_t shorter = x.len < y.len ? x.len : y.len;
	int order = shorter ? memcmp(x.ptr, y.ptr, shorter) : 0;

	return order ? order : (x.len > y.len) - (x.len < y.len);
}

/* 0, or -1 when a name is given twice. */
static int sort_members(struct parser *p, struct json_value *object)
{
	size_t n = 0;

	object->sorted = pool_zeroed(&p->tree->pool, object->count, sizeof(struct json_value *));
	for (struct json_value *v = object->first; v; v = v->next)
		object->sorted[n++] = v;
	qsort(object->sorted, n, sizeof(struct json_value *), compare_names);
	for (size_t i = 1; i < n; i++) {
		const struct json_value *a = object->sorted[i - 1], *b = object->sorted[i];

		if (slice_equal(a->name, b->name)) {
			fail(p, a->text.ptr > b->text.ptr ? a->text.ptr : b->text.ptr,
			     "a name is given twice: this is its second value");
			return -1;
		}
	}
	return 0;
}

static struct json_value *parse_value(struct parser *p, enum json_token token);

static int parse_content(struct parser *p, struct json_value *container)
{
	struct json_value **link = &container->first;
	enum json_token token;

	while ((token = json_next(&p->json)) != JSON_OBJECT_END && token != JSON_ARRAY_END) {
		struct slice name = {0};

		if (token == JSON_NAME) {
			name = unescaped(p);
			token = json_next(&p->json);
		}
		*link = parse_value(p, token);
		if (!*link)
			return -1;
		(*link)->name = name;
		link = &(*link)->next;
		if (++container->count > p->members) {
			fail(p, container->text.ptr, "too many members in here");
			return -1;
		}
	}
	container->text.len = (size_t)(p->json.text.ptr + 1 - container->text.ptr);
	return container->kind == JSON_OBJECT ? sort_members(p, container) : 0;
}

/* The value whose first token was just given. */
static struct json_value *parse_value(struct parser *p, enum json_token token)
{
	struct json_value *v;

	if (token == JSON_ERROR)
		return fail(p, p->start + p->json.error_at, p->json.error);
	if (++p->values > JSON_VALUES_MAX)
		return fail(p, p->json.text.ptr, "more than 100000 values");
	v = pool_zeroed(&p->tree->pool, 1, sizeof(*v));
	v->kind = token;
	v->text = p->json.text;
	if (token == JSON_STRING) {
		v->string = unescaped(p);
		v->text = (struct slice){v->text.ptr - 1, v->text.len + 2};
	} else if (token == JSON_NUMBER && number_parse(v->text, &v->number) < 0) {
		return fail(p, v->text.ptr, "a number beyond the range of a double");
	} else if ((token == JSON_OBJECT || token == JSON_ARRAY) && parse_content(p, v) < 0) {
		return NULL;
	}
	return v;
}

struct json_value *json_tree_parse(struct json_tree *t, struct slice text, unsigned depth,
                                   size_t members)
{
	struct parser p = {.tree = t, .start = text.ptr, .members = members};
	struct json_value *root;

	pool_reset(&t->pool);
	json_init(&p.json, text, depth);
	root = parse_value(&p, json_next(&p.json));
	if (root && json_next(&p.json) != JSON_END)
		return fail(&p, text.ptr + p.json.error_at, p.json.error);
	return root;
}

void json_tree_free(struct json_tree *t)
{
	pool_free(&t->pool);
	buf_free(&t->scratch);
}

static bool items_equal(const struct json_value *a, const struct json_value *b)
{
	const struct json_value *x = a->first, *y = b->first;

	for (; x && y; x = x->next, y = y->next)
		if (!json_value_equal(x, y))
			return false;
	return x == y;
}

static bool members_equal(const struct json_value *a, const struct json_value *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (!slice_equal(a->sorted[i]->name, b->sorted[i]->name) ||
		    !json_value_equal(a->sorted[i], b->sorted[i]))
			return false;
	return true;
}

bool json_value_equal(const struct json_value *a, const struct json_value *b)
{
	if (a->kind != b->kind || a->count != b->count)
		return false;
	switch (a->kind) {
	case JSON_NUMBER:
		return exact_compare(json_value_exact(a), json_value_exact(b)) == 0;
	case JSON_STRING:
		return slice_equal(a->string, b->string);
	case JSON_ARRAY:
		return items_equal(a, b);
	case JSON_OBJECT:
		return members_equal(a, b);
	default:
		return true;
	}
}

void json_append_compact(struct buf *out, struct slice text)
{
	bool in_string = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!in_string && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
			continue;
		buf_putc(out, c);
		if (c == '"')
			in_string = !in_string;
		else if (in_string && c == '\\' && i + 1 < text.len)
			buf_putc(out, text.ptr[++i]);
	}
}
