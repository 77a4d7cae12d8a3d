#include "options.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "consumer.h"
#include "stream/line.h"
#include "text/instant.h"
#include "text/topic_filter.h"

#include <sys/stat.h>

static const char usage[] =
    "usage: mqtt-replay [OPTION]... [SPOOL | FILE...] >MESSAGES\n"
    "Replays captured messages: those of a spool's directory, or of dumps (m1 records, or JSON\n"
    "lines of mosquitto_sub, also .gz and .zst); without FILE, or for -, standard input.\n"
    "\n"
    "  --follow            wait for more (spool)\n"
    "  --after SEQ         only messages with a higher number\n"
    "  --checkpoint NAME   start behind the spool's checkpoint NAME; make it if it is not there\n"
    "  --from TIME         only messages that arrived at this time or later: RFC 3339, a\n"
    "                      day, now, or so long ago (-90s, -30m, -24h, -7d, -2w)\n"
    "  --to TIME           only messages that arrived before this time\n"
    "  --topic FILTER      only messages whose topic matches; may be repeated\n"
    "  --rate N            messages a second, evenly (as fast as they are taken)\n"
    "  --speed X           by the times of arrival, X times as fast\n"
    "  --verify            write no messages; check all of them, one line a segment or file\n"
    "  --salvage           go on behind damage in a spool; damaged lines become dead letters\n"
    "  --reject FILE       append dead letters there (standard error)\n"
    "  --metrics FILE      keep counters there for Prometheus\n"
    "  --max-line BYTES    longest line of a file (1M)\n"
    "  --progress          show how far it is, also where it would not be shown\n"
    "  --no-progress       do not (it is where standard error is a terminal)\n"
    "  --quiet             no word on what goes well\n"
    "  -V, --help\n"
    "\n"
    "See mqtt-replay(1), sensorpipe-spool(5).\n";

enum {
	FOLLOW = 256,
	AFTER,
	CHECKPOINT,
	FROM,
	TO,
	TOPIC,
	RATE,
	SPEED,
	VERIFY,
	SALVAGE,
	PROGRESS,
	NO_PROGRESS,
};

static const struct option long_options[] = {
    {"follow", no_argument, NULL, FOLLOW},
    {"after", required_argument, NULL, AFTER},
    {"checkpoint", required_argument, NULL, CHECKPOINT},
    {"from", required_argument, NULL, FROM},
    {"to", required_argument, NULL, TO},
    {"topic", required_argument, NULL, TOPIC},
    {"rate", required_argument, NULL, RATE},
    {"speed", required_argument, NULL, SPEED},
    {"verify", no_argument, NULL, VERIFY},
    {"salvage", no_argument, NULL, SALVAGE},
    {"progress", no_argument, NULL, PROGRESS},
    {"no-progress", no_argument, NULL, NO_PROGRESS},
    FILTER_LONG_OPTIONS,
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static int64_t take_time(const char *option, const char *value)
{
	int64_t us;

	if (instant_parse(slice_of(value), clock_now(), &us) < 0)
		msg_usage("%s '%s': not a time: " INSTANT_FORMS, option, value);
	return us;
}

static void add_topic(struct wanted *w, const char *value)
{
	const char *fault = topic_filter_fault(slice_of(value));

	if (fault)
		msg_usage("--topic '%s': %s", value, fault);
	if (w->topic_count == WANTED_TOPICS_MAX)
		msg_usage("--topic is given more than %d times", WANTED_TOPICS_MAX);
	w->topics[w->topic_count++] = slice_of(value);
}

/* What chooses messages, and their pace. */
static void take_choice(struct options *o, int c, const char *value)
{
	switch (c) {
	case AFTER:
		o->wanted.after = opt_u64("--after", value, 0, UINT64_MAX - 1);
		o->has_after = true;
		break;
	case CHECKPOINT:
		if (consumer_name_fault(value))
			msg_usage("--checkpoint '%s': %s", value, consumer_name_fault(value));
		o->checkpoint = value;
		break;
	case FROM:
		o->wanted.from = take_time("--from", value);
		break;
	case TO:
		o->wanted.to = take_time("--to", value);
		break;
	case TOPIC:
		add_topic(&o->wanted, value);
		break;
	case RATE:
		o->pace.rate = opt_double("--rate", value, 0.001, 1e9);
		break;
	case SPEED:
		o->pace.speed = opt_double("--speed", value, 1e-6, 1e9);
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", c);
	}
}

static void take_option(struct options *o, int c, const char *value)
{
	switch (c) {
	case FOLLOW:
		o->follow = true;
		break;
	case VERIFY:
		o->verify = true;
		break;
	case SALVAGE:
		o->salvage = true;
		break;
	case PROGRESS:
		o->progress = PROGRESS_YES;
		break;
	case NO_PROGRESS:
		o->progress = PROGRESS_NO;
		break;
	default:
		take_choice(o, c, value);
		break;
	}
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The arguments: one spool, or files. */
static void take_inputs(struct options *o, char *const *inputs, size_t count)
{
	static char dash[] = "-", *const standard_input[] = {dash};

	o->inputs = count ? inputs : standard_input;
	o->input_count = count ? count : 1;
	for (size_t i = 0; i < count; i++) {
		if (!is_directory(inputs[i]))
			continue;
		if (count > 1)
			msg_usage("'%s' is a directory: a spool is read alone", inputs[i]);
		o->spool = inputs[i];
	}
}

static void check(const struct options *o)
{
	const struct wanted *w = &o->wanted;
	bool chosen = o->has_after || w->from > INT64_MIN || w->to < INT64_MAX || w->topic_count;

	if (o->pace.rate > 0 && o->pace.speed > 0)
		msg_usage("--rate and --speed both set the pace: choose one");
	if (o->follow && !o->spool)
		msg_usage("--follow is for a spool's directory");
	if (o->checkpoint && !o->spool)
		msg_usage("--checkpoint is for a spool's directory");
	if (w->from >= w->to)
		msg_usage("--from is not before --to: no message would be replayed");
	if (o->verify && (o->follow || o->checkpoint || o->salvage || chosen || o->common.reject ||
	                  o->common.metrics || o->pace.rate > 0 || o->pace.speed > 0))
		msg_usage("--verify checks all there is and writes no messages: it goes with "
		          "--max-line, --progress and --quiet only");
}

void options_read(struct options *o, int argc, char **argv)
{
	int c;

	*o = (struct options){
	    .wanted = {.from = INT64_MIN, .to = INT64_MAX},
	    .common.max_line = LINE_MAX_DEFAULT,
	};
	while ((c = opt_next(argc, argv, "V", long_options, usage)) != -1) {
		if (!filter_option(&o->common, c, optarg))
			take_option(o, c, optarg);
		else if (c == FILTER_QUIET && o->progress == PROGRESS_WHERE_SEEN)
			o->progress = PROGRESS_NO;
	}
	take_inputs(o, argv + optind, (size_t)(argc - optind));
	check(o);
}
