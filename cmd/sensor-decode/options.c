#include "options.h"

#include "base/msg.h"
#include "base/opt.h"
#include "readings.h"
#include "record/record.h"
#include "stream/line.h"
#include "text/topic_filter.h"
#include "topic.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char default_template[] = "sensors/{type}/{sensor}";

static const char *const arrays_words[] = {"reject", "index", NULL};
static const char *const unknown_words[] = {"reject", "skip", NULL};
static const char *const format_words[] = {"r1", "influx", NULL};
static const char *const absent_words[] = {"omit", "zero", NULL};

static const char usage[] =
    "usage: sensor-decode [OPTIONS] <MESSAGES >READINGS\n"
    "Turns the payloads of messages (m1 records, or JSON lines of mosquitto_sub) into readings "
    "(r1).\n"
    "\n"
    "  --topic TEMPLATE            where a topic names type and sensor; repeatable, first match\n"
    "                              (default: sensors/{type}/{sensor})\n"
    "  --default-type FILTER=MIME  content type of messages without one whose topic matches the\n"
    "                              MQTT topic filter; repeatable, first match\n"
    "  --map FILE                  rules for JSON and plain text of other shapes, by topic; see\n"
    "                              sensorpipe-map(5)\n"
    "  --descriptors FILE          Protobuf message types, as protoc -o writes them\n"
    "  --time-field NAME           in these, the field of the time (default ts, time, timestamp)\n"
    "  --unknown-fields reject|skip  what their definitions do not have (default reject)\n"
    "  --absent-fields omit|zero   proto3 fields that are 0 if not sent (default omit)\n"
    "  --time-unit s|ms|us|ns      of times that JSON payloads give as numbers (default ms)\n"
    "  --arrays reject|index       arrays in objects are refused (default), or their values named\n"
    "                              by position: a.0, a.1\n"
    "  --format r1|influx          write records (default), or InfluxDB's line protocol\n"
    "  --influx-integers           there, numbers without point and exponent are integers\n"
    "  --influx-precision s|ms|us|ns  of times in the line protocol (default ns)\n"
    "  --influx-sensor TAG,...     the first of these tags there is names the sensor\n"
    "                              (default sensor,sensor_id,device,device_id,host)\n"
    "  --metric NAME               the metric of payloads that are one value without a name, "
    "where\n"
    "                              the topic has no {metric}\n"
    "  --max-depth N               deepest nesting of objects and arrays (default 32)\n"
    "  --max-payload BYTES         largest payload (default 1M)\n"
    "  --max-string BYTES          longest string value (default 4096)\n"
    "  --max-metrics N             most metrics in a reading (default 1000)\n"
    "  --state DIR                 keep births of Sparkplug nodes in DIR\n"
    "  --requests FILE             append requests for births of Sparkplug nodes to FILE (m1)\n"
    "  --reject FILE               append dead letters to FILE (default: standard error)\n"
    "  --metrics FILE              keep counters in FILE, in the Prometheus text format\n"
    "  --max-line BYTES            longest line taken (default 1M)\n"
    "  --strict                    exit with status 65 when a message was rejected\n"
    "  --quiet                     no summary at the end\n"
    "  -h, --help                  this text\n"
    "  -V, --version               the version\n"
    "\n"
    "See sensor-decode(1), sensorpipe-records(5).\n";

static void add_template(struct decode_options *o, const char *value)
{
	struct topic_template *t = &o->templates[o->template_count];
	const char *wrong;

	if (o->template_count == DECODE_RULES_MAX)
		msg_usage("--topic is given more than %d times", DECODE_RULES_MAX);
	o->template_count++;
	wrong = topic_template_read(slice_of(value), t);
	if (!wrong && !t->tells)
		wrong = "it names nothing: {type}, {sensor} or {metric} is missing";
	if (wrong)
		msg_usage("--topic '%s': %s", value, wrong);
}

static void add_default(struct decode_options *o, const char *value)
{
	const char *equals = strchr(value, '='), *wrong;
	struct slice filter;
	struct content_type type;

	if (!equals)
		msg_usage("--default-type '%s': not FILTER=MIME", value);
	filter = (struct slice){value, (size_t)(equals - value)};
	wrong = topic_filter_fault(filter);
	if (wrong)
		msg_usage("--default-type '%s': topic filter: %s", value, wrong);
	wrong = content_type_read(slice_of(equals + 1), &type);
	if (wrong)
		msg_usage("--default-type '%s': content type: %s", value, wrong);
	if (o->default_count == DECODE_RULES_MAX)
		msg_usage("--default-type is given more than %d times", DECODE_RULES_MAX);
	o->defaults[o->default_count].filter = filter;
	o->defaults[o->default_count++].type = type;
}

/* The value of --metric, which must be good as the name of a metric. */
static struct slice metric_option(const char *value)
{
	const char *wrong = record_name_fault(slice_of(value), true);

	if (wrong)
		msg_usage("--metric '%s' %s", value, wrong);
	return slice_of(value);
}

enum {
	TOPIC = 256,
	DEFAULT_TYPE,
	MAP,
	TIME_UNIT,
	ARRAYS,
	FORMAT,
	INFLUX_INTEGERS,
	INFLUX_PRECISION,
	INFLUX_SENSOR,
	METRIC,
	MAX_DEPTH,
	MAX_PAYLOAD,
	MAX_STRING,
	MAX_METRICS,
	DESCRIPTORS,
	TIME_FIELD,
	UNKNOWN_FIELDS,
	ABSENT_FIELDS,
	STATE,
	REQUESTS,
};

static const struct option long_options[] = {
    {"topic", required_argument, NULL, TOPIC},
    {"default-type", required_argument, NULL, DEFAULT_TYPE},
    {"map", required_argument, NULL, MAP},
    {"time-unit", required_argument, NULL, TIME_UNIT},
    {"arrays", required_argument, NULL, ARRAYS},
    {"format", required_argument, NULL, FORMAT},
    {"influx-integers", no_argument, NULL, INFLUX_INTEGERS},
    {"influx-precision", required_argument, NULL, INFLUX_PRECISION},
    {"influx-sensor", required_argument, NULL, INFLUX_SENSOR},
    {"metric", required_argument, NULL, METRIC},
    {"max-depth", required_argument, NULL, MAX_DEPTH},
    {"max-payload", required_argument, NULL, MAX_PAYLOAD},
    {"max-string", required_argument, NULL, MAX_STRING},
    {"max-metrics", required_argument, NULL, MAX_METRICS},
    {"descriptors", required_argument, NULL, DESCRIPTORS},
    {"time-field", required_argument, NULL, TIME_FIELD},
    {"unknown-fields", required_argument, NULL, UNKNOWN_FIELDS},
    {"absent-fields", required_argument, NULL, ABSENT_FIELDS},
    {"state", required_argument, NULL, STATE},
    {"requests", required_argument, NULL, REQUESTS},
    FILTER_LONG_OPTIONS,
    FILTER_LONG_OPTION_STRICT,
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

/* Tags, joined by commas. */
static void set_sensor_tags(struct influx_options *o, const char *value)
{
	o->sensor_tag_count = 0;
	for (const char *p = value;; p++) {
		struct slice tag = {p, strcspn(p, ",")};

		if (tag.len == 0)
			msg_usage("--influx-sensor '%s': a tag is missing", value);
		if (o->sensor_tag_count == INFLUX_SENSOR_TAGS_MAX)
			msg_usage("--influx-sensor '%s': more than %d tags", value,
			          INFLUX_SENSOR_TAGS_MAX);
		o->sensor_tags[o->sensor_tag_count++] = tag;
		p += tag.len;
		if (!*p)
			return;
	}
}

/* Those of the line protocol. */
static void set_influx(struct options *o, int option, const char *value)
{
	switch (option) {
	case FORMAT:
		o->influx = opt_choice("--format", value, format_words) == 1;
		break;
	case INFLUX_INTEGERS:
		o->influx_integers = true;
		break;
	case INFLUX_PRECISION:
		o->decode.influx.precision = (enum time_unit)opt_choice("--influx-precision", value,
		                                                        time_unit_names);
		break;
	case INFLUX_SENSOR:
		set_sensor_tags(&o->decode.influx, value);
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", option);
	}
}

/* Those of Protobuf. */
static void set_protobuf(struct options *o, int option, const char *value)
{
	struct protobuf_options *p = &o->decode.protobuf;

	switch (option) {
	case DESCRIPTORS:
		o->descriptors = value;
		break;
	case TIME_FIELD:
		p->time_field = slice_of(value);
		break;
	case UNKNOWN_FIELDS:
		p->skip_unknown = opt_choice("--unknown-fields", value, unknown_words) == 1;
		break;
	case ABSENT_FIELDS:
		p->zeros = opt_choice("--absent-fields", value, absent_words) == 1;
		break;
	default:
		set_influx(o, option, value);
	}
}

/* Those that bound what is taken. */
static void set_limit(struct options *o, int option, const char *value)
{
	struct decode_options *d = &o->decode;

	switch (option) {
	case MAX_DEPTH:
		d->json.max_depth = (unsigned)opt_u64("--max-depth", value, 1,
		                                      DECODE_JSON_DEPTH_MAX);
		break;
	case MAX_PAYLOAD:
		d->max_payload = opt_bytes("--max-payload", value, 1, DECODE_PAYLOAD_MAX);
		break;
	case MAX_STRING:
		d->max_string = opt_bytes("--max-string", value, 1, READINGS_STRING_MAX);
		break;
	case MAX_METRICS:
		d->max_metrics = opt_u64("--max-metrics", value, 1, RECORD_METRICS_MAX);
		break;
	default:
		set_protobuf(o, option, value);
	}
}

static void set_option(struct options *o, int option, const char *value)
{
	switch (option) {
	case TOPIC:
		add_template(&o->decode, value);
		break;
	case DEFAULT_TYPE:
		add_default(&o->decode, value);
		break;
	case MAP:
		o->map = value;
		break;
	case TIME_UNIT:
		o->decode.json.unit = (enum time_unit)opt_choice("--time-unit", value,
		                                                 time_unit_names);
		break;
	case ARRAYS:
		o->decode.json.index_arrays = opt_choice("--arrays", value, arrays_words) == 1;
		break;
	case METRIC:
		o->decode.metric = metric_option(value);
		break;
	case STATE:
		o->state = value;
		break;
	case REQUESTS:
		o->requests = value;
		break;
	default:
		set_limit(o, option, value);
	}
}

void options_parse(struct options *o, int argc, char **argv)
{
	int option;

	*o = (struct options){
	    .decode.json = {.unit = TIME_MS, .max_depth = DECODE_JSON_DEPTH_DEFAULT},
	    .decode.influx.precision = TIME_NS,
	    .decode.max_payload = DECODE_PAYLOAD_DEFAULT,
	    .common.max_line = LINE_MAX_DEFAULT,
	};
	while ((option = opt_next(argc, argv, "hV", long_options, usage)) != -1)
		if (!filter_option(&o->common, option, optarg))
			set_option(o, option, optarg);
	if (optind < argc)
		msg_usage("unexpected argument '%s': messages are read from standard input",
		          argv[optind]);
	if (o->decode.template_count == 0)
		add_template(&o->decode, default_template);
}
