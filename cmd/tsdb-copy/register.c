#include "register.h"

#include "base/msg.h"
#include "encode.h"

#include <stdlib.h>
#include <string.h>

/* What differs between sensors and metrics: how queue[from, to) is put to the database. */
struct kind {
	const char *sql;
	int arrays; /* parameters */
	void (*encode)(struct registry *g, size_t from, size_t to);
	void (*accept)(const struct registry *g, void *entry, const char *id);
	void (*refuse)(void *entry, const char *why);
};

static void enqueue(struct registry *g, void *entry)
{
	if (g->count == g->cap) {
		g->cap = g->cap ? g->cap * 2 : 256;
		g->queue = realloc(g->queue, g->cap * sizeof(*g->queue));
		if (!g->queue)
			msg_die(EX_OSERR, "out of memory (%zu names)", g->cap);
	}
	g->queue[g->count++] = entry;
}

static void keep_fault(char **fault, const char *why)
{
	free(*fault);
	*fault = strdup(why);
	if (!*fault)
		msg_die(EX_OSERR, "out of memory");
}

/* ---- sensors ---- */

/* Those without an id, and those whose schema version is another than the registered one. */
static void queue_sensors(struct registry *g, const struct batch *b)
{
	g->count = 0;
	for (size_t i = 0; i < b->count; i++) {
		const struct batch_reading *r = &b->readings[i];
		struct sensor_entry *e = r->sensor;

		if (r->schema != SCHEMA_NONE)
			e->schema_given = r->schema;
		if (e->queued)
			continue;
		if (e->generation != g->generation || e->schema_given != e->schema) {
			e->queued = true;
			enqueue(g, e);
		}
	}
	for (size_t i = 0; i < g->count; i++)
		((struct sensor_entry *)g->queue[i])->queued = false;
}

static void encode_sensors(struct registry *g, size_t from, size_t to)
{
	encode_array_begin(&g->arrays[0], OID_TEXT, to - from);
	encode_array_begin(&g->arrays[1], OID_TEXT, to - from);
	encode_array_begin(&g->arrays[2], OID_INT4, to - from);
	for (size_t i = from; i < to; i++) {
		const struct sensor_entry *e = g->queue[i];

		encode_element_text(&g->arrays[0], e->type);
		encode_element_text(&g->arrays[1], e->name);
		if (e->schema_given == SCHEMA_NONE)
			encode_element_null(&g->arrays[2]);
		else
			encode_element_i32(&g->arrays[2], e->schema_given);
	}
}

static void accept_sensor(const struct registry *g, void *entry, const char *id)
{
	struct sensor_entry *e = entry;

	e->id = decode_i32(id);
	e->generation = g->generation;
	e->schema = e->schema_given;
}

static void refuse_sensor(void *entry, const char *why)
{
	keep_fault(&((struct sensor_entry *)entry)->fault, why);
}

static const struct kind sensors = {
    "SELECT sensor_id FROM register_sensors($1::text[], $2::text[], $3::int[])",
    3,
    encode_sensors,
    accept_sensor,
    refuse_sensor,
};

/* ---- metrics ---- */

static void queue_metrics(struct registry *g, const struct batch *b)
{
	g->count = 0;
	for (size_t i = 0; i < b->value_count; i++) {
		struct metric_entry *e = b->values[i].metric;

		if (e->generation != g->generation && !e->queued) {
			e->queued = true;
			enqueue(g, e);
		}
	}
	for (size_t i = 0; i < g->count; i++)
		((struct metric_entry *)g->queue[i])->queued = false;
}

static void encode_metrics(struct registry *g, size_t from, size_t to)
{
	encode_array_begin(&g->arrays[0], OID_TEXT, to - from);
	for (size_t i = from; i < to; i++)
		encode_element_text(&g->arrays[0], ((struct metric_entry *)g->queue[i])->name);
}

static void accept_metric(const struct registry *g, void *entry, const char *id)
{
	struct metric_entry *e = entry;

	e->id = decode_i16(id);
	e->generation = g->generation;
}

static void refuse_metric(void *entry, const char *why)
{
	keep_fault(&((struct metric_entry *)entry)->fault, why);
}

static const struct kind metrics = {
    "SELECT metric_id FROM register_metrics($1::text[])",
    1,
    encode_metrics,
    accept_metric,
    refuse_metric,
};

/* ---- both ---- */

/* Asks for the ids of queue[from, to) by one statement. */
static enum db_status ask(struct registry *g, struct session *s, const struct kind *kind,
                          size_t from, size_t to)
{
	static const int formats[REGISTER_ARRAYS] = {1, 1, 1};
	const char *values[REGISTER_ARRAYS];
	int lengths[REGISTER_ARRAYS];
	const struct session_params params = {kind->arrays, values, lengths, formats, NULL};
	PGresult *result;
	enum db_status status;

	for (int i = 0; i < kind->arrays; i++)
		buf_clear(&g->arrays[i]);
	kind->encode(g, from, to);
	for (int i = 0; i < kind->arrays; i++) {
		values[i] = g->arrays[i].ptr;
		lengths[i] = (int)g->arrays[i].len;
	}
	status = session_query(s, kind->sql, &params, &result);
	if (status != DB_OK)
		return status;
	if ((size_t)PQntuples(result) == to - from)
		for (size_t i = from; i < to; i++)
			kind->accept(g, g->queue[i], PQgetvalue(result, (int)(i - from), 0));
	else
		status = session_mismatch(s, "the number of ids is not that of the names");
	PQclear(result);
	return status;
}

/* Registers queue[from, to): at once, or by halves when that is refused. */
static enum db_status register_range(struct registry *g, struct session *s, const struct kind *kind,
                                     size_t from, size_t to)
{
	size_t middle = from + (to - from) / 2;
	enum db_status status = ask(g, s, kind, from, to);

	if (status == DB_OK || status == DB_TRANSIENT || status == DB_FATAL)
		return status;
	if (to - from == 1) {
		kind->refuse(g->queue[from], s->error);
		return DB_OK;
	}
	status = register_range(g, s, kind, from, middle);
	return status == DB_OK ? register_range(g, s, kind, middle, to) : status;
}

/* Rejects the readings that need something without an id. */
static void reject_unregistered(const struct registry *g, struct batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		struct batch_reading *r = &b->readings[i];

		if (r->sensor->generation != g->generation)
			batch_reject(b, i, "database", r->sensor->fault);
	}
	for (size_t i = 0; i < b->value_count; i++) {
		const struct batch_value *v = &b->values[i];

		if (v->metric->generation != g->generation)
			batch_reject(b, v->reading, "database", v->metric->fault);
	}
}

enum db_status register_series(struct registry *g, struct session *s, struct batch *b)
{
	enum db_status status = DB_OK;
	bool asked = false;

	queue_sensors(g, b);
	if (g->count) {
		asked = true;
		status = register_range(g, s, &sensors, 0, g->count);
	}
	queue_metrics(g, b);
	if (status == DB_OK && g->count) {
		asked = true;
		status = register_range(g, s, &metrics, 0, g->count);
	}
	if (status == DB_OK && asked)
		reject_unregistered(g, b);
	return status;
}

void register_free(struct registry *g)
{
	free(g->queue);
	for (int i = 0; i < REGISTER_ARRAYS; i++)
		buf_free(&g->arrays[i]);
}
