#include "command.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* As the shell says it: of itself, and of a program it waited for that a signal ended. */
enum { CANNOT_EXECUTE = 127, BY_SIGNAL = 128 };

void command_init(struct command *c)
{
	/* Ignored, its status would be gone with it. */
	signal(SIGCHLD, SIG_DFL);
	*c = (struct command){.fd = -1, .deadline = INT64_MAX};
}

/* In the child. Those that have come for it meanwhile are delivered now. */
static void reset_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child. Only what is safe between fork(2) and execve(2). */
_Noreturn static void execute(const struct command_options *o)
{
	const char *const argv[] = {o->program, o->image, o->version, NULL};
	const char *const environment[] = {COMMAND_PATH, "LC_ALL=C.UTF-8", NULL};
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setpgid(0, 0);
	reset_signals();
	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 &&
	    fcntl(o->inherited, F_SETFD, 0) == 0)
		execve(o->program, (char *const *)argv, (char *const *)environment);
	_exit(CANNOT_EXECUTE);
}

/* Signals wait meanwhile, so that one which is for the child never meets the tool's handlers in it.
 */
static pid_t fork_command(const struct command_options *o)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		execute(o);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

int command_start(struct command *c, const struct command_options *o)
{
	c->pid = fork_command(o);
	if (c->pid < 0)
		return -1;
	setpgid(c->pid, c->pid); /* whichever of the two comes first */
	c->killed = false;
	c->deadline = clock_monotonic() + o->timeout;
	c->fd = pidfd_open(c->pid, 0);
	if (c->fd < 0) {
		int error = errno;

		kill(-c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
		command_init(c);
		errno = error;
		return -1;
	}
	return 0;
}

static bool is_interruption(int sig)
{
	return sig == SIGTERM || sig == SIGINT || sig == SIGHUP || sig == SIGKILL;
}

/* What to think of a command that ended like this. */
static enum command_end judge(const struct command *c, int status, char *reason, size_t size)
{
	if (c->killed) {
		snprintf(reason, size, "command: killed, over its time");
		return COMMAND_FAILED;
	}
	if (WIFSIGNALED(status)) {
		snprintf(reason, size, "command: ended by signal %d", WTERMSIG(status));
		return is_interruption(WTERMSIG(status)) ? COMMAND_INTERRUPTED : COMMAND_FAILED;
	}
	if (WEXITSTATUS(status) != 0) {
		snprintf(reason, size, "command: exit status %d", WEXITSTATUS(status));
		return is_interruption(WEXITSTATUS(status) - BY_SIGNAL) ? COMMAND_INTERRUPTED
		                                                        : COMMAND_FAILED;
	}
	return COMMAND_SUCCEEDED;
}

enum command_end command_ended(struct command *c, char *reason, size_t size)
{
	enum command_end end;
	int status = 0;

	if (c->fd < 0)
		return COMMAND_RUNNING;
	if (waitpid(c->pid, &status, WNOHANG) != c->pid) {
		if (clock_monotonic() >= c->deadline) {
			kill(-c->pid, SIGKILL);
			c->killed = true;
			c->deadline = INT64_MAX;
		}
		return COMMAND_RUNNING;
	}
	end = judge(c, status, reason, size);
	close(c->fd);
	command_init(c);
	return end;
}
