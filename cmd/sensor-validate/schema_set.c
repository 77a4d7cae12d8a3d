#include "base/msg.h"

#define uthash_fatal(text) msg_die(EX_OSERR, "%s", text)

#include "schema_set.h"

#include "compile.h"
#include "memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct version {
	struct slice name; /* owned */
	struct schema *schema;
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

/* The content of a regular file of at most SCHEMA_FILE_MAX bytes; NULL, or what is wrong. */
static const char *read_file(const char *path, struct buf *content)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *fault = NULL;
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return strerror(errno);
	if (fstat(fd, &st) < 0)
		fault = strerror(errno);
	else if (!S_ISREG(st.st_mode))
		fault = "not a file";
	buf_clear(content);
	while (!fault) {
		buf_reserve(content, SCHEMA_FILE_MAX + 1 - content->len);
		n = read(fd, content->ptr + content->len, SCHEMA_FILE_MAX + 1 - content->len);
		if (n < 0 && errno != EINTR)
			fault = strerror(errno);
		else if (n > 0)
			content->len += (size_t)n;
		else if (n == 0)
			break;
		if (content->len > SCHEMA_FILE_MAX)
			fault = "over 1 MiB, the most a schema may have";
	}
	close(fd);
	return fault;
}

static void add_schema(struct schema_set *set, struct type *type, struct slice name,
                       struct schema *schema)
{
	struct version *v = memory_zeroed(1, sizeof(*v));

	v->name = (struct slice){memory_copy(name), name.len};
	v->schema = schema;
	HASH_ADD_KEYPTR(hh, type->versions, v->name.ptr, v->name.len, v);
	set->count++;
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
	struct buf text = {0};
	struct schema *schema;
	const char *fault = version_of(last_name(path), &version);

	if (!fault)
		fault = read_file(path, &text);
	if (fault) {
		faults_add_file(faults, path, fault);
	} else {
		faults->file = path;
		schema = schema_compile(buf_slice(&text), faults);
		if (schema)
			add_schema(set, type, version, schema);
	}
	buf_free(&text);
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
}

struct schema_set *schema_set_load(const char *dir, struct faults *faults)
{
	struct schema_set *set = memory_zeroed(1, sizeof(*set));
	unsigned before = faults->count;
	int count;
	char **dirs = list(dir, &count, faults);

	if (dirs && count == 0)
		faults_add_file(faults, dir, "holds no TYPE/VERSION.json");
	for (int i = 0; dirs && i < count; i++) {
		load_type(set, dirs[i], faults);
		free(dirs[i]);
	}
	free(dirs);
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
