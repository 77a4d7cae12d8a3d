#include "options.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPT_SHARE = MQTT_OPT_END,
	OPT_RECEIVE_MAXIMUM,
	OPT_MAX_PACKET,
	OPT_LEAVE,
	OPT_JSON,
	OPT_SPOOL,
	OPT_SYNC,
	OPT_SEGMENT_SIZE,
	OPT_MAX_SPOOL,
	OPT_KEEP,
	OPT_TEE,
	OPT_METRICS,
	OPT_QUIET,
};

#define SHORT_OPTIONS MQTT_SHORT_OPTIONS "t:q:cx:C:W:EV"

static const struct option long_options[] = {
    MQTT_LONG_OPTIONS,
    {"topic", required_argument, NULL, 't'},
    {"share", required_argument, NULL, OPT_SHARE},
    {"qos", required_argument, NULL, 'q'},
    {"disable-clean-session", no_argument, NULL, 'c'},
    {"session-expiry-interval", required_argument, NULL, 'x'},
    {"receive-maximum", required_argument, NULL, OPT_RECEIVE_MAXIMUM},
    {"max-packet", required_argument, NULL, OPT_MAX_PACKET},
    {"leave", no_argument, NULL, OPT_LEAVE},
    {"json", no_argument, NULL, OPT_JSON},
    {"spool", required_argument, NULL, OPT_SPOOL},
    {"sync", required_argument, NULL, OPT_SYNC},
    {"segment-size", required_argument, NULL, OPT_SEGMENT_SIZE},
    {"max-spool", required_argument, NULL, OPT_MAX_SPOOL},
    {"keep", required_argument, NULL, OPT_KEEP},
    {"tee", no_argument, NULL, OPT_TEE},
    {"metrics", required_argument, NULL, OPT_METRICS},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static const char usage[] =
    "usage: mqtt-sub5 [OPTION]... -t FILTER [-t FILTER]...\n"
    "Subscribes with MQTT 5 and writes each message as a record (m1) to standard output, or to a "
    "spool.\n"
    "\n" MQTT_USAGE_HOST
    "  -L URL                     mqtt[s]://[USER@]HOST[:PORT][/FILTER] instead of the two\n"
    "  -t FILTER                  topic filter; may be repeated\n"
    "      --share GROUP          share the subscriptions with the others of the group\n"
    "  -q QOS                     highest quality of service wanted (1)\n"
    "  -c                         keep the session for the next run with this id\n"
    "  -x SECONDS                 how long it is kept without a connection (300; -c: the most)\n"
    "      --receive-maximum N    unacknowledged messages the broker may send (1024)\n"
    "      --max-packet BYTES     largest message the broker may send (16M)\n" MQTT_USAGE
    "  -C COUNT                   end after so many messages\n"
    "  -W SECONDS                 end after this time; with -C too few is a failure (75)\n"
    "  -E                         end once subscribed\n"
    "      --leave                take what is in the session of a run with -c, and end it\n"
    "      --json                 write JSON lines as mosquitto_sub -F %J does\n"
    "      --spool DIR            write to this spool, and acknowledge what is in it\n"
    "      --sync WHEN            always (default), none, or at least every SECONDS\n"
    "      --segment-size BYTES   size of the spool's files (64M)\n"
    "      --max-spool BYTES      size at which no more is read from the broker (10G)\n"
    "      --keep SECONDS         how long to keep what every consumer has (86400)\n"
    "      --tee                  write to standard output as well\n"
    "      --metrics FILE         keep counters there for Prometheus\n"
    "      --quiet                no word on what goes well\n"
    "  -V, --help\n";

/* What the options say before they are put together. */
struct raw {
	const char *filters[MQTT_FILTERS_MAX];
	int filter_count;
	const char *share;
	const char *for_spool; /* an option that needs --spool; NULL: none was given */
	bool expiry_given, id_given;
};

static void add_filter(struct raw *raw, const char *filter)
{
	const char *fault = mqtt_filter_fault(slice_of(filter));

	if (fault)
		msg_usage("-t '%s': the topic filter %s", filter, fault);
	if (raw->filter_count == MQTT_FILTERS_MAX)
		msg_usage("more than %d topic filters", MQTT_FILTERS_MAX);
	raw->filters[raw->filter_count++] = filter;
}

static void take_session_option(struct options *o, struct raw *raw, int c, const char *value)
{
	switch (c) {
	case OPT_SHARE:
		if (!*value || strpbrk(value, "/+#"))
			msg_usage("--share '%s': a group name has no '/', '+' or '#'", value);
		raw->share = value;
		break;
	case 'q':
		o->qos = (int)opt_u64("-q", value, 0, 2);
		break;
	case 'c':
		o->keep = true;
		break;
	case 'x':
		o->expiry = (uint32_t)opt_u64("-x", value, 0, MQTT_EXPIRY_MAX);
		raw->expiry_given = true;
		break;
	case OPT_RECEIVE_MAXIMUM:
		o->receive_maximum = (unsigned)opt_u64("--receive-maximum", value, 1, 65535);
		break;
	case OPT_MAX_PACKET:
		o->max_packet = (uint32_t)opt_bytes("--max-packet", value, 1024, 268435460);
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", c);
	}
}

static void take_sync(struct spool_options *o, const char *value)
{
	if (strcmp(value, "always") == 0) {
		o->sync = SPOOL_SYNC_ALWAYS;
	} else if (strcmp(value, "none") == 0) {
		o->sync = SPOOL_SYNC_NONE;
	} else {
		o->sync = SPOOL_SYNC_INTERVAL;
		o->interval = (int64_t)(opt_double("--sync", value, 0.001, 3600) * CLOCK_SECOND);
	}
}

/* The name of the option if it is one for the spool. */
static const char *take_spool_option(struct options *o, int c, const char *value)
{
	switch (c) {
	case OPT_SYNC:
		take_sync(&o->spool, value);
		return "--sync";
	case OPT_SEGMENT_SIZE:
		o->spool.segment_size = opt_bytes("--segment-size", value, SPOOL_SEGMENT_LEAST,
		                                  SPOOL_SEGMENT_MOST);
		return "--segment-size";
	case OPT_MAX_SPOOL:
		o->spool.max_size = opt_bytes("--max-spool", value, SPOOL_SEGMENT_LEAST, INT64_MAX);
		return "--max-spool";
	case OPT_KEEP:
		o->spool.keep = (int64_t)(opt_double("--keep", value, 0, 1e9) * CLOCK_SECOND);
		return "--keep";
	case OPT_TEE:
		o->tee = true;
		return "--tee";
	default:
		return NULL;
	}
}

static void take_option(struct options *o, struct raw *raw, int c, const char *value)
{
	const char *for_spool = take_spool_option(o, c, value);

	if (for_spool) {
		raw->for_spool = for_spool;
		return;
	}
	switch (c) {
	case 't':
		add_filter(raw, value);
		break;
	case 'C':
		o->count = opt_u64("-C", value, 1, UINT64_MAX);
		break;
	case 'W':
		o->wait = (int64_t)(opt_double("-W", value, 0.001, 1e9) * CLOCK_SECOND);
		break;
	case 'E':
		o->only_subscribe = true;
		break;
	case OPT_LEAVE:
		o->leave = o->keep = true;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case OPT_SPOOL:
		if (!*value)
			msg_usage("--spool: an empty name");
		o->spool.path = value;
		break;
	case OPT_METRICS:
		o->metrics = value;
		break;
	case OPT_QUIET:
		msg_set_quiet();
		break;
	default:
		take_session_option(o, raw, c, value);
		break;
	}
}

/* The last segment is never deleted. For the others to make room for every message there has to be
 * some beside it: it may be one record longer than a segment should be. */
static void check_room(const struct options *o)
{
	uint64_t record = 4 * (uint64_t)o->max_packet + (SPOOL_RECORD_MAX - 4 * SPOOL_PACKET_MAX) +
	                  1;
	uint64_t least = o->spool.segment_size + 2 * record;

	if (o->spool.max_size < least)
		msg_usage("--max-spool %" PRIu64 " is too small: with --segment-size %" PRIu64
		          " and --max-packet %" PRIu32 " it has to be at least %" PRIu64,
		          o->spool.max_size, o->spool.segment_size, o->max_packet, least);
}

static void check_spool(const struct options *o, const struct raw *raw)
{
	if (!o->spool.path) {
		if (raw->for_spool)
			msg_usage("%s has no meaning without --spool", raw->for_spool);
		return;
	}
	if (o->json)
		msg_usage("--json: a spool has records only (--spool)");
	if (o->max_packet > SPOOL_PACKET_MAX)
		msg_usage("--max-packet: a spool takes packets of up to %zu bytes (--spool)",
		          SPOOL_PACKET_MAX);
	check_room(o);
	if (!o->keep)
		msg_info("--spool without -c: what is published while this is not running is not "
		         "kept for it");
}

static void put_together(struct options *o, struct raw *raw)
{
	check_spool(o, raw);
	if (o->mqtt.url_topic)
		add_filter(raw, o->mqtt.url_topic);
	if (raw->filter_count == 0)
		msg_usage("no topic filter (-t)");
	if (o->leave && (o->only_subscribe || o->count != UINT64_MAX))
		msg_usage("--leave takes all that is in the session: not with -C or -E");
	if (o->leave && !raw->id_given)
		msg_usage("--leave needs a client id (-i): the broker knows the session by it");
	if (o->keep && !raw->id_given)
		msg_usage("-c needs a client id (-i): the broker knows the session by it");
	if (o->keep && !raw->expiry_given)
		o->expiry = MQTT_EXPIRY_MAX;
	if (o->keep && o->expiry == 0)
		msg_usage("-x 0 keeps no session for -c");
	/* No more under way than is wanted: less for the broker to deliver again. */
	if (o->count < o->receive_maximum)
		o->receive_maximum = (unsigned)o->count;
	o->filters = calloc((size_t)raw->filter_count, sizeof(*o->filters));
	if (!o->filters)
		msg_die(EX_OSERR, "out of memory");
	for (; o->filter_count < raw->filter_count; o->filter_count++) {
		struct buf filter = {0};

		if (raw->share)
			buf_printf(&filter, "$share/%s/", raw->share);
		buf_append_string(&filter, raw->filters[o->filter_count]);
		buf_putc(&filter, '\0');
		o->filters[o->filter_count] = filter.ptr;
	}
}

void options_read(struct options *o, int argc, char **argv)
{
	struct raw raw = {0};
	int c;

	*o = (struct options){
	    .qos = 1,
	    .expiry = 300,
	    .receive_maximum = MQTT_RECEIVE_MAXIMUM_DEFAULT,
	    .max_packet = MQTT_PACKET_MAX,
	    .count = UINT64_MAX,
	    .spool = {.sync = SPOOL_SYNC_ALWAYS,
	              .segment_size = SPOOL_SEGMENT_DEFAULT,
	              .max_size = SPOOL_SIZE_DEFAULT,
	              .keep = SPOOL_KEEP_DEFAULT},
	};
	mqtt_options_init(&o->mqtt);
	while ((c = opt_next(argc, argv, SHORT_OPTIONS, long_options, usage)) != -1) {
		if (!mqtt_options_take(&o->mqtt, c, optarg))
			take_option(o, &raw, c, optarg);
	}
	if (optind < argc)
		msg_usage("'%s': not an option (topic filters are given with -t)", argv[optind]);
	raw.id_given = o->mqtt.client_id != NULL;
	mqtt_options_check(&o->mqtt, "sensorpipe-sub-");
	put_together(o, &raw);
}

void options_free(struct options *o)
{
	for (int i = 0; i < o->filter_count; i++)
		free(o->filters[i]);
	free(o->filters);
	mqtt_options_free(&o->mqtt);
}
