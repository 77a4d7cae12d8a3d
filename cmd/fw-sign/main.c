/*
 * fw-sign: makes keys, signs firmware images, checks manifests, and announces
 * them. See fw-sign(1); what a manifest is and what it protects from,
 * sensorpipe-firmware(7).
 */
#include "files.h"
#include "options.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/msg.h"
#include "firmware/key_file.h"
#include "firmware/manifest.h"
#include "firmware/name.h"
#include "record/record.h"
#include "stream/out.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct options options;

/* ---- keygen ---- */

static void keygen(struct out *out)
{
	char public_path[PATH_MAX];
	struct firmware_key key = {0};

	if ((size_t)snprintf(public_path, sizeof(public_path), "%s.pub", options.file) >=
	    sizeof(public_path))
		msg_die(EX_CANTCREAT, "'%s.pub': %s", options.file, strerror(ENAMETOOLONG));
	if (firmware_key_generate(&key) < 0)
		msg_die(EX_SOFTWARE, "no key could be made");
	if (firmware_key_write_private(&key, options.file) < 0)
		msg_die(EX_CANTCREAT, "'%s': %s", options.file, strerror(errno));
	if (firmware_key_write_public(&key, public_path) < 0) {
		int error = errno;

		unlink(options.file); /* a pair, or nothing */
		msg_die(EX_CANTCREAT, "'%s': %s", public_path, strerror(error));
	}
	buf_printf(&out->buf, "%s\n", key.id);
	msg_info("wrote '%s' and '%s': keep the first one secret, and a copy of it", options.file,
	         public_path);
	firmware_key_free(&key);
}

/* ---- sign ---- */

static void sign(struct out *out)
{
	struct manifest *m = &options.manifest;
	struct firmware_key key = {0};
	struct image image;

	files_read_private_key(options.keys[0], &key);
	files_read_image(options.file, &image);
	m->size = image.size;
	memcpy(m->sha256, image.sha256, sizeof(m->sha256));
	if (manifest_sign(&out->buf, m, &key) < 0)
		msg_die(EX_SOFTWARE, "the manifest could not be signed");
	msg_info("signed %.*s %.*s, sequence %" PRIu64 ", %" PRIu64 " bytes, by key %s",
	         SLICE_ARG(m->model), SLICE_ARG(m->version), m->sequence, m->size, key.id);
	firmware_key_free(&key);
}

/* ---- verify, publish ---- */

/* Reads the manifest into `text`, which m's slices then point into. */
static void open_manifest(struct buf *text, struct manifest *m)
{
	struct firmware_key keys[OPTIONS_KEYS_MAX] = {0};
	enum manifest_verdict verdict;
	const char *fault;

	files_read_public_keys(options.keys, options.key_count, keys);
	files_read_manifest(options.file, text);
	verdict = options.key_count
	              ? manifest_open(buf_slice(text), keys, options.key_count, m, &fault)
	              : manifest_parse(buf_slice(text), m, &fault);
	if (verdict != MANIFEST_GOOD)
		msg_die(EX_DATAERR, "'%s': %s: %s", options.file, manifest_verdict_code(verdict),
		        fault);
	for (size_t i = 0; i < options.key_count; i++)
		firmware_key_free(&keys[i]);
}

static void check_image(const struct manifest *m)
{
	struct image image;

	files_read_image(options.image, &image);
	if (image.size != m->size)
		msg_die(EX_DATAERR, "'%s': %" PRIu64 " bytes, but the manifest says %" PRIu64,
		        options.image, image.size, m->size);
	if (memcmp(image.sha256, m->sha256, sizeof(image.sha256)) != 0)
		msg_die(EX_DATAERR, "'%s': its SHA-256 is not the one of the manifest",
		        options.image);
}

static void verify(struct out *out)
{
	struct buf text = {0};
	struct manifest m;

	open_manifest(&text, &m);
	if (options.image)
		check_image(&m);
	/* The first line is what was signed. */
	buf_append(&out->buf, text.ptr,
	           (size_t)((char *)memchr(text.ptr, '\n', text.len) - text.ptr) + 1);
	msg_info("good: %.*s %.*s, sequence %" PRIu64 "%s", SLICE_ARG(m.model),
	         SLICE_ARG(m.version), m.sequence, options.image ? ", and its image" : "");
	buf_free(&text);
}

static void publish(struct out *out)
{
	struct buf text = {0}, topic = {0};
	struct message message = {
	    .received = clock_now(),
	    .qos = 1,
	    .retained = true,
	    .content_type = SLICE(MANIFEST_CONTENT_TYPE),
	};
	struct manifest m;

	open_manifest(&text, &m);
	firmware_topic_append(&topic, FIRMWARE_MANIFEST, m.model, options.group);
	message.topic = buf_slice(&topic);
	message.payload = buf_slice(&text);
	message_append(&out->buf, &message);
	buf_free(&text);
	buf_free(&topic);
}

int main(int argc, char **argv)
{
	static void (*const run[])(struct out * out) = {
	    [COMMAND_KEYGEN] = keygen,
	    [COMMAND_SIGN] = sign,
	    [COMMAND_VERIFY] = verify,
	    [COMMAND_PUBLISH] = publish,
	};
	struct out out;

	msg_init("fw-sign");
	options_parse(&options, argc, argv);

	out_init(&out, STDOUT_FILENO, "stdout");
	run[options.command](&out);
	out_close(&out);
	return EX_OK;
}
