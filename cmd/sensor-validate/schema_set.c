#include "base/msg.h"

#define uthash_fatal(text) msg_die(EX_OSERR, "%s", text)
/* Quick for the short names there are; what is in the tables is the operator's own. */
#define HASH_FUNCTION(ptr, len, hash) HASH_FNV(ptr, len, hash)

#include "schema_set.h"

#include "memory.h"
#include "schema_file.h"

#include "record/record.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

struct version {
	struct slice name; /* owned */
	struct schema *schema;
	bool own; /* it has this version's name; else it is compatible with it */
	UT_hash_handle hh;
};

struct type {
	struct slice name;        /* owned */
	struct version *versions; /* by name */
	UT_hash_handle hh;
};

struct schema_set {
	struct type *types; /* by name */
	size_t count;       /* schemas */
	struct type *last_type;
	struct version *last_version; /* what was found last; of last_type */
};

/* ---- loading ---- */

static struct slice last_name(const char *path)
{
	return slice_of(strrchr(path, '/') + 1);
}

static void add_version(struct type *type, struct slice name, struct schema *schema, bool own)
{
	struct version *v = memory_zeroed(1, sizeof(*v));

	v->name = (struct slice){memory_copy(name), name.len};
	v->schema = schema;
	v->own = own;
	HASH_ADD_KEYPTR(hh, type->versions, v->name.ptr, v->name.len, v);
}

/* NULL and the version, or what is wrong with the name of a file. */
static const char *version_of(struct slice file, struct slice *version)
{
	static const char ending[] = ".json";
	const size_t ending_len = sizeof(ending) - 1;

	if (file.len <= ending_len ||
	    memcmp(file.ptr + file.len - ending_len, ending, ending_len) != 0)
		return "not named VERSION.json";
	*version = (struct slice){file.ptr, file.len - ending_len};
	return record_name_fault(*version, false);
}

/* One file of a type's directory. */
static void load_version(struct schema_set *set, struct type *type, const char *path,
                         struct faults *faults)
{
	struct slice version;
	struct schema *schema;
	const char *fault = version_of(last_name(path), &version);

	if (fault) {
		faults_add_file(faults, path, fault);
		return;
	}
	schema = schema_file_load(path, SCHEMA_OF_READINGS, faults);
	if (!schema)
		return;
	add_version(type, version, schema, true);
	set->count++;
}

static int not_hidden(const struct dirent *entry)
{
	const char *name = entry->d_name;

	return name[0] != '.' && name[strlen(name) - 1] != '~';
}

/* The paths of a directory's entries, sorted; the caller frees each of the `*count` and the array.
 * NULL after adding a fault. */
static char **list(const char *dir, int *count, struct faults *faults)
{
	struct dirent **entries;
	char **paths;

	*count = scandir(dir, &entries, not_hidden, alphasort);
	if (*count < 0) {
		faults_add_file(faults, dir, strerror(errno));
		return NULL;
	}
	paths = memory_zeroed((size_t)*count, sizeof(*paths));
	for (int i = 0; i < *count; i++) {
		struct buf path = {0};

		buf_printf(&path, "%s/%s", dir, entries[i]->d_name);
		buf_string(&path);
		paths[i] = path.ptr;
		free(entries[i]);
	}
	free(entries);
	return paths;
}

/* A version that `schema` says it is compatible with. One that has a schema of its own is judged by
 * that. Since only what has a file can be compatible with another version, and what has one is not
 * looked for elsewhere, there are neither chains nor circles. */
static void add_compatible(struct type *type, struct schema *schema, struct slice name,
                           struct faults *faults)
{
	struct version *taken;

	HASH_FIND(hh, type->versions, name.ptr, name.len, taken);
	if (!taken)
		add_version(type, name, schema, false);
	else if (taken->own)
		faults_warn(faults, "has no effect: version %.*s has a schema of its own",
		            SLICE_ARG(name));
	else
		faults_add(faults, "version %.*s has a compatible schema already, %.*s",
		           SLICE_ARG(name), SLICE_ARG(taken->schema->file));
}

/* After all schemas of a type are loaded: the versions that have none but a compatible one. */
static void link_compatible(struct type *type, struct faults *faults)
{
	for (struct version *v = type->versions; v; v = v->hh.next) {
		struct schema *s = v->schema;

		for (size_t i = 0; v->own && i < s->compatible_count; i++) {
			size_t keyword, index;

			faults->file = s->file.ptr;
			keyword = faults_enter(faults, SLICE("x-compatible-with"));
			index = faults_enter_index(faults, i);
			add_compatible(type, s, s->compatible[i], faults);
			faults_leave(faults, index);
			faults_leave(faults, keyword);
		}
	}
}

static void load_type(struct schema_set *set, const char *dir, struct faults *faults)
{
	struct slice name = last_name(dir);
	const char *fault = record_name_fault(name, false);
	int count;
	char **files;
	struct type *type;

	if (fault) {
		faults_add_file(faults, dir, fault);
		return;
	}
	files = list(dir, &count, faults);
	if (!files)
		return;
	if (count == 0)
		faults_add_file(faults, dir, "holds no VERSION.json");
	type = memory_zeroed(1, sizeof(*type));
	type->name = (struct slice){memory_copy(name), name.len};
	HASH_ADD_KEYPTR(hh, set->types, type->name.ptr, type->name.len, type);
	for (int i = 0; i < count; i++) {
		load_version(set, type, files[i], faults);
		free(files[i]);
	}
	free(files);
	link_compatible(type, faults);
}

struct schema_set *schema_set_load(const char *dir, struct faults *faults)
{
	struct schema_set *set = memory_zeroed(1, sizeof(*set));
	unsigned before = faults->count;
	const char *file = faults->file;
	int count;
	char **dirs = list(dir, &count, faults);

	if (dirs && count == 0)
		faults_add_file(faults, dir, "holds no TYPE/VERSION.json");
	for (int i = 0; dirs && i < count; i++) {
		load_type(set, dirs[i], faults);
		free(dirs[i]);
	}
	free(dirs);
	faults->file = file; /* what it named meanwhile is gone */
	if (faults->count == before)
		return set;
	schema_set_free(set);
	return NULL;
}

static void free_versions(struct type *type)
{
	struct version *v = type->versions, *next;

	HASH_CLEAR(hh, type->versions); /* the table; its elements are still linked */
	for (; v; v = next) {
		next = v->hh.next;
		if (v->own)
			schema_free(v->schema);
		free((char *)v->name.ptr);
		free(v);
	}
}

void schema_set_free(struct schema_set *set)
{
	struct type *type, *next;

	if (!set)
		return;
	type = set->types;
	HASH_CLEAR(hh, set->types);
	for (; type; type = next) {
		next = type->hh.next;
		free_versions(type);
		free((char *)type->name.ptr);
		free(type);
	}
	free(set);
}

size_t schema_set_count(const struct schema_set *set)
{
	return set->count;
}

/* ---- looking up ---- */

struct schema *schema_set_find(struct schema_set *set, struct slice type, struct slice version,
                               bool *type_known)
{
	struct type *t = set->last_type;
	struct version *v = set->last_version;

	if (version.len == 0)
		version = SCHEMA_VERSION_DEFAULT;
	if (!t || !slice_equal(t->name, type)) {
		HASH_FIND(hh, set->types, type.ptr, type.len, t);
		v = NULL;
	}
	if (t && (!v || !slice_equal(v->name, version)))
		HASH_FIND(hh, t->versions, version.ptr, version.len, v);
	*type_known = t != NULL;
	if (!v)
		return NULL;
	set->last_type = t;
	set->last_version = v;
	return v->schema;
}
