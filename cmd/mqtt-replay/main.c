/*
 * mqtt-replay: writes the messages of a spool or of dumps to standard output, or checks them.
 */
#include "base/msg.h"
#include "base/stop.h"
#include "options.h"
#include "replay.h"
#include "verify.h"

static struct options options;

int main(int argc, char **argv)
{
	struct replay replay;

	msg_init("mqtt-replay");
	options_read(&options, argc, argv);
	stop_init();
	if (options.verify)
		return verify(&options);
	replay_open(&replay, &options);
	replay_run(&replay);
	return replay_finish(&replay);
}
