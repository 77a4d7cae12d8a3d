/*
 * proto_schema: Protobuf message types as a FileDescriptorSet tells them.
 *
 * Such a set is what `protoc --descriptor_set_out` writes; its own type is
 * google/protobuf/descriptor.proto, of which the fields are read that matter
 * here. Types of syntax proto2 and proto3 are taken. Groups are taken as fields
 * that no message may use.
 */
#ifndef SENSOR_DECODE_PROTO_SCHEMA_H
#define SENSOR_DECODE_PROTO_SCHEMA_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

enum {
	PROTO_FIELDS_MAX = 1024,     /* in a message type */
	PROTO_NESTING_MAX = 32,      /* message types declared in each other */
	PROTO_SCHEMA_MAX = 16 << 20, /* bytes of a set */
};

/* By their numbers in descriptor.proto. */
enum proto_type {
	PROTO_DOUBLE = 1,
	PROTO_FLOAT,
	PROTO_INT64,
	PROTO_UINT64,
	PROTO_INT32,
	PROTO_FIXED64,
	PROTO_FIXED32,
	PROTO_BOOL,
	PROTO_STRING,
	PROTO_GROUP,
	PROTO_MESSAGE,
	PROTO_BYTES,
	PROTO_UINT32,
	PROTO_ENUM,
	PROTO_SFIXED32,
	PROTO_SFIXED64,
	PROTO_SINT32,
	PROTO_SINT64,
	PROTO_TYPES,
};

struct proto_field {
	struct slice name;
	uint32_t number;
	enum proto_type type;
	bool repeated, required;
	bool implicit; /* of proto3, without presence: a 0 is not sent */
	int oneof;     /* its number in the message type; -1: in none */
	struct slice type_name;
	const struct proto_message *message;  /* of PROTO_MESSAGE */
	const struct proto_enum *enumeration; /* of PROTO_ENUM */
};

struct proto_message {
	size_t count;
	struct proto_field *fields; /* by number */
	bool map_entry;             /* key and value of a map: its fields 1 and 2 */
	bool timestamp;             /* google.protobuf.Timestamp */
	UT_hash_handle hh;
	char name[]; /* "package.Type" */
};

struct proto_enum {
	size_t count;
	struct proto_enumerator {
		int32_t number;
		struct slice name;
	} * values; /* by number; of aliases the first is found */
	UT_hash_handle hh;
	char name[];
};

struct proto_schema;

/* Reads a file; what is wrong with it ends the process, with EX_NOINPUT or EX_CONFIG. */
struct proto_schema *proto_schema_load(const char *path);

/* NULL: what is wrong is appended to `error`. The bytes are copied. */
struct proto_schema *proto_schema_read(struct slice bytes, struct buf *error);
void proto_schema_free(struct proto_schema *s); /* NULL is none */

/* By "package.Type"; a dot before it may stand. NULL: there is none. */
const struct proto_message *proto_schema_message(const struct proto_schema *s, struct slice name);

/* NULL: there is none. */
const struct proto_field *proto_field(const struct proto_message *m, uint64_t number);
const struct proto_enumerator *proto_enumerator(const struct proto_enum *e, int32_t number);

#endif
