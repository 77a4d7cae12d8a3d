#include "base/msg.h"

#define uthash_fatal(text) msg_die(EX_OSERR, "%s", text)

#include "schema.h"

#include "memory.h"

#include <stdlib.h>

struct schema *schema_new(void)
{
	struct schema *s = memory_zeroed(1, sizeof(*s));

	s->max_properties = UINT64_MAX;
	s->max_age = s->max_future = INT64_MAX;
	return s;
}

static void literals_free(struct literals *l)
{
	for (size_t i = 0; i < l->count; i++)
		free((char *)l->items[i].string.ptr);
	free(l->items);
	free(l->text);
}

static void value_schema_free(struct value_schema *v)
{
	literals_free(&v->constant);
	literals_free(&v->enumeration);
	pattern_free(v->pattern);
	free(v->pattern_text);
	free(v->type_text);
}

void schema_free(struct schema *s)
{
	struct property *p, *next;

	if (!s)
		return;
	p = s->properties;
	HASH_CLEAR(hh, s->properties); /* the table; its elements are still linked */
	for (; p; p = next) {
		next = p->hh.next;
		value_schema_free(&p->value);
		free((char *)p->name.ptr);
		free(p);
	}
	value_schema_free(&s->additional);
	free(s->required);
	free(s->dependencies);
	free(s);
}

struct property *schema_find(const struct schema *s, struct slice name)
{
	struct property *p;

	HASH_FIND(hh, s->properties, name.ptr, name.len, p);
	return p;
}

struct property *schema_property(struct schema *s, struct slice name)
{
	struct property *p = schema_find(s, name);

	if (p)
		return p;
	p = memory_zeroed(1, sizeof(*p));
	p->name = (struct slice){memory_copy(name), name.len};
	HASH_ADD_KEYPTR(hh, s->properties, p->name.ptr, p->name.len, p);
	return p;
}
