#include "catalog.h"

#include "base/msg.h"
#include "near.h"

#include <stdlib.h>

/* A statement with a condition for each list of names, and its parameters. */
struct lookup {
	struct buf sql;
	int count;
	struct buf params[6];
};

static void add_condition(struct lookup *l, const char *column, const struct name_list *list)
{
	static const char *const comparisons[] = {[NAMES_PLAIN] = "=", [NAMES_PATTERNS] = "LIKE"};
	const char *before = " AND (";

	if (list->count == 0)
		return;
	for (enum name_form form = NAMES_PLAIN; form <= NAMES_PATTERNS; form++) {
		struct buf *param = &l->params[l->count];

		buf_clear(param);
		if (name_list_append_array(param, list, form) == 0)
			continue;
		l->count++;
		buf_printf(&l->sql, "%s%s %s ANY ($%d::text[])", before, column, comparisons[form],
		           l->count);
		before = " OR ";
	}
	buf_putc(&l->sql, ')');
}

static PGresult *run_lookup(struct lookup *l, PGconn *conn, const char *what)
{
	const char *params[sizeof(l->params) / sizeof(l->params[0])];
	PGresult *result;

	for (int i = 0; i < l->count; i++)
		params[i] = buf_string(&l->params[i]);
	result = db_query_params(conn, what, buf_string(&l->sql), l->count, params);
	for (size_t i = 0; i < sizeof(l->params) / sizeof(l->params[0]); i++)
		buf_free(&l->params[i]);
	buf_free(&l->sql);
	return result;
}

/* ---- names that match nothing ---- */

/* What a list of names is about. */
struct column {
	const char *option, *table, *name;
};
static const struct column type_column = {"type", "sensors", "type"};
static const struct column sensor_column = {"sensor", "sensors", "name"};
static const struct column metric_column = {"metric", "metrics", "name"};

static _Noreturn void die_unmatched(PGconn *conn, const struct column *column, const char *name)
{
	struct buf sql = {0}, text = {0};
	struct near near;
	PGresult *result;

	if (name_is_pattern(name))
		msg_die(EX_NOINPUT, "no %s matches '%s'", column->option, name);
	buf_printf(&sql, "SELECT DISTINCT %s FROM %s ORDER BY 1", column->name, column->table);
	result = db_query(conn, "cannot read the names", buf_string(&sql), NULL);
	near_init(&near, slice_of(name));
	for (int i = 0; i < PQntuples(result); i++)
		near_offer(&near, slice_of(PQgetvalue(result, i, 0)));
	for (size_t i = 0; i < near.count; i++) {
		buf_append_string(&text, i == 0 ? "; near it: '" : ", '");
		buf_append_slice(&text, near.best[i].name);
		buf_putc(&text, '\'');
	}
	msg_die(EX_NOINPUT, "there is no %s '%s'%s", column->option, name, buf_string(&text));
}

/* Ends the process when a name of the list matches nothing. */
static void check_names(PGconn *conn, const struct column *column, const struct name_list *list)
{
	struct buf sql = {0}, names = {0};
	char position[16];

	name_list_append_array(&names, list, NAMES_ALL);
	buf_printf(
	    &sql,
	    "SELECT u.position FROM unnest($1::text[]) WITH ORDINALITY AS u (name, position) "
	    "WHERE NOT EXISTS (SELECT FROM %s AS t WHERE t.%s LIKE u.name) ORDER BY 1 LIMIT 1",
	    column->table, column->name);
	if (db_value(conn, "cannot look up the names", buf_string(&sql), buf_string(&names),
	             position, sizeof(position)))
		die_unmatched(conn, column, list->names[strtoul(position, NULL, 10) - 1]);
	buf_free(&sql);
	buf_free(&names);
}

/* ---- the sensors and metrics ---- */

static struct slice value_of(const PGresult *result, size_t row, int column)
{
	return (struct slice){PQgetvalue(result, (int)row, column),
	                      (size_t)PQgetlength(result, (int)row, column)};
}

static void *allocate(size_t count, size_t size)
{
	void *bytes = calloc(count + 1, size);

	if (!bytes)
		msg_die(EX_OSERR, "out of memory");
	return bytes;
}

static void read_sensors(struct catalog *c, PGconn *conn, const struct catalog_wish *wish)
{
	struct lookup lookup = {0};

	buf_append_string(&lookup.sql,
	                  "SELECT sensor_id, type, name, schema FROM sensors WHERE true");
	add_condition(&lookup, "type", &wish->types);
	add_condition(&lookup, "name", &wish->sensors);
	buf_append_string(&lookup.sql, " ORDER BY sensor_id");
	c->sensor_rows = run_lookup(&lookup, conn, "cannot read the sensors");
	c->sensor_count = (size_t)PQntuples(c->sensor_rows);
	c->sensors = allocate(c->sensor_count, sizeof(*c->sensors));
	for (size_t i = 0; i < c->sensor_count; i++)
		c->sensors[i] = (struct catalog_sensor){
		    .id = (int32_t)strtol(PQgetvalue(c->sensor_rows, (int)i, 0), NULL, 10),
		    .type = value_of(c->sensor_rows, i, 1),
		    .name = value_of(c->sensor_rows, i, 2),
		    .schema = value_of(c->sensor_rows, i, 3),
		};
}

static void read_metrics(struct catalog *c, PGconn *conn, const struct catalog_wish *wish)
{
	struct lookup lookup = {0};

	buf_append_string(&lookup.sql, "SELECT metric_id, name, unit FROM metrics WHERE true");
	add_condition(&lookup, "name", &wish->metrics);
	buf_append_string(&lookup.sql, " ORDER BY metric_id");
	c->metric_rows = run_lookup(&lookup, conn, "cannot read the metrics");
	c->metric_count = (size_t)PQntuples(c->metric_rows);
	c->all_metrics = wish->metrics.count == 0;
	c->metrics = allocate(c->metric_count, sizeof(*c->metrics));
	for (size_t i = 0; i < c->metric_count; i++)
		c->metrics[i] = (struct catalog_metric){
		    .id = (int16_t)strtol(PQgetvalue(c->metric_rows, (int)i, 0), NULL, 10),
		    .name = value_of(c->metric_rows, i, 1),
		    .unit = value_of(c->metric_rows, i, 2),
		};
}

void catalog_read(struct catalog *c, PGconn *conn, const struct catalog_wish *wish)
{
	*c = (struct catalog){0};
	read_sensors(c, conn, wish);
	read_metrics(c, conn, wish);
	/* Where a list has one name, that it found something shows that it matches. */
	if (c->sensor_count == 0 || wish->types.count > 1)
		check_names(conn, &type_column, &wish->types);
	if (c->sensor_count == 0 || wish->sensors.count > 1)
		check_names(conn, &sensor_column, &wish->sensors);
	if (c->metric_count == 0 || wish->metrics.count > 1)
		check_names(conn, &metric_column, &wish->metrics);
	if (c->sensor_count == 0 && wish->types.count > 0 && wish->sensors.count > 0)
		msg_die(EX_NOINPUT, "no sensor matches both --type and --sensor");
}

void catalog_free(struct catalog *c)
{
	free(c->sensors);
	free(c->metrics);
	PQclear(c->sensor_rows);
	PQclear(c->metric_rows);
}

const struct catalog_sensor *catalog_find_sensor(const struct catalog *c, int32_t id)
{
	size_t low = 0, high = c->sensor_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->sensors[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < c->sensor_count && c->sensors[low].id == id ? &c->sensors[low] : NULL;
}

const struct catalog_metric *catalog_find_metric(const struct catalog *c, int16_t id)
{
	size_t low = 0, high = c->metric_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->metrics[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < c->metric_count && c->metrics[low].id == id ? &c->metrics[low] : NULL;
}
