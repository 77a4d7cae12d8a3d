/*
 * spool-writer: appends message records to a spool, for the tests of what reads one.
 *
 *   spool-writer DIR [SEGMENT-BYTES [KEEP-SECONDS]] <RECORDS
 *
 * Takes message records from standard input, one record each time it can, and
 * writes each to standard output as it is in the spool, with its number and
 * crc. After each it trims what the consumers have passed. Nothing is synced.
 */
#include "base/msg.h"
#include "base/opt.h"
#include "base/stop.h"
#include "durable/spool_writer.h"
#include "stream/line.h"
#include "stream/out.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Appends the record and prints it; trims. */
static void append(struct spool_writer *w, struct slice record, struct buf *scratch,
                   struct out *out)
{
	struct record_error error;
	struct message m;
	struct slice line;

	if (message_parse(record, scratch, &m, &error) < 0)
		msg_die(EX_DATAERR, "column %zu: %s", error.column, error.what);
	if (spool_append(w, &m, &line) != SPOOL_OK)
		msg_die(EX_IOERR, "cannot append: %s", strerror(errno));
	buf_append_slice(&out->buf, line);
	out_line(out);
	if (spool_tick(w) < 0)
		msg_die(EX_IOERR, "cannot sync: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	struct spool_options options = {
	    .path = argv[1],
	    .sync = SPOOL_SYNC_NONE,
	    .segment_size = SPOOL_SEGMENT_DEFAULT,
	    .max_size = SPOOL_SIZE_DEFAULT,
	};
	struct spool_writer *w;
	struct line_reader in;
	struct buf scratch = {0};
	struct slice record;
	struct out out;

	msg_init("spool-writer");
	if (argc < 2 || argc > 4)
		msg_die(EX_USAGE, "usage: spool-writer DIR [SEGMENT-BYTES [KEEP-SECONDS]]");
	if (argc > 2)
		options.segment_size = opt_bytes("SEGMENT-BYTES", argv[2], SPOOL_SEGMENT_LEAST,
		                                 SPOOL_SEGMENT_MOST);
	if (argc > 3)
		options.keep = (int64_t)opt_u64("KEEP-SECONDS", argv[3], 0, 86400) * 1000000;
	stop_init();
	out_init(&out, STDOUT_FILENO, "stdout");
	line_init(&in, STDIN_FILENO, "stdin", LINE_MAX_MOST);
	line_flush_before_block(&in, &out);
	w = spool_writer_open(&options);
	while (line_next(&in, &record) == LINE_OK)
		append(w, record, &scratch, &out);
	if (spool_writer_close(w) < 0)
		msg_die(EX_IOERR, "cannot close: %s", strerror(errno));
	out_close(&out);
	line_free(&in);
	buf_free(&scratch);
	return EX_OK;
}
