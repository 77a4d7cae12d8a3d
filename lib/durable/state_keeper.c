#include "durable/state_keeper.h"

#include "base/clock.h"
#include "base/msg.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* What came of writing: 0, or an error number. */
static int tell(struct state_keeper *k, int error)
{
	if (error != 0 && !k->warned)
		msg_warn("cannot write the state '%s': %s", k->path, strerror(error));
	k->warned = error != 0;
	return error ? -1 : 0;
}

static int write_state(struct state_keeper *k)
{
	return tell(k, state_file_write(k->path, k->series, k->form) < 0 ? errno : 0);
}

void state_open(struct state_keeper *k, const char *path, struct series_table *series,
                const struct state_form *form)
{
	*k = (struct state_keeper){.due = INT64_MAX, .path = path, .series = series, .form = form};
	if (!path)
		return;
	switch (state_file_read(path, series, form)) {
	case STATE_READ:
	case STATE_ABSENT:
		break;
	case STATE_UNREADABLE:
		msg_die(EX_IOERR, "cannot read the state '%s': %s", path, strerror(errno));
	case STATE_DAMAGED:
		msg_die(EX_DATAERR,
		        "'%s' is damaged, or no state of this version of %s: remove it to let all "
		        "series begin anew",
		        path, msg_tool());
	}
	/* Better told now than when there is something to lose. */
	if (write_state(k) < 0)
		exit(EX_CANTCREAT);
	k->due = clock_monotonic() + STATE_INTERVAL;
}

static void start_writer(struct state_keeper *k)
{
	k->writer = fork();
	if (k->writer == 0)
		_exit(state_file_write(k->path, k->series, k->form) < 0 ? errno : 0);
	if (k->writer < 0) {
		tell(k, errno);
		k->writer = 0;
	}
}

/* `options` of waitpid(2): WNOHANG leaves a child alone that is still writing. */
static void end_writer(struct state_keeper *k, int options)
{
	int status;

	if (k->writer == 0 || waitpid(k->writer, &status, options) != k->writer)
		return;
	k->writer = 0;
	tell(k, WIFEXITED(status) ? WEXITSTATUS(status) : EINTR);
}

bool state_is_due(const struct state_keeper *k)
{
	return k->path && clock_monotonic() >= k->due;
}

void state_tick(struct state_keeper *k)
{
	if (!state_is_due(k))
		return;
	end_writer(k, WNOHANG);
	if (k->writer == 0)
		start_writer(k);
	k->due = clock_monotonic() + STATE_INTERVAL;
}

int state_close(struct state_keeper *k)
{
	if (!k->path)
		return 0;
	end_writer(k, 0);
	k->warned = false;
	return write_state(k);
}
