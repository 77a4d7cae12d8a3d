#include "state_keeper.h"

#include "state_file.h"

#include "base/clock.h"
#include "base/msg.h"

#include <errno.h>
#include <stdlib.h>

static int write_state(struct state_keeper *k)
{
	if (state_file_write(k->path, k->series) == 0) {
		k->warned = false;
		return 0;
	}
	if (!k->warned)
		msg_warn("cannot write the state '%s': %s", k->path, strerror(errno));
	k->warned = true;
	return -1;
}

void state_open(struct state_keeper *k, const char *path, struct series_table *series)
{
	*k = (struct state_keeper){.due = INT64_MAX, .path = path, .series = series};
	if (!path)
		return;
	switch (state_file_read(path, series)) {
	case STATE_READ:
	case STATE_ABSENT:
		break;
	case STATE_UNREADABLE:
		msg_die(EX_IOERR, "cannot read the state '%s': %s", path, strerror(errno));
	case STATE_DAMAGED:
		msg_die(EX_DATAERR,
		        "'%s' is damaged, or no state of this version of sensor-validate: remove "
		        "it to let all series begin anew",
		        path);
	}
	/* Better told now than when there is something to lose. */
	if (write_state(k) < 0)
		exit(EX_CANTCREAT);
	k->due = clock_monotonic() + STATE_INTERVAL;
}

void state_tick(struct state_keeper *k)
{
	int64_t now;

	if (!k->path)
		return;
	now = clock_monotonic();
	if (now < k->due)
		return;
	write_state(k);
	k->due = clock_monotonic() + STATE_INTERVAL;
}

int state_close(struct state_keeper *k)
{
	if (!k->path)
		return 0;
	k->warned = false;
	return write_state(k);
}
