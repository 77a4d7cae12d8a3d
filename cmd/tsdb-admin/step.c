#include "step.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "link/db.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

void step_init(PGconn *conn)
{
	/* Compiling the query for what is due takes seconds, which running it does not. */
	db_run(conn, "cannot set the session up",
	       "SET lock_timeout TO '" STEP_LOCK_WAIT "'; SET jit TO off");
}

/* Asks the server to end the statement, whose result tells how it ended. */
static void cancel(PGconn *conn)
{
	PGcancel *request = PQgetCancel(conn);
	char error[256];

	if (request == NULL || !PQcancel(request, error, sizeof(error)))
		msg_die(EX_TEMPFAIL, "stopped; the server goes on with the statement at hand");
	PQfreeCancel(request);
}

/* Waits until the result is there. */
static void wait_for_result(PGconn *conn)
{
	struct pollfd fds[] = {{.fd = PQsocket(conn), .events = POLLIN},
	                       {.fd = stop_fd(), .events = POLLIN}};
	nfds_t watched = 2;

	while (PQisBusy(conn)) {
		if (poll(fds, watched, -1) < 0 && errno != EINTR)
			msg_die(EX_OSERR, "poll: %s", strerror(errno));
		if (watched == 2 && stop_requested()) {
			cancel(conn);
			watched = 1;
		}
		if (fds[0].revents != 0 && !PQconsumeInput(conn))
			return; /* the connection is gone: the result says so */
	}
}

/* The last result of the statement. */
static PGresult *execute(PGconn *conn, const char *sql)
{
	PGresult *result = NULL, *next;

	if (!PQsendQuery(conn, sql))
		return PQmakeEmptyPGresult(conn, PGRES_FATAL_ERROR);
	for (;;) {
		wait_for_result(conn);
		next = PQgetResult(conn);
		if (next == NULL)
			return result;
		PQclear(result);
		result = next;
	}
}

/* Some time between a quarter of STEP_PAUSE and all of it: who holds the lock again and again is
 * met at another moment. */
static void pause_before_retry(void)
{
	struct pollfd fd = {.fd = stop_fd(), .events = POLLIN};
	int64_t most = STEP_PAUSE / 1000;

	poll(&fd, 1, (int)(most / 4 + random() % (most * 3 / 4)));
}

static bool is_in_use(const char *sqlstate)
{
	return strcmp(sqlstate, "55P03") == 0 || strcmp(sqlstate, "40P01") == 0;
}

enum step_end step_run(PGconn *conn, const char *what, const char *sql, unsigned tries,
                       PGresult **result)
{
	for (unsigned try = 1; !stop_requested(); try++) {
		PGresult *r = execute(conn, sql);
		const char *sqlstate = PQresultErrorField(r, PG_DIAG_SQLSTATE);
		ExecStatusType status = PQresultStatus(r);
		bool in_use = sqlstate != NULL && is_in_use(sqlstate);

		if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
			*result = r;
			return STEP_DONE;
		}
		if (!in_use &&
		    !(stop_requested() && sqlstate != NULL && strcmp(sqlstate, "57014") == 0))
			db_fail(conn, r, what);
		PQclear(r);
		if (in_use && try >= tries)
			return STEP_IN_USE;
		pause_before_retry();
	}
	return STEP_STOPPED;
}
