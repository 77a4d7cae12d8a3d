/*
 * command: the program that installs a verified image.
 *
 * It is started without a shell, as PROGRAM IMAGE VERSION, in a process group of
 * its own, with a minimal environment (COMMAND_PATH, LC_ALL=C.UTF-8), standard
 * input from /dev/null, standard output on the tool's standard error, signals as
 * they are by default. It may take so long; then its group is killed. If the
 * tool is killed the command goes on alone.
 */
#ifndef FW_FETCH_COMMAND_H
#define FW_FETCH_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define COMMAND_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct command {
	/* To be read by the caller. */
	int fd;           /* readable when the command has ended; -1: there is none */
	int64_t deadline; /* clock_monotonic(); INT64_MAX: there is none */

	/* Private. */
	pid_t pid;
	bool killed;
};

/* And has SIGCHLD as it is by default, in case whoever started the tool ignored it. */
void command_init(struct command *c);

struct command_options {
	const char *program; /* a path with a slash in it */
	const char *image, *version;
	int64_t timeout; /* microseconds */
	int inherited;   /* a descriptor that the command keeps open */
};

/* 0, or -1 with errno. A program that cannot be executed is one that ends with status 127. */
int command_start(struct command *c, const struct command_options *o);

enum command_end {
	COMMAND_RUNNING, /* or there is none */
	COMMAND_SUCCEEDED,
	COMMAND_FAILED,
	COMMAND_INTERRUPTED, /* by SIGTERM, SIGINT, SIGHUP or SIGKILL of somebody else, as when the
	                        service or the machine is stopped: that says nothing of the image;
	                        or its exit status is that of a shell script this happened to */
};

/* Looks whether the command has ended; kills it when it is over its time. `reason` says why it did
 * not succeed. */
enum command_end command_ended(struct command *c, char *reason, size_t size);

#endif
