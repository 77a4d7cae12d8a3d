#include "options.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "firmware/key_file.h"
#include "firmware/manifest.h"
#include "firmware/name.h"
#include "stream/line.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TIMEOUT_DEFAULT = 10,      /* seconds */
	TIMEOUT_MOST = 3600,       /* seconds */
	RUN_TIMEOUT_DEFAULT = 600, /* seconds */
	RUN_TIMEOUT_MOST = 86400,  /* seconds */
	DEADLINE_MOST = 31536000,  /* seconds: a year */
	IN_FLIGHT_DEFAULT = 2,
};

static const char usage[] =
    "usage: fw-fetch --device NAME --model NAME --hardware NAME --key FILE --dir DIR [OPTIONS]\n"
    "Fetches the firmware that signed manifests announce: manifests and replies in (m1 records),\n"
    "requests and states out.\n"
    "\n"
    "  --device NAME          who this device is\n"
    "  --model NAME           of which model\n"
    "  --hardware NAME        and which revision of its hardware\n"
    "  --key FILE             public key whose signature counts (PEM); repeatable\n"
    "  --dir DIR              where images and what is known of them are kept; made if missing\n"
    "  --sequence N           the sequence of the firmware that runs now\n"
    "  --allow-downgrade      also take a sequence below the installed one\n"
    "  --in-flight N          requests under way at a time, 1 to 4 (default 2)\n"
    "  --timeout SECONDS      how long a request may take (default 10)\n"
    "  --deadline SECONDS     how long a fetch may take (default 0: for ever)\n"
    "  --run PROGRAM          install a verified image: PROGRAM IMAGE VERSION\n"
    "  --run-timeout SECONDS  how long that may take (default 600)\n"
    "  --seed N               of the random waits, for tests (default: at random)\n"
    "  --max-line BYTES       longest line taken (default 1M)\n"
    "  --reject FILE          append dead letters to FILE (default: standard error)\n"
    "  --metrics FILE         keep counters in FILE, in the Prometheus text format\n"
    "  --quiet                no word on states, and no summary at the end\n"
    "  -h, --help             this text\n"
    "  -V, --version          the version\n"
    "\n"
    "SIGHUP tries again what has failed. See fw-fetch(1), sensorpipe-firmware(7).\n";

enum {
	DEVICE = 256,
	MODEL,
	HARDWARE,
	KEY,
	DIRECTORY,
	SEQUENCE,
	ALLOW_DOWNGRADE,
	IN_FLIGHT,
	TIMEOUT,
	DEADLINE,
	RUN,
	RUN_TIMEOUT,
	SEED,
};

static const struct option long_options[] = {
    {"device", required_argument, NULL, DEVICE},
    {"model", required_argument, NULL, MODEL},
    {"hardware", required_argument, NULL, HARDWARE},
    {"key", required_argument, NULL, KEY},
    {"dir", required_argument, NULL, DIRECTORY},
    {"sequence", required_argument, NULL, SEQUENCE},
    {"allow-downgrade", no_argument, NULL, ALLOW_DOWNGRADE},
    {"in-flight", required_argument, NULL, IN_FLIGHT},
    {"timeout", required_argument, NULL, TIMEOUT},
    {"deadline", required_argument, NULL, DEADLINE},
    {"run", required_argument, NULL, RUN},
    {"run-timeout", required_argument, NULL, RUN_TIMEOUT},
    {"seed", required_argument, NULL, SEED},
    FILTER_LONG_OPTIONS,
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static struct slice name_option(const char *option, const char *value)
{
	const char *fault = firmware_name_fault(slice_of(value));

	if (fault)
		msg_usage("%s '%s' %s", option, value, fault);
	return slice_of(value);
}

static struct slice model_option(const char *value)
{
	const char *fault = firmware_model_fault(slice_of(value));

	if (fault)
		msg_usage("--model '%s' %s", value, fault);
	return slice_of(value);
}

static void add_key(struct identity *id, const char *path)
{
	const char *fault;

	if (id->key_count == IDENTITY_KEYS_MAX)
		msg_usage("--key is given more than %d times", IDENTITY_KEYS_MAX);
	if (firmware_key_read_public(&id->keys[id->key_count], path, &fault) < 0)
		msg_die(EX_CONFIG, "--key '%s': %s", path, fault);
	id->key_count++;
}

static int64_t seconds_option(const char *option, const char *value, uint64_t least, uint64_t most)
{
	return (int64_t)opt_u64(option, value, least, most) * CLOCK_SECOND;
}

static void set_fetching(struct agent_options *a, int option, const char *value)
{
	switch (option) {
	case DIRECTORY:
		a->directory = value;
		break;
	case SEQUENCE:
		a->running = opt_u64("--sequence", value, 0, MANIFEST_SEQUENCE_MOST);
		break;
	case ALLOW_DOWNGRADE:
		a->allow_downgrade = true;
		break;
	case IN_FLIGHT:
		a->in_flight = (unsigned)opt_u64("--in-flight", value, 1, WINDOW_SLOTS);
		break;
	case TIMEOUT:
		a->timeout = seconds_option("--timeout", value, 1, TIMEOUT_MOST);
		break;
	case DEADLINE:
		a->deadline = seconds_option("--deadline", value, 0, DEADLINE_MOST);
		break;
	case RUN:
		a->run = value;
		break;
	case RUN_TIMEOUT:
		a->run_timeout = seconds_option("--run-timeout", value, 1, RUN_TIMEOUT_MOST);
		break;
	case SEED:
		a->seed = opt_u64("--seed", value, 0, UINT64_MAX);
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", option);
	}
}

static void set_option(struct options *o, int option, const char *value)
{
	switch (option) {
	case DEVICE:
		o->identity.device = name_option("--device", value);
		break;
	case MODEL:
		o->identity.model = model_option(value);
		break;
	case HARDWARE:
		o->identity.hardware = name_option("--hardware", value);
		break;
	case KEY:
		add_key(&o->identity, value);
		break;
	default:
		set_fetching(&o->agent, option, value);
	}
}

static void require(const char *option, bool given)
{
	if (!given)
		msg_usage("%s is missing", option);
}

/* What would only show when an image is to be installed, which had failed then. */
static void check_program(const char *path)
{
	struct stat st;

	if (!strchr(path, '/'))
		msg_usage("--run '%s': not a path: there is no search for it", path);
	if (access(path, X_OK) < 0 || stat(path, &st) < 0)
		msg_die(EX_CONFIG, "--run '%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		msg_die(EX_CONFIG, "--run '%s': not a program", path);
}

static void check_options(const struct options *o)
{
	require("--device", o->identity.device.len > 0);
	require("--model", o->identity.model.len > 0);
	require("--hardware", o->identity.hardware.len > 0);
	require("--key", o->identity.key_count > 0);
	require("--dir", o->agent.directory != NULL);
	if (o->agent.run)
		check_program(o->agent.run);
}

static uint64_t random_seed(void)
{
	uint64_t seed = 0;

	/* Without entropy (early boot) the clock has to do: it only spreads waits. */
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed))
		seed = (uint64_t)clock_now();
	return seed;
}

void options_parse(struct options *o, int argc, char **argv)
{
	int option;

	*o = (struct options){
	    .agent = {.in_flight = IN_FLIGHT_DEFAULT,
	              .timeout = TIMEOUT_DEFAULT * CLOCK_SECOND,
	              .run_timeout = RUN_TIMEOUT_DEFAULT * CLOCK_SECOND,
	              .seed = random_seed()},
	    .common.max_line = LINE_MAX_DEFAULT,
	};
	while ((option = opt_next(argc, argv, "hV", long_options, usage)) != -1)
		if (!filter_option(&o->common, option, optarg))
			set_option(o, option, optarg);
	if (optind < argc)
		msg_usage("unexpected argument '%s'", argv[optind]);
	check_options(o);
}
