#include "base/msg.h"

#define uthash_fatal(text) msg_die(EX_OSERR, "%s", text)

#include "schema.h"

#include "memory.h"

#include <stdlib.h>

struct schema *schema_new(void)
{
	struct schema *s = memory_zeroed(1, sizeof(*s));

	s->age = s->future = (struct qartod_spans){INT64_MAX, INT64_MAX};
	s->order = (struct order_rules){false, INT64_MAX, QUALITY_GOOD, QUALITY_GOOD};
	return s;
}

/* What is not in the schema's memory: patterns and tables. */
static void release(struct value_schema *v)
{
	struct property *p;

	pattern_free(v->pattern);
	if (!v->object)
		return;
	release(&v->object->additional);
	p = v->object->properties;
	HASH_CLEAR(hh, v->object->properties); /* the table; its elements are still linked */
	for (; p; p = p->hh.next)
		release(&p->value);
}

void schema_free(struct schema *s)
{
	if (!s)
		return;
	release(&s->root);
	json_tree_free(&s->tree);
	pool_free(&s->pool);
	free(s);
}

struct object_schema *schema_object(struct schema *s, struct value_schema *v)
{
	if (!v->object) {
		v->object = pool_zeroed(&s->pool, 1, sizeof(*v->object));
		v->object->max_properties = UINT64_MAX;
	}
	return v->object;
}

struct property *schema_find(const struct object_schema *o, struct slice name)
{
	struct property *p;

	HASH_FIND(hh, o->properties, name.ptr, name.len, p);
	return p;
}

struct property *schema_property(struct schema *s, struct object_schema *o, struct slice name)
{
	struct property *p = schema_find(o, name);

	if (p)
		return p;
	p = pool_zeroed(&s->pool, 1, sizeof(*p));
	p->name = name;
	HASH_ADD_KEYPTR(hh, o->properties, p->name.ptr, p->name.len, p);
	return p;
}
