#include "base/msg.h"

/* uthash has no other way to tell that memory is out. */
#define uthash_fatal(text) msg_die(EX_OSERR, "out of memory")

#include "protobuf/proto_schema.h"

#include "base/buf.h"
#include "text/utf8.h"
#include "whole_file.h"
#include "wire.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct proto_schema {
	struct buf bytes; /* which names are slices of */
	struct proto_message *messages;
	struct proto_enum *enums;
};

enum { ERROR_MAX = 512 }; /* bytes of what is wrong; more are cut */

struct reader {
	struct proto_schema *schema;
	struct buf *error;
	struct buf scope; /* of the names that are declared: "package.Outer." */
	bool proto3;
};

__attribute__((format(printf, 2, 3))) static int fail(struct reader *r, const char *format, ...)
{
	char what[ERROR_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	buf_append_string(r->error, what);
	return -1;
}

static int fail_wire(struct reader *r, const struct wire *w)
{
	return fail(r, "no FileDescriptorSet: offset %zu: %s", wire_offset(w), w->error);
}

static void *allocate(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory)
		msg_die(EX_OSERR, "out of memory: %zu bytes", size);
	return memory;
}

/* ---- what is in a declaration ---- */

/* The bytes of a field that has a length, the last of several; empty: it is not there. */
static int find_bytes(struct reader *r, struct wire w, uint64_t number, struct slice *bytes)
{
	struct wire_field f;
	int got;

	*bytes = SLICE("");
	while ((got = wire_next(&w, &f)) > 0)
		if (f.number == number && f.type == WIRE_BYTES)
			*bytes = f.bytes;
	return got < 0 ? fail_wire(r, &w) : 0;
}

static int find_number(struct reader *r, struct wire w, uint64_t number, uint64_t *value)
{
	struct wire_field f;
	int got;

	while ((got = wire_next(&w, &f)) > 0)
		if (f.number == number && f.type == WIRE_VARINT)
			*value = f.value;
	return got < 0 ? fail_wire(r, &w) : 0;
}

/* How often a field of bytes is there. The message has been read to its end before. */
static size_t count_bytes(struct wire w, uint64_t number)
{
	struct wire_field f;
	size_t count = 0;

	while (wire_next(&w, &f) > 0)
		count += f.number == number && f.type == WIRE_BYTES;
	return count;
}

/* The name a declaration has in field 1. */
static int find_name(struct reader *r, struct wire w, struct slice *name)
{
	if (find_bytes(r, w, 1, name) < 0)
		return -1;
	if (name->len == 0 || memchr(name->ptr, '\0', name->len) || !utf8_valid(*name))
		return fail(r, "no FileDescriptorSet: offset %zu: a declaration without a name",
		            wire_offset(&w));
	return 0;
}

/* Writes the whole name of what is declared; `name` has room for it and a NUL. */
static size_t whole_name(const struct reader *r, struct slice own, char *name)
{
	if (r->scope.len)
		memcpy(name, r->scope.ptr, r->scope.len);
	memcpy(name + r->scope.len, own.ptr, own.len);
	name[r->scope.len + own.len] = '\0';
	return r->scope.len + own.len;
}

/* ---- enums ---- */

static int by_enumerator(const void *a, const void *b)
{
	const struct proto_enumerator *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	/* aliases as they are declared */
	return (x->name.ptr > y->name.ptr) - (x->name.ptr < y->name.ptr);
}

static int read_enumerator(struct reader *r, struct wire w, struct proto_enumerator *to)
{
	uint64_t number = 0;

	if (find_name(r, w, &to->name) < 0 || find_number(r, w, 2, &number) < 0)
		return -1;
	to->number = (int32_t)(uint32_t)number;
	return 0;
}

static int read_enum(struct reader *r, struct wire w)
{
	struct wire_field f;
	struct proto_enum *e, *other;
	struct slice name;
	size_t len;

	if (find_name(r, w, &name) < 0)
		return -1;
	e = allocate(sizeof(*e) + r->scope.len + name.len + 1);
	len = whole_name(r, name, e->name);
	HASH_FIND(hh, r->schema->enums, e->name, len, other);
	if (other) {
		free(e);
		return fail(r, "'%s' is declared twice", other->name);
	}
	HASH_ADD_KEYPTR(hh, r->schema->enums, e->name, len, e);
	e->values = allocate((count_bytes(w, 2) + 1) * sizeof(*e->values));
	while (wire_next(&w, &f) > 0)
		if (f.number == 2 && f.type == WIRE_BYTES &&
		    read_enumerator(r, wire_inner(&w, f.bytes), &e->values[e->count++]) < 0)
			return -1;
	qsort(e->values, e->count, sizeof(*e->values), by_enumerator);
	return 0;
}

const struct proto_enumerator *proto_enumerator(const struct proto_enum *e, int32_t number)
{
	size_t low = 0, high = e->count;

	while (low < high) { /* to the first of that number */
		size_t middle = low + (high - low) / 2;

		if (e->values[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < e->count && e->values[low].number == number ? &e->values[low] : NULL;
}

/* ---- message types ---- */

static int by_number(const void *a, const void *b)
{
	const struct proto_field *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

const struct proto_field *proto_field(const struct proto_message *m, uint64_t number)
{
	struct proto_field key;

	if (number > UINT32_MAX || m->count == 0)
		return NULL;
	/* most types number their fields from 1 without a gap */
	if (number >= 1 && number <= m->count && m->fields[number - 1].number == number)
		return &m->fields[number - 1];
	key.number = (uint32_t)number;
	return bsearch(&key, m->fields, m->count, sizeof(key), by_number);
}

static int read_field(struct reader *r, struct wire w, struct proto_field *to)
{
	enum { OPTIONAL = 1, REQUIRED, REPEATED }; /* labels */
	uint64_t number = 0, label = OPTIONAL, type = 0, oneof = UINT64_MAX;

	if (find_name(r, w, &to->name) < 0 || find_number(r, w, 3, &number) < 0 ||
	    find_number(r, w, 4, &label) < 0 || find_number(r, w, 5, &type) < 0 ||
	    find_bytes(r, w, 6, &to->type_name) < 0 || find_number(r, w, 9, &oneof) < 0)
		return -1;
	if (number == 0 || number > UINT32_MAX || type == 0 || type >= PROTO_TYPES)
		return fail(r, "the field '%.*s' has no number or no type", SLICE_ARG(to->name));
	to->number = (uint32_t)number;
	to->type = (enum proto_type)type;
	to->repeated = label == REPEATED;
	to->required = label == REQUIRED;
	to->oneof = oneof <= PROTO_FIELDS_MAX ? (int)oneof : -1;
	to->implicit = r->proto3 && label == OPTIONAL && to->oneof < 0 && type != PROTO_MESSAGE &&
	               type != PROTO_GROUP;
	return 0;
}

static int read_fields(struct reader *r, struct wire w, struct proto_message *m)
{
	size_t count = count_bytes(w, 2);
	struct wire_field f;

	if (count > PROTO_FIELDS_MAX)
		return fail(r, "'%s' has %zu fields, more than %d", m->name, count,
		            PROTO_FIELDS_MAX);
	m->fields = allocate((count + 1) * sizeof(*m->fields));
	while (wire_next(&w, &f) > 0)
		if (f.number == 2 && f.type == WIRE_BYTES &&
		    read_field(r, wire_inner(&w, f.bytes), &m->fields[m->count++]) < 0)
			return -1;
	qsort(m->fields, m->count, sizeof(*m->fields), by_number);
	for (size_t i = 1; i < m->count; i++)
		if (m->fields[i - 1].number == m->fields[i].number)
			return fail(r, "'%s' has two fields of number %u", m->name,
			            (unsigned)m->fields[i].number);
	return 0;
}

static int read_message(struct reader *r, struct wire w, unsigned depth);

/* The types that are declared in a file, or in another type: messages in one field, enums in
 * another. */
static int read_declared(struct reader *r, struct wire w, uint64_t messages, uint64_t enums,
                         unsigned depth)
{
	struct wire_field f;
	int got;

	while ((got = wire_next(&w, &f)) > 0) {
		struct wire inner = wire_inner(&w, f.bytes);

		if (f.type != WIRE_BYTES)
			continue;
		if ((f.number == messages && read_message(r, inner, depth) < 0) ||
		    (f.number == enums && read_enum(r, inner) < 0))
			return -1;
	}
	return got < 0 ? fail_wire(r, &w) : 0;
}

static int read_message(struct reader *r, struct wire w, unsigned depth)
{
	static const char timestamp[] = "google.protobuf.Timestamp";
	struct proto_message *m, *other;
	struct slice name, options;
	size_t outer = r->scope.len, len;
	uint64_t map_entry = 0;

	if (depth > PROTO_NESTING_MAX)
		return fail(r, "types are declared in each other over %d deep", PROTO_NESTING_MAX);
	if (find_name(r, w, &name) < 0 || find_bytes(r, w, 7, &options) < 0 ||
	    find_number(r, wire_inner(&w, options), 7, &map_entry) < 0)
		return -1;
	m = allocate(sizeof(*m) + r->scope.len + name.len + 1);
	len = whole_name(r, name, m->name);
	HASH_FIND(hh, r->schema->messages, m->name, len, other);
	if (other) {
		free(m);
		return fail(r, "'%s' is declared twice", other->name);
	}
	HASH_ADD_KEYPTR(hh, r->schema->messages, m->name, len, m);
	m->map_entry = map_entry != 0;
	m->timestamp = strcmp(m->name, timestamp) == 0;
	if (read_fields(r, w, m) < 0)
		return -1;
	buf_append_slice(&r->scope, name);
	buf_putc(&r->scope, '.');
	if (read_declared(r, w, 3, 4, depth + 1) < 0)
		return -1;
	r->scope.len = outer;
	return 0;
}

/* ---- the set ---- */

static int read_file(struct reader *r, struct wire w)
{
	struct slice package, syntax;

	if (find_bytes(r, w, 2, &package) < 0 || find_bytes(r, w, 12, &syntax) < 0)
		return -1;
	if (syntax.len && !slice_is(syntax, "proto2") && !slice_is(syntax, "proto3"))
		return fail(r, "a file of syntax '%.*s', neither proto2 nor proto3",
		            SLICE_ARG(syntax));
	r->proto3 = slice_is(syntax, "proto3");
	buf_clear(&r->scope);
	buf_append_slice(&r->scope, package);
	if (package.len)
		buf_putc(&r->scope, '.');
	return read_declared(r, w, 4, 5, 1);
}

static int read_files(struct reader *r, struct wire w)
{
	struct wire_field f;
	int got;

	while ((got = wire_next(&w, &f)) > 0)
		if (f.number == 1 && f.type == WIRE_BYTES &&
		    read_file(r, wire_inner(&w, f.bytes)) < 0)
			return -1;
	if (got < 0)
		return fail_wire(r, &w);
	return r->schema->messages ? 0 : fail(r, "there is no message type in it");
}

/* protoc writes the whole names of types, with a dot before them. */
static struct slice without_dot(struct slice name)
{
	return name.len && *name.ptr == '.' ? (struct slice){name.ptr + 1, name.len - 1} : name;
}

const struct proto_message *proto_schema_message(const struct proto_schema *s, struct slice name)
{
	struct slice key = without_dot(name);
	struct proto_message *found;

	HASH_FIND(hh, s->messages, key.ptr, key.len, found);
	return found;
}

/* Keys are integers, truth values or strings. */
static bool is_entry(const struct proto_message *m)
{
	enum proto_type key, value;

	if (m->count != 2 || m->fields[0].number != 1 || m->fields[1].number != 2)
		return false;
	key = m->fields[0].type;
	value = m->fields[1].type;
	return key != PROTO_DOUBLE && key != PROTO_FLOAT && key != PROTO_GROUP &&
	       key != PROTO_MESSAGE && key != PROTO_BYTES && key != PROTO_ENUM &&
	       value != PROTO_GROUP;
}

static int resolve(struct reader *r, struct proto_field *f)
{
	struct slice key = without_dot(f->type_name);
	struct proto_enum *found = NULL;

	if (f->type == PROTO_MESSAGE)
		f->message = proto_schema_message(r->schema, key);
	if (f->type == PROTO_ENUM)
		HASH_FIND(hh, r->schema->enums, key.ptr, key.len, found);
	f->enumeration = found;
	if ((f->type == PROTO_MESSAGE && !f->message) || (f->type == PROTO_ENUM && !found))
		return fail(r,
		            "'%.*s' is not in it, the type of field '%.*s'; protoc takes imports "
		            "in with --include_imports",
		            SLICE_ARG(key), SLICE_ARG(f->name));
	if (f->message && f->message->map_entry && !is_entry(f->message))
		return fail(r, "'%s' is no entry of a map", f->message->name);
	return 0;
}

static int resolve_all(struct reader *r)
{
	for (struct proto_message *m = r->schema->messages; m; m = m->hh.next)
		for (size_t i = 0; i < m->count; i++)
			if (resolve(r, &m->fields[i]) < 0)
				return -1;
	return 0;
}

struct proto_schema *proto_schema_read(struct slice bytes, struct buf *error)
{
	struct reader r = {.schema = allocate(sizeof(*r.schema)), .error = error};
	bool ok;

	buf_append_slice(&r.schema->bytes, bytes);
	buf_reserve(&r.schema->bytes, 1); /* so that there is a ptr */
	ok = read_files(&r, wire_of(buf_slice(&r.schema->bytes))) == 0 && resolve_all(&r) == 0;
	buf_free(&r.scope);
	if (ok)
		return r.schema;
	proto_schema_free(r.schema);
	return NULL;
}

struct proto_schema *proto_schema_load(const char *path)
{
	struct proto_schema *schema;
	struct buf bytes = {0}, error = {0};

	whole_file_read("descriptors", path, PROTO_SCHEMA_MAX, &bytes);
	schema = proto_schema_read(buf_slice(&bytes), &error);
	if (!schema)
		msg_die(EX_CONFIG, "descriptors '%s': %s", path, buf_string(&error));
	buf_free(&bytes);
	return schema;
}

void proto_schema_free(struct proto_schema *s)
{
	struct proto_message *m, *next;
	struct proto_enum *e, *next_enum;

	if (!s)
		return;
	m = s->messages;
	HASH_CLEAR(hh, s->messages);
	for (; m; m = next) {
		next = m->hh.next;
		free(m->fields);
		free(m);
	}
	e = s->enums;
	HASH_CLEAR(hh, s->enums);
	for (; e; e = next_enum) {
		next_enum = e->hh.next;
		free(e->values);
		free(e);
	}
	buf_free(&s->bytes);
	free(s);
}
