#include "options.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "firmware/name.h"

#include <getopt.h>

static const char usage[] =
    "usage: fw-sign keygen KEYFILE\n"
    "       fw-sign sign --key KEYFILE OPTION... IMAGE >MANIFEST\n"
    "       fw-sign verify --key PUBLIC... MANIFEST [IMAGE]\n"
    "       fw-sign publish [--key PUBLIC...] [--group GROUP] MANIFEST\n"
    "Makes keys, signs firmware images, checks manifests, and announces them.\n"
    "\n"
    "commands:\n"
    "  keygen               write a new private key to KEYFILE, the public one to KEYFILE.pub\n"
    "  sign                 write the signed manifest of an image\n"
    "  verify               check a manifest, and the image; write what was signed, as JSON\n"
    "  publish              write the retained message (m1) of a manifest, for mqtt-pub5\n"
    "\n"
    "options:\n"
    "  --key FILE           of sign: the private key; of verify, publish: a public key\n"
    "                       that is good; repeatable\n"
    "  --model MODEL        whose firmware it is\n"
    "  --hardware REVISION  that may run it; repeatable\n"
    "  --version VERSION    its name, for people\n"
    "  --sequence N         its number, higher than that of the version before\n"
    "  --minimum N          from now on nothing below N may be installed (0)\n"
    "  --chunk BYTES        longest piece a device may ask for, 4K to 32K (16K)\n"
    "  --created TIME       when it was made, RFC 3339 (now)\n"
    "  --group GROUP        of publish: only for devices that listen for this group\n"
    "  --quiet              no word on what goes well\n"
    "  -V                   the version of fw-sign\n"
    "  --help\n"
    "\n"
    "See fw-sign(1), sensorpipe-firmware(7).\n";

static const char *const commands[] = {"keygen", "sign", "verify", "publish", NULL};

enum {
	OPT_KEY = 256,
	OPT_MODEL,
	OPT_HARDWARE,
	OPT_VERSION,
	OPT_SEQUENCE,
	OPT_MINIMUM,
	OPT_CHUNK,
	OPT_CREATED,
	OPT_GROUP,
	OPT_QUIET,
};

static const struct option long_options[] = {
    {"key", required_argument, NULL, OPT_KEY},
    {"model", required_argument, NULL, OPT_MODEL},
    {"hardware", required_argument, NULL, OPT_HARDWARE},
    {"version", required_argument, NULL, OPT_VERSION},
    {"sequence", required_argument, NULL, OPT_SEQUENCE},
    {"minimum", required_argument, NULL, OPT_MINIMUM},
    {"chunk", required_argument, NULL, OPT_CHUNK},
    {"created", required_argument, NULL, OPT_CREATED},
    {"group", required_argument, NULL, OPT_GROUP},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {"help", no_argument, NULL, OPT_HELP},
    {0},
};

static void add_key(struct options *o, const char *path)
{
	if (o->key_count == OPTIONS_KEYS_MAX)
		msg_usage("--key is given more than %d times", OPTIONS_KEYS_MAX);
	o->keys[o->key_count++] = path;
}

static struct slice name_option(const char *option, const char *value,
                                const char *(*name_fault)(struct slice name))
{
	const char *fault = name_fault(slice_of(value));

	if (fault)
		msg_usage("%s '%s' %s", option, value, fault);
	return slice_of(value);
}

static void add_hardware(struct manifest *m, const char *value)
{
	if (m->hardware_count == MANIFEST_HARDWARE_MAX)
		msg_usage("--hardware is given more than %d times", MANIFEST_HARDWARE_MAX);
	m->hardware[m->hardware_count++] = name_option("--hardware", value, firmware_name_fault);
}

/* Options of sign. */
static void take_sign_option(struct manifest *m, int c, const char *value)
{
	switch (c) {
	case OPT_MODEL:
		m->model = name_option("--model", value, firmware_model_fault);
		break;
	case OPT_HARDWARE:
		add_hardware(m, value);
		break;
	case OPT_VERSION:
		m->version = name_option("--version", value, firmware_name_fault);
		break;
	case OPT_SEQUENCE:
		m->sequence = opt_u64("--sequence", value, 1, MANIFEST_SEQUENCE_MOST);
		break;
	case OPT_MINIMUM:
		m->minimum = opt_u64("--minimum", value, 0, MANIFEST_SEQUENCE_MOST);
		break;
	case OPT_CHUNK:
		m->chunk = (uint32_t)opt_bytes("--chunk", value, MANIFEST_CHUNK_LEAST,
		                               MANIFEST_CHUNK_MOST);
		break;
	case OPT_CREATED:
		if (clock_parse(slice_of(value), &m->created) < 0)
			msg_usage("--created '%s': not a time as in 2026-01-31T12:00:00Z", value);
		break;
	default:
		msg_die(EX_SOFTWARE, "option %d is listed but not taken", c);
	}
}

/* Returns whether the option is one of sign alone. */
static bool take_option(struct options *o, int c, const char *value)
{
	switch (c) {
	case OPT_KEY:
		add_key(o, value);
		return false;
	case OPT_GROUP:
		o->group = name_option("--group", value, firmware_name_fault);
		return false;
	case OPT_QUIET:
		msg_set_quiet();
		return false;
	default:
		take_sign_option(&o->manifest, c, value);
		return true;
	}
}

static void check_sign(const struct options *o)
{
	const struct manifest *m = &o->manifest;

	if (o->key_count != 1)
		msg_usage("sign: give one --key, the private key to sign with");
	if (!m->model.len)
		msg_usage("sign: --model is missing");
	if (!m->hardware_count)
		msg_usage("sign: --hardware is missing: the revisions that may run it");
	if (!m->version.len)
		msg_usage("sign: --version is missing");
	if (!m->sequence)
		msg_usage("sign: --sequence is missing");
	if (m->minimum > m->sequence)
		msg_usage("--minimum is above --sequence: nobody could install it");
}

static void check(const struct options *o, bool signs)
{
	if (signs && o->command != COMMAND_SIGN)
		msg_usage("%s: --model, --hardware, --version, --sequence, --minimum, --chunk and "
		          "--created are for sign",
		          commands[o->command]);
	if (o->group.len && o->command != COMMAND_PUBLISH)
		msg_usage("%s: --group is for publish", commands[o->command]);
	if (o->command == COMMAND_KEYGEN && o->key_count)
		msg_usage("keygen: --key is not for it: give the file as an argument");
	if (o->command == COMMAND_VERIFY && !o->key_count)
		msg_usage("verify: --key is missing: a public key to check against");
	if (o->command == COMMAND_SIGN)
		check_sign(o);
}

/* The command is the first argument that is no option; it may come before or after the options. */
static void take_arguments(struct options *o, int argc, char **argv)
{
	static const char *const wanted[] = {"KEYFILE", "IMAGE", "MANIFEST", "MANIFEST"};

	if (optind == argc)
		msg_usage("no command given");
	o->command = (enum command)opt_choice("command", argv[optind++], commands);
	if (optind == argc)
		msg_usage("%s: %s is missing", commands[o->command], wanted[o->command]);
	o->file = argv[optind++];
	if (o->command == COMMAND_VERIFY && optind < argc)
		o->image = argv[optind++];
	if (optind < argc)
		msg_usage("%s: unexpected argument '%s'", commands[o->command], argv[optind]);
}

void options_parse(struct options *o, int argc, char **argv)
{
	bool signs = false;
	int c;

	*o = (struct options){
	    .manifest = {.chunk = MANIFEST_CHUNK_DEFAULT, .created = clock_now()},
	};
	while ((c = opt_next(argc, argv, "V", long_options, usage)) != -1)
		signs |= take_option(o, c, optarg);
	take_arguments(o, argc, argv);
	check(o, signs);
}
