/*
 * sparkplug_table: what is known of the edge nodes and devices that Sparkplug messages come from.
 *
 * A birth defines the metrics of its node or device: names, aliases, datatypes.
 * They hold until the next birth or the death; the birth or the death of a node
 * ends those of its devices. Besides, a node has the number of its last message
 * and what becomes of it when one is missing. Memory is bounded by the limits
 * below, at worst about 300 MB. No I/O.
 */
#ifndef SENSOR_DECODE_SPARKPLUG_TABLE_H
#define SENSOR_DECODE_SPARKPLUG_TABLE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

enum {
	SPARKPLUG_NODES_MAX = 10000,
	SPARKPLUG_DEVICES_MAX = 100000,  /* of all nodes */
	SPARKPLUG_METRICS_MAX = 2000000, /* of all nodes and devices */
	SPARKPLUG_NAMES_MAX = 128 << 20, /* bytes of the names of all metrics */
	SPARKPLUG_SEQ_UNKNOWN = -1,
};

/* A metric as its birth defines it. */
struct sparkplug_definition {
	struct slice name;
	uint64_t alias;
	uint32_t datatype;
	bool aliased;
};

/* A node, or a device of one. */
struct sparkplug_source {
	bool born;
	size_t count, aliased, name_bytes;
	/* One allocation: the definitions by name, the places of the aliased ones by alias, the
	 * names. */
	struct sparkplug_definition *definitions;
	uint32_t *by_alias;
};

struct sparkplug_device {
	struct sparkplug_source source;
	UT_hash_handle hh;
	char name[]; /* not ended by a NUL */
};

struct sparkplug_node {
	struct sparkplug_source source;
	struct sparkplug_device *devices; /* a hash table */
	int seq;                          /* of the last message, or SPARKPLUG_SEQ_UNKNOWN */
	bool gap;                         /* a message since the birth is missing */
	bool ask;                         /* a birth is wanted */
	bool numbered;                    /* by the birth: */
	uint64_t bdseq;
	bool asked_ever;
	int64_t asked; /* when a birth was requested last */
	UT_hash_handle hh;
	char name[]; /* "GROUP/NODE", not ended by a NUL */
};

/* A zeroed table is empty. */
struct sparkplug_table {
	struct sparkplug_node *nodes; /* a hash table, oldest first */
	size_t node_count, unborn_count, device_count, metric_count, name_bytes;
};

/* The node, which is made if it is not there. When there are too many, the oldest that has no birth
 * makes room; NULL: all have. */
struct sparkplug_node *sparkplug_node(struct sparkplug_table *t, struct slice group,
                                      struct slice node);

/* A device that has had its birth, or NULL. */
struct sparkplug_device *sparkplug_device(struct sparkplug_node *node, struct slice device);

enum sparkplug_birth { SPARKPLUG_BORN, SPARKPLUG_TWICE, SPARKPLUG_FULL };

/*
 * The birth of a node (an empty `device`) or of a device. The definitions, which
 * are sorted, and their names are copied. On SPARKPLUG_TWICE two metrics have one
 * name or one alias, of which *at gets one; on SPARKPLUG_FULL a limit is reached;
 * nothing has changed then.
 */
enum sparkplug_birth sparkplug_birth(struct sparkplug_table *t, struct sparkplug_node *node,
                                     struct slice device, struct sparkplug_definition *definitions,
                                     size_t count, struct sparkplug_definition *at);

/* The end of a node and its devices (an empty `device`), or of a device. */
void sparkplug_death(struct sparkplug_table *t, struct sparkplug_node *node, struct slice device);

/* A metric of the source; NULL: there is none. */
const struct sparkplug_definition *sparkplug_by_name(const struct sparkplug_source *s,
                                                     struct slice name);
const struct sparkplug_definition *sparkplug_by_alias(const struct sparkplug_source *s,
                                                      uint64_t alias);

void sparkplug_table_free(struct sparkplug_table *t);

#endif
