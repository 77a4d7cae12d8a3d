#include "base/opt.h"

#include "base/msg.h"
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MAX = 65535 };

/* Reads decimal digits; false when there are none or they overflow. */
static bool read_u64(const char **at, uint64_t *value)
{
	const char *p = *at;

	*value = 0;
	for (; *p >= '0' && *p <= '9'; p++) {
		unsigned digit = (unsigned)(*p - '0');

		if (*value > (UINT64_MAX - digit) / 10)
			return false;
		*value = *value * 10 + digit;
	}
	if (p == *at)
		return false;
	*at = p;
	return true;
}

static _Noreturn void print_and_exit(const char *text)
{
	if (fputs(text, stdout) == EOF || fflush(stdout) == EOF)
		msg_die(EX_IOERR, "stdout: %s", strerror(errno));
	exit(EX_OK);
}

static _Noreturn void print_version(void)
{
	struct buf line = {0};

	buf_printf(&line, "%s %s\n", msg_tool(), SENSORPIPE_VERSION);
	print_and_exit(buf_string(&line));
}

int opt_next(int argc, char *const argv[], const char *shorts, const struct option longs[],
             const char *usage)
{
	int option;

	opterr = 0; /* messages are ours */
	option = getopt_long(argc, argv, shorts, longs, NULL);
	if (option == '?')
		msg_usage("'%s': unknown option, or its value is missing", argv[optind - 1]);
	if (option == 'V')
		print_version();
	if (option == OPT_HELP || (option == 'h' && !strstr(shorts, "h:")))
		print_and_exit(usage);
	return option;
}

uint64_t opt_u64(const char *option, const char *value, uint64_t min, uint64_t max)
{
	const char *p = value;
	uint64_t n;

	if (!read_u64(&p, &n) || *p || n < min || n > max)
		msg_usage("%s '%s': not a number from %" PRIu64 " to %" PRIu64, option, value, min,
		          max);
	return n;
}

double opt_double(const char *option, const char *value, double min, double max)
{
	char *end;
	double n;

	errno = 0;
	n = strtod(value, &end);
	if (end == value || *end || errno || !isfinite(n) || n < min || n > max)
		msg_usage("%s '%s': not a number from %g to %g", option, value, min, max);
	return n;
}

uint64_t opt_bytes(const char *option, const char *value, uint64_t min, uint64_t max)
{
	static const char suffixes[] = "KMG";
	const char *p = value, *suffix;
	unsigned shift = 0;
	uint64_t n;
	bool sound = read_u64(&p, &n);

	if (sound && *p && (suffix = strchr(suffixes, *p))) {
		shift = 10 * (unsigned)(suffix - suffixes + 1);
		p++;
	}
	if (!sound || *p || n > UINT64_MAX >> shift || n << shift < min || n << shift > max)
		msg_usage("%s '%s': not a size from %" PRIu64 " to %" PRIu64
		          " bytes (suffixes K, M, G)",
		          option, value, min, max);
	return n << shift;
}

int opt_choice(const char *option, const char *value, const char *const words[])
{
	struct buf list = {0};

	for (int i = 0; words[i]; i++) {
		if (strcmp(value, words[i]) == 0) {
			buf_free(&list);
			return i;
		}
		buf_printf(&list, "%s%s", i ? ", " : "", words[i]);
	}
	msg_usage("%s '%s': not one of: %s", option, value, buf_string(&list));
}

void opt_secret_file(const char *option, const char *path, struct buf *secret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n;

	secret_no_core();
	if (fd < 0 || fstat(fd, &st) < 0)
		msg_die(EX_NOINPUT, "%s: cannot open '%s': %s", option, path, strerror(errno));
	if (S_ISREG(st.st_mode) && (st.st_mode & (S_IRWXG | S_IRWXO) & ~S_IRGRP))
		msg_warn("%s: '%s' is open to others; use: chmod 600 '%s'", option, path, path);
	do {
		buf_reserve(secret, SECRET_MAX + 2);
		n = read(fd, secret->ptr + secret->len, SECRET_MAX + 2 - secret->len);
		if (n < 0)
			msg_die(EX_NOINPUT, "%s: cannot read '%s': %s", option, path,
			        strerror(errno));
		secret->len += (size_t)n;
	} while (n > 0 && secret->len < SECRET_MAX + 2);
	close(fd);
	if (secret->len && secret->ptr[secret->len - 1] == '\n')
		secret->len--;
	if (secret->len && secret->ptr[secret->len - 1] == '\r')
		secret->len--;
	if (secret->len == 0 || secret->len > SECRET_MAX)
		msg_die(EX_NOINPUT, "%s: '%s' does not hold a secret of 1 to %d bytes", option,
		        path, SECRET_MAX);
}

void opt_wipe(struct buf *secret)
{
	if (secret->ptr)
		explicit_bzero(secret->ptr, secret->cap);
	buf_free(secret);
}
