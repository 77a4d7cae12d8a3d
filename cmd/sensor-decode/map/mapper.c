#include "map/mapper.h"

#include "base/msg.h"
#include "decode_text.h"
#include "map/map_pointer.h"
#include "map/map_take.h"
#include "json/json_verdict.h"

#include <stdlib.h>

struct mapper *mapper_new(void)
{
	struct mapper *m = calloc(1, sizeof(*m));

	if (!m)
		msg_die(EX_OSERR, "out of memory");
	return m;
}

void mapper_free(struct mapper *m)
{
	if (!m)
		return;
	name_set_free(&m->whole.names);
	name_set_free(&m->element.names);
	buf_free(&m->key);
	buf_free(&m->text);
	for (size_t i = 0; i < sizeof(m->kept) / sizeof(m->kept[0]); i++)
		buf_free(&m->kept[i]);
	free(m);
}

static void begin_scope(struct map_found *found, const struct map_scope *scope)
{
	found->scope = scope;
	for (unsigned i = 0; i < scope->slots; i++)
		found->values[i].token = JSON_END;
	name_set_clear(&found->names);
}

/* ---- the walk ---- */

static int fail_syntax(struct mapper *m)
{
	return fault_set(m->p->fault, FAULT_BAD_JSON, "offset %zu: %s", m->json.error_at,
	                 m->json.error);
}

/* Where the token last given stands. */
static size_t offset(const struct mapper *m)
{
	return (size_t)(m->json.text.ptr - m->json.start);
}

static int check_depth(struct mapper *m)
{
	unsigned most = m->p->options->json.max_depth;

	if (m->json.depth <= most)
		return 0;
	return fault_set(m->p->fault, FAULT_TOO_DEEP, "offset %zu: nested over %u deep", offset(m),
	                 most);
}

/* The name last given is good, and the first of its kind in the object. */
static int note_name(struct mapper *m, struct map_found *found, uint32_t object, struct slice name)
{
	if (m->json.escaped && name.len && memchr(name.ptr, '\0', name.len))
		return fault_set(m->p->fault, FAULT_NUL, "offset %zu: a name with a NUL in it",
		                 offset(m) - 1);
	buf_clear(&m->key);
	buf_append(&m->key, &object, sizeof(object));
	buf_append_slice(&m->key, name);
	switch (name_set_add(&found->names, buf_slice(&m->key))) {
	case NAME_NEW:
		return 0;
	case NAME_TWICE:
		return fault_set(m->p->fault, FAULT_DUPLICATE_NAME,
		                 "offset %zu: '%.*s' is there twice", offset(m) - 1,
		                 SLICE_ARG(name));
	case NAME_FULL:
		break;
	}
	return fault_set(m->p->fault, FAULT_TOO_MANY_METRICS, "more than %d names", NAME_SET_MAX);
}

static int walk_value(struct mapper *m, struct map_found *found, uint32_t node,
                      enum json_token token);

static int walk_object(struct mapper *m, struct map_found *found, uint32_t node)
{
	uint32_t object = ++m->objects;
	enum json_token token;

	while ((token = json_next(&m->json)) == JSON_NAME) {
		const struct json_value own = json_value_of(&m->json, token);
		struct slice name = json_value_string(&own, m->p->scratch);
		uint32_t child;

		if (note_name(m, found, object, name) < 0)
			return -1;
		child = map_pointer_member(m->map, node, name);
		if (walk_value(m, found, child, json_next(&m->json)) < 0)
			return -1;
	}
	return token == JSON_OBJECT_END ? 0 : fail_syntax(m);
}

static int walk_element(struct mapper *m, enum json_token token)
{
	const struct map_scope *scope = &m->rule->each;

	begin_scope(&m->element, scope);
	if (walk_value(m, &m->element, scope->root, token) < 0)
		return -1;
	return map_take_element(m);
}

static int walk_array(struct mapper *m, struct map_found *found, uint32_t node)
{
	bool elements = map_node(m->map, node)->elements;
	enum json_token token;
	size_t index = 0;
	int walked;

	while ((token = json_next(&m->json)) != JSON_ARRAY_END) {
		if (token == JSON_ERROR)
			return fail_syntax(m);
		walked = elements
		             ? walk_element(m, token)
		             : walk_value(m, found, map_pointer_item(m->map, node, index), token);
		if (walked < 0)
			return -1;
		index++;
	}
	return 0;
}

/* A value whose token was just given, to its end; no pointer goes to node 0, nor beyond it. */
static int walk_value(struct mapper *m, struct map_found *found, uint32_t node,
                      enum json_token token)
{
	const struct map_node *at = map_node(m->map, node);
	struct json_value value = json_value_of(&m->json, token);
	bool container = token == JSON_OBJECT || token == JSON_ARRAY;

	if (token == JSON_ERROR)
		return fail_syntax(m);
	if (container) {
		if (check_depth(m) < 0 || (token == JSON_OBJECT ? walk_object(m, found, node)
		                                                : walk_array(m, found, node)) < 0)
			return -1;
		value.text.len = (size_t)(m->json.pos - value.text.ptr);
	}
	/* A container on the way to other values is not one that is wanted. */
	if (at->slot != MAP_NO_SLOT && (!container || !at->child || at->members))
		found->values[at->slot] = value;
	return 0;
}

/* ---- payloads ---- */

static int walk_json(struct mapper *m)
{
	json_init(&m->json, m->p->bytes, m->p->options->json.max_depth + 1);
	if (walk_value(m, &m->whole, m->rule->whole.root, json_next(&m->json)) < 0)
		return -1;
	return json_next(&m->json) == JSON_END ? 0 : fail_syntax(m);
}

static int walk_text(struct mapper *m)
{
	uint16_t slot = map_node(m->map, m->rule->whole.root)->slot;
	struct json_value value;

	if (decode_text_value(m->p, &m->text, &value) < 0)
		return -1;
	if (slot != MAP_NO_SLOT)
		m->whole.values[slot] = value;
	return 0;
}

int mapper_decode(struct mapper *m, const struct map *map, const struct map_rule *rule,
                  struct payload *p)
{
	bool json = p->type.format == FORMAT_JSON;

	m->map = map;
	m->rule = rule;
	m->p = p;
	m->objects = 0;
	begin_scope(&m->whole, &rule->whole);
	if ((json ? walk_json(m) : walk_text(m)) < 0 || map_take_whole(m) < 0)
		return json ? json_verdict(p) : -1;
	return 0;
}
