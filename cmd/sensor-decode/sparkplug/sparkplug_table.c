#include "base/msg.h"

/* uthash has no other way to tell that memory is out. */
#define uthash_fatal(text) msg_die(EX_OSERR, "out of memory")

#include "sparkplug/sparkplug_table.h"

#include "record/record.h"

#include <stdlib.h>

/* ---- the definitions of a source ---- */

static int compare_names(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.ptr, b.ptr, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int by_name(const void *a, const void *b)
{
	const struct sparkplug_definition *x = a, *y = b;

	return compare_names(x->name, y->name);
}

static int by_alias(const void *a, const void *b, void *definitions)
{
	const struct sparkplug_definition *all = definitions;
	uint64_t x = all[*(const uint32_t *)a].alias, y = all[*(const uint32_t *)b].alias;

	return (x > y) - (x < y);
}

static size_t bytes_of_names(const struct sparkplug_definition *definitions, size_t count)
{
	size_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += definitions[i].name.len;
	return bytes;
}

/* Copies what is sorted by name already. */
static struct sparkplug_source copy_definitions(const struct sparkplug_definition *definitions,
                                                size_t count)
{
	struct sparkplug_source s = {.born = true, .count = count};
	char *names;

	s.name_bytes = bytes_of_names(definitions, count);
	s.definitions = malloc(count * (sizeof(*definitions) + sizeof(*s.by_alias)) + s.name_bytes +
	                       1);
	if (!s.definitions)
		msg_die(EX_OSERR, "out of memory: %zu metrics", count);
	s.by_alias = (uint32_t *)(s.definitions + count);
	names = (char *)(s.by_alias + count);
	for (size_t i = 0; i < count; i++) {
		struct slice name = definitions[i].name;

		if (name.len)
			memcpy(names, name.ptr, name.len);
		s.definitions[i] = definitions[i];
		s.definitions[i].name.ptr = names;
		names += name.len;
		if (definitions[i].aliased)
			s.by_alias[s.aliased++] = (uint32_t)i;
	}
	qsort_r(s.by_alias, s.aliased, sizeof(*s.by_alias), by_alias, s.definitions);
	return s;
}

/* Finds two of one alias. */
static bool alias_twice(const struct sparkplug_source *s, struct sparkplug_definition *at)
{
	for (size_t i = 1; i < s->aliased; i++) {
		if (s->definitions[s->by_alias[i - 1]].alias ==
		    s->definitions[s->by_alias[i]].alias) {
			at->alias = s->definitions[s->by_alias[i]].alias;
			at->aliased = true;
			return true;
		}
	}
	return false;
}

static void source_end(struct sparkplug_table *t, struct sparkplug_source *s)
{
	t->metric_count -= s->count;
	t->name_bytes -= s->name_bytes;
	free(s->definitions);
	*s = (struct sparkplug_source){0};
}

const struct sparkplug_definition *sparkplug_by_name(const struct sparkplug_source *s,
                                                     struct slice name)
{
	const struct sparkplug_definition key = {.name = name};

	if (s->count == 0)
		return NULL;
	return bsearch(&key, s->definitions, s->count, sizeof(key), by_name);
}

const struct sparkplug_definition *sparkplug_by_alias(const struct sparkplug_source *s,
                                                      uint64_t alias)
{
	size_t low = 0, high = s->aliased;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct sparkplug_definition *d = &s->definitions[s->by_alias[middle]];

		if (d->alias == alias)
			return d;
		if (d->alias < alias)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* ---- devices ---- */

struct sparkplug_device *sparkplug_device(struct sparkplug_node *node, struct slice device)
{
	struct sparkplug_device *d;

	HASH_FIND(hh, node->devices, device.ptr, device.len, d);
	return d;
}

/* Of one that is out of its hash table. */
static void device_free(struct sparkplug_table *t, struct sparkplug_device *d)
{
	source_end(t, &d->source);
	free(d);
	t->device_count--;
}

static struct sparkplug_device *device_add(struct sparkplug_table *t, struct sparkplug_node *node,
                                           struct slice name)
{
	struct sparkplug_device *d = calloc(1, sizeof(*d) + name.len);

	if (!d)
		msg_die(EX_OSERR, "out of memory");
	memcpy(d->name, name.ptr, name.len);
	HASH_ADD_KEYPTR(hh, node->devices, d->name, name.len, d);
	t->device_count++;
	return d;
}

/* ---- nodes ---- */

static void end_devices(struct sparkplug_table *t, struct sparkplug_node *node)
{
	struct sparkplug_device *d = node->devices, *next;

	HASH_CLEAR(hh, node->devices);
	for (; d; d = next) {
		next = d->hh.next;
		device_free(t, d);
	}
}

/* Of one that is out of its hash table. */
static void node_free(struct sparkplug_table *t, struct sparkplug_node *node)
{
	end_devices(t, node);
	if (!node->source.born)
		t->unborn_count--;
	source_end(t, &node->source);
	free(node);
	t->node_count--;
}

static bool make_room(struct sparkplug_table *t)
{
	struct sparkplug_node *node = t->nodes;

	if (t->node_count < SPARKPLUG_NODES_MAX)
		return true;
	if (t->unborn_count == 0)
		return false;
	while (node->source.born)
		node = node->hh.next;
	HASH_DEL(t->nodes, node);
	node_free(t, node);
	return true;
}

static struct sparkplug_node *node_add(struct sparkplug_table *t, struct slice name)
{
	struct sparkplug_node *node = calloc(1, sizeof(*node) + name.len);

	if (!node)
		msg_die(EX_OSERR, "out of memory");
	memcpy(node->name, name.ptr, name.len);
	node->seq = SPARKPLUG_SEQ_UNKNOWN;
	node->ask = true;
	HASH_ADD_KEYPTR(hh, t->nodes, node->name, name.len, node);
	t->node_count++;
	t->unborn_count++;
	return node;
}

struct sparkplug_node *sparkplug_node(struct sparkplug_table *t, struct slice group,
                                      struct slice node)
{
	char name[RECORD_TOPIC_MAX]; /* both are of one topic */
	size_t len = group.len + 1 + node.len;
	struct sparkplug_node *found;

	memcpy(name, group.ptr, group.len);
	name[group.len] = '/';
	memcpy(name + group.len + 1, node.ptr, node.len);
	HASH_FIND(hh, t->nodes, name, len, found);
	if (found)
		return found;
	return make_room(t) ? node_add(t, (struct slice){name, len}) : NULL;
}

/* ---- births and deaths ---- */

static bool within_limits(const struct sparkplug_table *t, const struct sparkplug_source *old,
                          bool new_device, const struct sparkplug_source *s)
{
	size_t metrics = t->metric_count - (old ? old->count : 0) + s->count;
	size_t bytes = t->name_bytes - (old ? old->name_bytes : 0) + s->name_bytes;

	return metrics <= SPARKPLUG_METRICS_MAX && bytes <= SPARKPLUG_NAMES_MAX &&
	       t->device_count + new_device <= SPARKPLUG_DEVICES_MAX;
}

static bool name_twice(const struct sparkplug_definition *sorted, size_t count,
                       struct sparkplug_definition *at)
{
	for (size_t i = 1; i < count; i++) {
		if (slice_equal(sorted[i - 1].name, sorted[i].name)) {
			*at = sorted[i];
			at->aliased = false;
			return true;
		}
	}
	return false;
}

enum sparkplug_birth sparkplug_birth(struct sparkplug_table *t, struct sparkplug_node *node,
                                     struct slice device, struct sparkplug_definition *definitions,
                                     size_t count, struct sparkplug_definition *at)
{
	struct sparkplug_device *d = device.len ? sparkplug_device(node, device) : NULL;
	struct sparkplug_source *s = device.len ? d ? &d->source : NULL : &node->source, new;
	enum sparkplug_birth refused = SPARKPLUG_TWICE;

	qsort(definitions, count, sizeof(*definitions), by_name);
	if (name_twice(definitions, count, at))
		return SPARKPLUG_TWICE;
	new = copy_definitions(definitions, count);
	if (!within_limits(t, s, device.len && !d, &new))
		refused = SPARKPLUG_FULL;
	else if (!alias_twice(&new, at))
		refused = SPARKPLUG_BORN;
	if (refused != SPARKPLUG_BORN) {
		free(new.definitions);
		return refused;
	}
	if (device.len == 0)
		end_devices(t, node);
	if (device.len == 0 && !node->source.born)
		t->unborn_count--;
	if (!s)
		s = &device_add(t, node, device)->source;
	source_end(t, s);
	*s = new;
	t->metric_count += new.count;
	t->name_bytes += new.name_bytes;
	return SPARKPLUG_BORN;
}

void sparkplug_death(struct sparkplug_table *t, struct sparkplug_node *node, struct slice device)
{
	struct sparkplug_device *d = device.len ? sparkplug_device(node, device) : NULL;

	if (d) {
		HASH_DEL(node->devices, d);
		device_free(t, d);
	}
	if (device.len)
		return;
	end_devices(t, node);
	if (node->source.born)
		t->unborn_count++;
	source_end(t, &node->source);
}

void sparkplug_table_free(struct sparkplug_table *t)
{
	struct sparkplug_node *node = t->nodes, *next;

	HASH_CLEAR(hh, t->nodes);
	for (; node; node = next) {
		next = node->hh.next;
		node_free(t, node);
	}
}
