#include "map/map_pointer.h"

/* Returns its number. */
static uint32_t add_node(struct map *map, struct map_node node)
{
	buf_append(&map->nodes, &node, sizeof(node));
	return (uint32_t)(map->nodes.len / sizeof(node)) - 1;
}

uint32_t map_pointer_root(struct map *map)
{
	const struct map_node none = {.slot = MAP_NO_SLOT, .index = -1};

	if (map->nodes.len == 0)
		add_node(map, none); /* number 0 */
	return add_node(map, none);
}

/* A token as the position in an array: 0, or digits of which the first is not 0. */
static int64_t read_index(struct slice token)
{
	enum { DIGITS_MAX = 9 };
	int64_t index = 0;

	if (token.len == 0 || token.len > DIGITS_MAX || (*token.ptr == '0' && token.len > 1))
		return -1;
	for (size_t i = 0; i < token.len; i++) {
		if (token.ptr[i] < '0' || token.ptr[i] > '9')
			return -1;
		index = index * 10 + (token.ptr[i] - '0');
	}
	return index;
}

/* Resolves ~0 and ~1. */
static const char *unescape(struct map *map, struct slice *token)
{
	const char *p = token->ptr, *end = p + token->len;
	size_t start = map->texts.len;

	if (token->len == 0 || !memchr(p, '~', token->len))
		return NULL;
	for (; p < end; p++) {
		if (*p != '~') {
			buf_putc(&map->texts, *p);
			continue;
		}
		if (++p == end || (*p != '0' && *p != '1'))
			return "is no JSON pointer: '~' stands only in ~0 and ~1";
		buf_putc(&map->texts, *p == '0' ? '~' : '/');
	}
	*token = (struct slice){map->texts.ptr + start, map->texts.len - start};
	return NULL;
}

uint32_t map_pointer_member(const struct map *map, uint32_t node, struct slice name)
{
	uint32_t child = map_node(map, node)->child;

	while (child && !slice_equal(map_node(map, child)->token, name))
		child = map_node(map, child)->next;
	return child;
}

uint32_t map_pointer_item(const struct map *map, uint32_t node, size_t index)
{
	uint32_t child = map_node(map, node)->child;

	while (child && map_node(map, child)->index != (int64_t)index)
		child = map_node(map, child)->next;
	return child;
}

static uint32_t step(struct map *map, uint32_t node, struct slice token)
{
	uint32_t child = map_pointer_member(map, node, token);

	if (child)
		return child;
	child = add_node(map, (struct map_node){.token = token,
	                                        .index = read_index(token),
	                                        .next = map_node(map, node)->child,
	                                        .slot = MAP_NO_SLOT});
	map_node(map, node)->child = child;
	return child;
}

uint32_t map_pointer_add(struct map *map, uint32_t root, struct slice pointer, const char **fault)
{
	uint32_t node = root;

	*fault = NULL;
	while (pointer.len > 0) {
		const char *slash;
		struct slice token;

		if (*pointer.ptr != '/') {
			*fault = "is no JSON pointer: it is neither empty nor starts with '/'";
			return 0;
		}
		pointer.ptr++;
		pointer.len--;
		slash = pointer.len ? memchr(pointer.ptr, '/', pointer.len) : NULL;
		token = pointer;
		if (slash)
			token.len = (size_t)(slash - pointer.ptr);
		pointer.ptr += token.len;
		pointer.len -= token.len;
		*fault = unescape(map, &token);
		if (*fault)
			return 0;
		node = step(map, node, token);
	}
	return node;
}

const char *map_pointer_want(struct map *map, struct map_scope *scope, struct slice pointer,
                             struct map_pointer *p)
{
	const char *fault;
	uint32_t node = map_pointer_add(map, scope->root, pointer, &fault);

	if (!node)
		return fault;
	if (map_node(map, node)->slot == MAP_NO_SLOT) {
		if (scope->slots == MAP_POINTERS_MAX)
			return "is one pointer too many";
		map_node(map, node)->slot = scope->slots++;
	}
	*p = (struct map_pointer){true, pointer, map_node(map, node)->slot, node};
	return NULL;
}

/* Adds the names of the values at and below a node, `path` being that of the node. */
static void add_names(struct map *map, uint32_t node, struct buf *path)
{
	for (uint32_t child = map_node(map, node)->child; child;
	     child = map_node(map, child)->next) {
		const struct map_node *c = map_node(map, child);
		size_t before = path->len;

		if (before > 0)
			buf_putc(path, '.');
		buf_append_slice(path, c->token);
		if (c->slot != MAP_NO_SLOT) {
			struct slice name = {map->texts.ptr + map->texts.len, path->len};

			buf_append_slice(&map->texts, buf_slice(path));
			buf_append(&map->except, &name, sizeof(name));
		}
		add_names(map, child, path);
		path->len = before;
	}
}

void map_pointer_except(struct map *map, struct map_scope *scope)
{
	struct buf path = {0};

	scope->except.first = (uint32_t)(map->except.len / sizeof(struct slice));
	add_names(map, scope->members.node, &path);
	scope->except.count = (uint32_t)(map->except.len / sizeof(struct slice)) -
	                      scope->except.first;
	buf_free(&path);
}
