#include "options.h"

#include "base/msg.h"
#include "base/opt.h"
#include "firmware/manifest.h"

#include <getopt.h>

static const char usage[] =
    "usage: fw-serve [OPTION]... DIR <REQUESTS >REPLIES\n"
    "Answers the requests of devices (m1 records) with pieces of firmware images.\n"
    "\n"
    "DIR holds MODEL/VERSION.bin, and MODEL/VERSION.manifest as fw-sign writes it. It is read\n"
    "again on SIGHUP.\n"
    "\n"
    "  --key PUBLIC         serve only what this key signed; repeatable\n"
    "  --rate N             requests a second of one device; others are told busy (100)\n"
    "  --bandwidth BYTES    bytes a second to all devices; beyond they are told busy (no bound)\n"
    "  --open-images N      image files kept open (16)\n"
    "  --max-line BYTES     longest record (64K)\n"
    "  --reject FILE        append dead letters there (standard error)\n"
    "  --metrics FILE       keep counters there for Prometheus\n"
    "  --strict             exit with status 65 when a record was rejected\n"
    "  --quiet              no word on what goes well\n"
    "  -h, --help           this text\n"
    "  -V, --version        the version\n"
    "\n"
    "See fw-serve(1), sensorpipe-firmware(7).\n";

enum {
	OPT_KEY = 256,
	OPT_RATE,
	OPT_BANDWIDTH,
	OPT_OPEN_IMAGES,
};

static const struct option long_options[] = {
    {"key", required_argument, NULL, OPT_KEY},
    {"rate", required_argument, NULL, OPT_RATE},
    {"bandwidth", required_argument, NULL, OPT_BANDWIDTH},
    {"open-images", required_argument, NULL, OPT_OPEN_IMAGES},
    FILTER_LONG_OPTIONS,
    FILTER_LONG_OPTION_STRICT,
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static void add_key(struct options *o, const char *path)
{
	if (o->key_count == OPTIONS_KEYS_MAX)
		msg_usage("--key is given more than %d times", OPTIONS_KEYS_MAX);
	o->keys[o->key_count++] = path;
}

static void take_option(struct options *o, int c, const char *value)
{
	switch (c) {
	case OPT_KEY:
		add_key(o, value);
		break;
	case OPT_RATE:
		o->rate = opt_double("--rate", value, 0.1, 1e6);
		break;
	case OPT_BANDWIDTH:
		o->bandwidth = opt_bytes("--bandwidth", value, MANIFEST_CHUNK_LEAST,
		                         UINT64_C(1) << 40);
		break;
	case OPT_OPEN_IMAGES:
		o->open_images = opt_u64("--open-images", value, 1, OPEN_IMAGES_MAX);
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", c);
	}
}

void options_parse(struct options *o, int argc, char **argv)
{
	int c;

	*o = (struct options){
	    .rate = RATE_DEFAULT,
	    .open_images = OPEN_IMAGES_DEFAULT,
	    .common.max_line = MAX_LINE_DEFAULT,
	};
	while ((c = opt_next(argc, argv, "hV", long_options, usage)) != -1)
		if (!filter_option(&o->common, c, optarg))
			take_option(o, c, optarg);
	if (optind == argc)
		msg_usage("the folder of the images is missing");
	o->directory = argv[optind++];
	if (optind < argc)
		msg_usage("unexpected argument '%s': requests are read from standard input",
		          argv[optind]);
}
