/*
 * msg: diagnostics on standard error, and the exit statuses of all tools.
 *
 * A message is one line, `tool: text` or `tool: input:line: text`, in lower
 * case, its subject quoted, written with a single write(2). Bytes that are not
 * printable UTF-8 are shown as \xHH, so hostile input cannot drive a terminal.
 * Longer messages are cut at MSG_MAX bytes. errno is preserved.
 *
 * Exit statuses are those of sysexits(3): EX_OK 0, EX_USAGE 64, EX_DATAERR 65,
 * EX_UNAVAILABLE 69, EX_SOFTWARE 70, EX_OSERR 71, EX_CANTCREAT 73, EX_IOERR 74,
 * EX_TEMPFAIL 75, EX_NOPERM 77, EX_CONFIG 78.
 */
#ifndef SENSORPIPE_MSG_H
#define SENSORPIPE_MSG_H

#include <stdint.h>
#include <sysexits.h>

enum { MSG_MAX = 4096 };

/*
 * Names the tool in every message; `tool` must outlive the process's use of msg. Every main()
 * begins with it, so it also sees to standard input, output and error: in the place of one that is
 * closed comes one that cannot be read or written (EBADF), so that no file opened later is taken
 * for it.
 */
void msg_init(const char *tool);
const char *msg_tool(void);

/* With --quiet: msg_info() prints nothing. */
void msg_set_quiet(void);

/* What an operator may like to know: progress, summaries. */
void msg_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What is wrong. */
void msg_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What is wrong at a place of the input, lines counted from 1. */
void msg_at(const char *input, uint64_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says what is wrong and ends the process. Flushes no output. */
_Noreturn void msg_die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As msg_die(EX_USAGE, ...) with a hint at -h and the manual page. */
_Noreturn void msg_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
