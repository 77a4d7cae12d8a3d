#include "policy.h"

#include "base/buf.h"
#include "base/msg.h"
#include "hand.h"
#include "link/db.h"
#include "report.h"
#include "schema.h"
#include "sql_files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR     3600.0
#define DAY      (24 * HOUR)
#define YEAR     (365.25 * DAY) /* as PostgreSQL counts a year in seconds */
#define AGE_MOST (1000 * YEAR)

/* Readings are dropped by the day; the refresh of the daily rollup needs hours of more than two
 * days. */
static const struct rule {
	const char *name;
	double least; /* seconds */
} rules[] = {
    {"raw", DAY}, {"texts", DAY}, {"hourly", 3 * DAY}, {"daily", 3 * DAY}, {"compress", HOUR},
};

/* What is kept at least as long as the one before it. */
static const char *const order[] = {"raw", "hourly", "daily"};

/* ---- ages ---- */

static const struct unit {
	char letter;
	double seconds;
	const char *word;
} units[] = {{'h', HOUR, "hour"}, {'d', DAY, "day"}, {'w', 7 * DAY, "week"}, {'y', YEAR, "year"}};

static const struct unit *unit_of(char letter)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].letter == letter)
			return &units[i];
	return NULL;
}

static const char *parse_age(struct policy *p, const char *text, double least)
{
	size_t digits = strspn(text, "0123456789");
	const struct unit *unit;
	long number;

	if (strcmp(text, "never") == 0) {
		p->age[0] = '\0';
		p->seconds = INFINITY;
		return NULL;
	}
	unit = digits > 0 && digits < 9 && text[digits] != '\0' ? unit_of(text[digits]) : NULL;
	if (unit == NULL || text[digits + 1] != '\0')
		return "is not an age such as 12h, 90d, 8w or 1y, nor 'never'";
	number = strtol(text, NULL, 10);
	p->seconds = (double)number * unit->seconds;
	snprintf(p->age, sizeof(p->age), "%ld %s%s", number, unit->word, number == 1 ? "" : "s");
	if (p->seconds < least)
		return "is too short";
	return p->seconds > AGE_MOST ? "is over 1000 years; say 'never'" : NULL;
}

static const struct rule *find_rule(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strlen(rules[i].name) == len && memcmp(rules[i].name, name, len) == 0)
			return &rules[i];
	return NULL;
}

static const struct policy *find(const struct policies *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->all[i].name, name) == 0)
			return &list->all[i];
	return NULL;
}

const char *policy_parse(struct policies *list, const char *text)
{
	size_t len = strcspn(text, "=");
	const struct rule *rule = find_rule(text, len);
	struct policy *p;

	if (text[len] == '\0')
		return "is not NAME=AGE";
	if (rule == NULL)
		return "names no policy: there are raw, texts, hourly, daily and compress";
	if (find(list, rule->name) != NULL)
		return "names a policy a second time";
	p = &list->all[list->count++];
	p->name = rule->name;
	return parse_age(p, text + len + 1, rule->least);
}

/* ---- what goes together ---- */

/* As it will be; NULL: there is none. */
static const struct policy *after(const struct policies *now, const struct policies *changes,
                                  const char *name)
{
	const struct policy *change = find(changes, name);

	return change != NULL ? change : find(now, name);
}

static const char *age_text(const struct policy *p)
{
	return p->age[0] != '\0' ? p->age : "never";
}

bool policy_check(const struct policies *now, const struct policies *changes, char *fault,
                  size_t size)
{
	for (size_t i = 0; i < changes->count; i++)
		if (find(now, changes->all[i].name) == NULL) {
			snprintf(fault, size, "there is no policy '%s' on this engine",
			         changes->all[i].name);
			return false;
		}
	for (size_t i = 1; i < sizeof(order) / sizeof(order[0]); i++) {
		const struct policy *shorter = after(now, changes, order[i - 1]);
		const struct policy *longer = after(now, changes, order[i]);

		if (shorter != NULL && longer != NULL && shorter->seconds > longer->seconds) {
			snprintf(
			    fault, size,
			    "%s (%s) is to be kept no longer than %s (%s), which is made of it",
			    shorter->name, age_text(shorter), longer->name, age_text(longer));
			return false;
		}
	}
	return true;
}

/* ---- with a database ---- */

/* Databases without the step that made them have none. */
static void require_policies(PGconn *conn)
{
	char name[64];

	schema_require(conn);
	if (!db_value(conn, "cannot look for the policies", "SELECT to_regclass('policies')", NULL,
	              name, sizeof(name)))
		msg_die(
		    EX_CONFIG,
		    "this database has no policies: either the schema is old ('tsdb-admin "
		    "migrate' brings it up to date), or its engine, timescaledb-apache, has none");
}

void policy_print(PGconn *conn, bool json)
{
	struct buf out = {0};
	PGresult *result;

	require_policies(conn);
	result = db_query(conn, "cannot read the policies", sql_text("status", "policies"), NULL);
	if (json) {
		report_json_table(&out, result);
		buf_putc(&out, '\n');
	} else {
		report_text_table(&out, result);
	}
	if (fwrite(out.ptr, 1, out.len, stdout) != out.len)
		msg_die(EX_IOERR, "stdout: %m");
	PQclear(result);
	buf_free(&out);
}

static void read_policies(PGconn *conn, struct policies *now)
{
	PGresult *result = db_query(conn, "cannot read the policies",
	                            "SELECT name, value, extract(epoch FROM value) FROM policies",
	                            NULL);

	now->count = 0;
	for (int row = 0; row < PQntuples(result) && now->count < POLICIES_MAX; row++) {
		const char *name = PQgetvalue(result, row, 0);
		const struct rule *rule = find_rule(name, strlen(name));
		struct policy *p = &now->all[now->count];

		if (rule == NULL)
			continue;
		p->name = rule->name;
		snprintf(p->age, sizeof(p->age), "%s", PQgetvalue(result, row, 1));
		p->seconds = p->age[0] != '\0' ? strtod(PQgetvalue(result, row, 2), NULL)
		                               : INFINITY;
		now->count++;
	}
	PQclear(result);
}

static void set_one(PGconn *conn, const struct policy *old, const struct policy *p)
{
	const char *const params[] = {p->name, p->age[0] != '\0' ? p->age : NULL};

	PQclear(
	    db_query_params(conn, "cannot set the policy", "SELECT set_policy($1, $2)", 2, params));
	msg_info("policy %s: was %s, is %s", p->name, age_text(old), age_text(p));
}

void policy_set(PGconn *conn, const struct policies *changes, bool dry_run)
{
	struct policies now;
	char fault[256];
	size_t changed = 0;

	require_policies(conn);
	schema_require_known(conn);
	hand_become_owner(&(struct hand){.conn = conn});
	db_run(conn, "cannot begin",
	       "BEGIN;\n"
	       "SET LOCAL lock_timeout TO '" SCHEMA_LOCK_TIMEOUT "';\n"
	       "SELECT pg_advisory_xact_lock(hashtext('sensorpipe policies'));");
	read_policies(conn, &now);
	if (!policy_check(&now, changes, fault, sizeof(fault)))
		msg_die(EX_CONFIG, "%s", fault);
	for (size_t i = 0; i < changes->count; i++) {
		const struct policy *p = &changes->all[i], *old = find(&now, p->name);

		if (p->seconds == old->seconds)
			continue;
		changed++;
		if (dry_run)
			printf("-%s %s\n+%s %s\n", p->name, age_text(old), p->name, age_text(p));
		else
			set_one(conn, old, p);
	}
	db_run(conn, "cannot commit", "COMMIT");
	if (changed == 0)
		msg_info("the policies are as asked for");
}
