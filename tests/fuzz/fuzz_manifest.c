/* Any text as a manifest, without looking whose signature it is; what is one must survive being
 * written and read again. And names: what is one must be harmless in a path and in a topic. */
#include "firmware/manifest.h"
#include "firmware/name.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct firmware_key key;
static struct buf line;

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void round_trip(const struct manifest *m)
{
	struct manifest again;
	const char *fault;

	buf_clear(&line);
	expect(manifest_sign(&line, m, &key) == 0);
	expect(manifest_open(buf_slice(&line), &key, 1, &again, &fault) == MANIFEST_GOOD);
	expect(slice_equal(again.model, m->model) && slice_equal(again.version, m->version) &&
	       again.hardware_count == m->hardware_count && again.sequence == m->sequence &&
	       again.minimum == m->minimum && again.size == m->size && again.chunk == m->chunk &&
	       again.created == m->created &&
	       memcmp(again.sha256, m->sha256, sizeof(m->sha256)) == 0);
}

static void check_names(struct slice text)
{
	struct slice name, group;
	enum firmware_topic kind = firmware_topic_parse(text, &name, &group);

	if (!firmware_name_fault(text))
		expect(text.ptr[0] != '.' && !memchr(text.ptr, '/', text.len) &&
		       !memchr(text.ptr, '\0', text.len) && !memchr(text.ptr, '#', text.len));
	if (kind == FIRMWARE_NO_TOPIC)
		return;
	expect(!firmware_name_fault(name));
	buf_clear(&line);
	firmware_topic_append(&line, kind, name,
	                      kind == FIRMWARE_MANIFEST ? group : (struct slice){0});
	expect(slice_equal(buf_slice(&line), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	const char *fault = NULL;
	struct manifest m;

	if (!key.pkey)
		expect(firmware_key_generate(&key) == 0);
	if (manifest_parse(text, &m, &fault) == MANIFEST_GOOD)
		round_trip(&m);
	else
		expect(fault != NULL);
	expect(manifest_open(text, &key, 1, &m, &fault) != MANIFEST_GOOD);
	check_names(text);
	return 0;
}
