/*
 * opt: values of command line options, checked as they are read.
 *
 * Every function names the option in its message and ends the process with
 * EX_USAGE when the value is not what the option takes. `option` is the name
 * as the user writes it ("--max-batch", "-q").
 */
#ifndef SENSORPIPE_OPT_H
#define SENSORPIPE_OPT_H

#include "base/buf.h"

#include <getopt.h>
#include <stdint.h>

/* In a table of long options: --help. (-h is help, too, in tools that do not take it with a value.)
 */
enum { OPT_HELP = 0x10000 };

/*
 * The next option, as getopt_long(3) gives it; -1 after the last. --help and -V
 * (to be listed, too) are served here: `usage`, or the tool's name and version,
 * goes to standard output and the process ends. So it does, with EX_USAGE, on
 * an option that is unknown or lacks its value.
 */
int opt_next(int argc, char *const argv[], const char *shorts, const struct option longs[],
             const char *usage);

/* A decimal integer in [min, max]. */
uint64_t opt_u64(const char *option, const char *value, uint64_t min, uint64_t max);

/* A decimal number in [min, max]; not NaN, not infinite. */
double opt_double(const char *option, const char *value, double min, double max);

/* Bytes: a decimal integer with an optional suffix K, M or G (powers of 1024). */
uint64_t opt_bytes(const char *option, const char *value, uint64_t min, uint64_t max);

/* One of the words of the NULL-terminated list; returns its index. */
int opt_choice(const char *option, const char *value, const char *const words[]);

/*
 * The secret in a file: its content without one final line end. The file must
 * hold 1 to 65535 bytes; a file that others may read draws a warning. The
 * caller owns the buffer and clears it with opt_wipe().
 */
void opt_secret_file(const char *option, const char *path, struct buf *secret);
void opt_wipe(struct buf *secret);

#endif
