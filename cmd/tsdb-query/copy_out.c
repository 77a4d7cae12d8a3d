#include "copy_out.h"

#include "base/msg.h"
#include "base/stop.h"

#include <endian.h>
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <string.h>

/* The binary format: see COPY in the manual of PostgreSQL. */
enum { EXTENSION_LEN_AT = 15 };

/* 2000-01-01, from which the server counts, in microseconds since 1970. */
#define SERVER_EPOCH INT64_C(946684800000000)

static void cancel(PGconn *conn)
{
	char why[256]; /* of no interest: the connection is closed next */
	PGcancel *handle = PQgetCancel(conn);

	if (handle)
		PQcancel(handle, why, sizeof(why));
	PQfreeCancel(handle);
}

static _Noreturn void die_stopped(PGconn *conn)
{
	cancel(conn);
	msg_die(EX_TEMPFAIL, "stopped before the end: what was written is not complete");
}

static _Noreturn void die_malformed(void)
{
	msg_die(EX_SOFTWARE, "the server sent a row that this tool does not understand");
}

void copy_out_begin(struct copy_out *c, PGconn *conn, const char *query, struct out *out)
{
	struct buf sql = {0};

	*c = (struct copy_out){.conn = conn, .out = out};
	buf_printf(&sql, "COPY (%s) TO STDOUT (FORMAT binary)", query);
	if (!PQsendQuery(conn, buf_string(&sql)))
		db_fail(conn, NULL, "cannot send the query");
	buf_free(&sql);
}

/* Waits until the server sent something. */
static void wait_for_server(struct copy_out *c)
{
	struct pollfd fds[] = {
	    {.fd = PQsocket(c->conn), .events = POLLIN},
	    {.fd = stop_fd(), .events = POLLIN},
	    {.fd = c->out->fd},
	};

	out_flush(c->out);
	if (poll(fds, sizeof(fds) / sizeof(fds[0]), -1) < 0 && errno != EINTR)
		msg_die(EX_OSERR, "cannot wait for the server: %s", strerror(errno));
	if (stop_requested())
		die_stopped(c->conn);
	if (fds[2].revents & (POLLERR | POLLHUP)) {
		cancel(c->conn);
		out_die_broken(c->out);
	}
	/* A connection that broke shows as a failed statement. */
	PQconsumeInput(c->conn);
}

/* Waits for the next result and checks it. */
static void expect_result(struct copy_out *c, ExecStatusType status)
{
	PGresult *result;

	while (PQisBusy(c->conn))
		wait_for_server(c);
	result = PQgetResult(c->conn);
	if (PQresultStatus(result) != status)
		db_fail(c->conn, result, "the query failed");
	PQclear(result);
}

/* The next message of the copy; false at its end. */
static bool next_message(struct copy_out *c)
{
	int len;

	PQfreemem(c->message);
	c->message = NULL;
	if (stop_requested())
		die_stopped(c->conn);
	while ((len = PQgetCopyData(c->conn, &c->message, 1)) == 0)
		wait_for_server(c);
	if (len < 0) {
		expect_result(c, PGRES_COMMAND_OK);
		while (PQgetResult(c->conn))
			;
		return false;
	}
	c->pos = c->message;
	c->end = c->message + len;
	return true;
}

static const char *take(struct copy_out *c, size_t len)
{
	const char *bytes = c->pos;

	if ((size_t)(c->end - c->pos) < len)
		die_malformed();
	c->pos += len;
	return bytes;
}

static uint16_t take_u16(struct copy_out *c)
{
	uint16_t n;

	memcpy(&n, take(c, sizeof(n)), sizeof(n));
	return be16toh(n);
}

static uint32_t take_u32(struct copy_out *c)
{
	uint32_t n;

	memcpy(&n, take(c, sizeof(n)), sizeof(n));
	return be32toh(n);
}

static uint64_t take_u64(struct copy_out *c)
{
	uint64_t n;

	memcpy(&n, take(c, sizeof(n)), sizeof(n));
	return be64toh(n);
}

/* The head, which comes before the first row. */
static void take_head(struct copy_out *c)
{
	static const char signature[] = "PGCOPY\n\377\r\n";

	if (memcmp(take(c, EXTENSION_LEN_AT), signature, sizeof(signature)) != 0)
		die_malformed();
	take(c, take_u32(c));
	c->begun = true;
}

bool copy_out_next(struct copy_out *c)
{
	if (!c->begun) {
		expect_result(c, PGRES_COPY_OUT);
		if (!next_message(c))
			return false;
		take_head(c);
	}
	if (c->pos == c->end && !next_message(c))
		return false;
	if (take_u16(c) != UINT16_MAX) /* the number of fields */
		return true;
	/* The end of the rows. */
	if (next_message(c))
		die_malformed();
	return false;
}

/* The next field, which is not null and of this many bytes. */
static void field(struct copy_out *c, uint32_t len)
{
	if (take_u32(c) != len)
		die_malformed();
}

int16_t copy_out_int2(struct copy_out *c)
{
	field(c, sizeof(int16_t));
	return (int16_t)take_u16(c);
}

int32_t copy_out_int4(struct copy_out *c)
{
	field(c, sizeof(int32_t));
	return (int32_t)take_u32(c);
}

int64_t copy_out_time(struct copy_out *c)
{
	field(c, sizeof(int64_t));
	return (int64_t)take_u64(c) + SERVER_EPOCH;
}

bool copy_out_bool(struct copy_out *c)
{
	field(c, 1);
	return *take(c, 1) != 0;
}

double copy_out_float8(struct copy_out *c)
{
	uint32_t len = take_u32(c);
	uint64_t bits;
	double value;

	if (len == UINT32_MAX)
		return NAN;
	if (len != sizeof(bits))
		die_malformed();
	bits = take_u64(c);
	memcpy(&value, &bits, sizeof(value));
	return value;
}

struct slice copy_out_text(struct copy_out *c)
{
	uint32_t len = take_u32(c);

	/* The length of a null is more than there can be. */
	return (struct slice){take(c, len), len};
}
