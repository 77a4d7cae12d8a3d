#include "grant.h"

#include "base/msg.h"
#include "link/db.h"
#include "schema.h"
#include "sql_files.h"

#include <stdio.h>

const char *const grant_roles[] = {"writer", "replacer", "reader", "admin", NULL};

enum { ADMIN = 3, GROUP_MAX = 64 };

static void require_role(PGconn *conn, const char *name)
{
	char found[2];

	if (!db_value(conn, "cannot look for the role", "SELECT 1 FROM pg_roles WHERE rolname = $1",
	              name, found, sizeof(found)))
		msg_die(
		    EX_CONFIG,
		    "there is no role '%s' to make a member: make it first (CREATE ROLE ... LOGIN)",
		    name);
}

/* Members of sensorpipe_admin act as the owner: that must not make superusers of them. */
static bool owner_is_superuser(PGconn *conn, char *owner, size_t size)
{
	return db_value(conn, "cannot look for the owner of the schema",
	                "SELECT o.rolname FROM pg_class AS c "
	                "JOIN pg_roles AS o ON o.oid = c.relowner "
	                "WHERE c.oid = to_regclass('schema_migrations') AND o.rolsuper",
	                NULL, owner, size);
}

static void check_owner(PGconn *conn, bool needed)
{
	char owner[GROUP_MAX];

	if (!owner_is_superuser(conn, owner, sizeof(owner)))
		return;
	if (needed)
		msg_die(EX_CONFIG,
		        "the schema belongs to '%s', a superuser, whom nobody should act as: "
		        "see Roles in tsdb-admin(1)",
		        owner);
	msg_warn("the schema belongs to '%s', a superuser: sensorpipe_admin may only look at it; "
	         "see Roles in tsdb-admin(1)",
	         owner);
}

static void add_member(const struct hand *hand, const char *group, const char *name)
{
	const char *const params[] = {group, name};
	PGresult *result = db_query_params(hand->conn, "cannot look at the members of the role",
	                                   sql_text("grant", "member"), 2, params);
	char what[2 * GROUP_MAX + 64];

	snprintf(what, sizeof(what), "cannot make '%s' a member of %s", name, group);
	if (PQntuples(result) > 0) {
		hand_perform(hand, what, PQgetvalue(result, 0, 0));
		msg_info("'%s' %s a member of %s", name, hand->dry_run ? "is to be" : "is now",
		         group);
	} else {
		msg_info("'%s' is a member of %s", name, group);
	}
	PQclear(result);
}

void grant_run(PGconn *conn, int role, const char *name, bool dry_run)
{
	const struct hand hand = {conn, dry_run};
	char group[GROUP_MAX];
	int made;

	schema_require_known(conn);
	snprintf(group, sizeof(group), "sensorpipe_%s", grant_roles[role]);
	if (name != NULL)
		require_role(conn, name);
	check_owner(conn, name != NULL && role == ADMIN);
	schema_begin(&hand);
	made = hand_perform_all(&hand, "cannot make the roles", sql_text("grant", "roles"));
	hand_become_owner(&hand);
	hand_perform_all(&hand, "cannot grant", sql_text("grant", "rights"));
	hand_perform(&hand, "cannot be who it was", "RESET ROLE;");
	if (name != NULL)
		add_member(&hand, group, name);
	hand_perform(&hand, "cannot commit", "COMMIT;");
	hand_flush();
	msg_info("roles and memberships: %d %s; rights in database '%s' %s", made,
	         dry_run ? "to make" : "made", PQdb(conn), dry_run ? "to be granted" : "granted");
}

void grant_again(const struct hand *hand)
{
	char granted[2];

	if (!db_value(hand->conn, "cannot look at the rights of the roles",
	              "SELECT 1 FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS a "
	              "JOIN pg_roles AS r ON r.oid = a.grantee "
	              "WHERE c.oid = to_regclass('sensors') AND r.rolname = 'sensorpipe_reader'",
	              NULL, granted, sizeof(granted)))
		return;
	if (!hand->dry_run) {
		hand_perform_all(hand, "cannot grant", sql_text("grant", "rights"));
		return;
	}
	/* What is to be granted on, is not there yet: psql asks for the statements by itself. */
	printf("%s\\gexec\n", sql_text("grant", "rights"));
}
