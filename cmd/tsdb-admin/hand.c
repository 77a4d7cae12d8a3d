#include "hand.h"

#include "base/buf.h"
#include "base/msg.h"
#include "link/db.h"

#include <stdio.h>
#include <string.h>

void hand_perform(const struct hand *hand, const char *what, const char *sql)
{
	if (!hand->dry_run)
		db_run(hand->conn, what, sql);
	else if (printf("%s\n", sql) < 0)
		msg_die(EX_IOERR, "stdout: %m");
}

int hand_perform_all(const struct hand *hand, const char *what, const char *query)
{
	PGresult *result = db_query(hand->conn, what, query, NULL);
	int count = PQntuples(result);
	struct buf sql = {0};

	for (int row = 0; row < count; row++) {
		buf_clear(&sql);
		buf_printf(&sql, "%s;", PQgetvalue(result, row, 0));
		hand_perform(hand, what, buf_string(&sql));
	}
	buf_free(&sql);
	PQclear(result);
	return count;
}

void hand_become_owner(const struct hand *hand)
{
	static const char query[] =
	    "SELECT format('SET ROLE %I', o.rolname) "
	    "FROM pg_class AS c JOIN pg_roles AS o ON o.oid = c.relowner "
	    "WHERE c.oid = to_regclass('schema_migrations') AND o.rolname <> current_user "
	    "AND pg_has_role(o.oid, 'MEMBER')";

	hand_perform_all(hand, "cannot become the owner of the schema", query);
}

void hand_flush(void)
{
	if (fflush(stdout) != 0)
		msg_die(EX_IOERR, "stdout: %m");
}
