#include "options.h"

#include "base/msg.h"
#include "base/opt.h"
#include "stream/line.h"
#include "window.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	OPT_NO_RETAIN = MQTT_OPT_END,
	OPT_TOPIC_PREFIX,
	OPT_RATE,
	OPT_SPEED,
	OPT_WINDOW,
	OPT_ACKNOWLEDGED,
};

#define SHORT_OPTIONS MQTT_SHORT_OPTIONS "q:V"

static const struct option long_options[] = {
    MQTT_LONG_OPTIONS,
    {"qos", required_argument, NULL, 'q'},
    {"no-retain", no_argument, NULL, OPT_NO_RETAIN},
    {"topic-prefix", required_argument, NULL, OPT_TOPIC_PREFIX},
    {"rate", required_argument, NULL, OPT_RATE},
    {"speed", required_argument, NULL, OPT_SPEED},
    {"window", required_argument, NULL, OPT_WINDOW},
    {"acknowledged", no_argument, NULL, OPT_ACKNOWLEDGED},
    FILTER_LONG_OPTIONS,
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static const char usage[] =
    "usage: mqtt-pub5 [OPTION]...\n"
    "Publishes the message records (m1, or JSON lines of mosquitto_sub) of standard input.\n"
    "\n" MQTT_USAGE_HOST
    "  -L URL                     mqtt[s]://[USER@]HOST[:PORT] instead of the two\n"
    "  -q QOS                     for all messages (each record's own)\n"
    "      --no-retain            publish none as retained\n"
    "      --topic-prefix TEXT    put before every topic\n"
    "      --rate N               messages a second, evenly (as fast as they are taken)\n"
    "      --speed X              by the times of the records, X times as fast\n"
    "      --window N             publications under way (500; at most what the broker "
    "takes)\n" MQTT_USAGE
    "      --acknowledged         write each record to standard output once the broker has it\n"
    "      --max-line BYTES       longest record (1M)\n"
    "      --reject FILE          append dead letters there (standard error)\n"
    "      --metrics FILE         keep counters there for Prometheus\n"
    "      --quiet                no word on what goes well\n"
    "  -V, --help\n";

static void take_publish_option(struct options *o, int c, const char *value)
{
	switch (c) {
	case 'q':
		o->qos = (int)opt_u64("-q", value, 0, 2);
		break;
	case OPT_NO_RETAIN:
		o->retain = false;
		break;
	case OPT_TOPIC_PREFIX:
		if (*value && mqtt_topic_fault(slice_of(value)))
			msg_usage("--topic-prefix '%s': %s", value,
			          mqtt_topic_fault(slice_of(value)));
		o->topic_prefix = value;
		break;
	case OPT_RATE:
		o->rate = opt_double("--rate", value, 0.001, 1e9);
		break;
	case OPT_SPEED:
		o->speed = opt_double("--speed", value, 1e-6, 1e9);
		break;
	case OPT_WINDOW:
		o->window = opt_u64("--window", value, 1, WINDOW_MAX);
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", c);
	}
}

static void take_option(struct options *o, int c, const char *value)
{
	switch (c) {
	case OPT_ACKNOWLEDGED:
		o->acknowledged = true;
		break;
	default:
		take_publish_option(o, c, value);
		break;
	}
}

void options_read(struct options *o, int argc, char **argv)
{
	int c;

	*o = (struct options){
	    .qos = -1,
	    .retain = true,
	    .topic_prefix = "",
	    .window = WINDOW_DEFAULT,
	    .common.max_line = LINE_MAX_DEFAULT,
	};
	mqtt_options_init(&o->mqtt);
	while ((c = opt_next(argc, argv, SHORT_OPTIONS, long_options, usage)) != -1) {
		if (!mqtt_options_take(&o->mqtt, c, optarg) &&
		    !filter_option(&o->common, c, optarg))
			take_option(o, c, optarg);
	}
	if (optind < argc)
		msg_usage("'%s': not an option (records are read from standard input)",
		          argv[optind]);
	if (o->rate > 0 && o->speed > 0)
		msg_usage("--rate and --speed both set the pace: choose one");
	if (o->mqtt.url_topic)
		msg_usage("-L: each record has its own topic: leave that of the URL out");
	mqtt_options_check(&o->mqtt, "sensorpipe-pub-");
}

void options_free(struct options *o)
{
	mqtt_options_free(&o->mqtt);
}
