#include "base/stop.h"

#include "base/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stop_flag, reload_flag, leave_flag;
static int wake_pipe[2] = {-1, -1};

static void wake(void)
{
	int saved = errno;

	/* A full pipe is as good as another byte in it. */
	if (write(wake_pipe[1], "", 1) < 0)
		errno = saved;
}

static void on_stop(int sig)
{
	stop_flag = 1;
	/* The next one is for good. */
	signal(sig, SIG_DFL);
	wake();
}

static void on_reload(int sig)
{
	(void)sig;
	reload_flag = 1;
	wake();
}

static void on_leave(int sig)
{
	(void)sig;
	leave_flag = 1;
	wake();
}

static void handle(int sig, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	sigemptyset(&action.sa_mask);
	if (sigaction(sig, &action, NULL) < 0)
		msg_die(EX_OSERR, "cannot handle signal %d: %s", sig, strerror(errno));
}

void stop_init(void)
{
	if (pipe2(wake_pipe, O_NONBLOCK | O_CLOEXEC) < 0)
		msg_die(EX_OSERR, "cannot make a pipe: %s", strerror(errno));
	handle(SIGTERM, on_stop);
	handle(SIGINT, on_stop);
	handle(SIGPIPE, SIG_IGN);
}

void stop_init_reload(void)
{
	handle(SIGHUP, on_reload);
}

void stop_init_leave(void)
{
	handle(SIGUSR1, on_leave);
}

bool stop_requested(void)
{
	return stop_flag;
}

/* The pipe stays readable for the other requests. */
static bool take(volatile sig_atomic_t *flag)
{
	char bytes[64];

	if (!*flag)
		return false;
	*flag = 0;
	while (read(wake_pipe[0], bytes, sizeof(bytes)) > 0)
		;
	if (stop_flag || reload_flag || leave_flag)
		wake();
	return true;
}

bool stop_reload_requested(void)
{
	return take(&reload_flag);
}

bool stop_leave_requested(void)
{
	return take(&leave_flag);
}

int stop_fd(void)
{
	return wake_pipe[0];
}

void stop_request(void)
{
	stop_flag = 1;
	wake();
}
