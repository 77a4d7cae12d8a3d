#include "compile.h"

#include "keywords.h"

struct schema *schema_compile(struct slice text, enum schema_use use, struct faults *faults)
{
	unsigned before = faults->count;
	struct schema *s = schema_new();
	struct compiler compiler = {s, use, faults};
	const struct json_value *root;

	text = pool_copy(&s->pool, text);
	s->file = pool_copy(&s->pool, slice_of(faults->file));
	root = json_tree_parse(&s->tree, text, SCHEMA_DEPTH_MAX, SCHEMA_MEMBERS_MAX);
	if (root)
		keywords_read(&compiler, &s->root, AT_READING, root);
	else
		faults_add_at(faults, text, s->tree.fault_at, s->tree.fault);
	if (s->has_stream)
		schema_object(s, &s->root);
	if (faults->count == before)
		return s;
	schema_free(s);
	return NULL;
}
