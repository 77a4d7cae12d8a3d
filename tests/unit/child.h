/*
 * child: runs a function in a child process and keeps what it writes to standard error and how it
 * ended: for testing what ends a process.
 */
#ifndef SENSORPIPE_CHILD_H
#define SENSORPIPE_CHILD_H

#include "unit.h"

#include <sys/wait.h>
#include <unistd.h>

struct child {
	int status;       /* of exit; -1 when a signal ended it */
	char text[16384]; /* its standard error */
};

static inline void run_child(struct child *c, void (*body)(const void *), const void *arg)
{
	size_t used = 0;
	int ends[2], status = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		body(arg);
		_exit(0);
	}
	close(ends[1]);
	while ((n = read(ends[0], c->text + used, sizeof(c->text) - 1 - used)) > 0)
		used += (size_t)n;
	c->text[used] = '\0';
	close(ends[0]);
	waitpid(pid, &status, 0);
	c->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
