#include "firmware/name.h"

#include <stdbool.h>
#include <string.h>

static const struct slice root = {"fw/", 3}, manifest_level = {"/manifest", 9};

/* The second level of the topics of devices. */
static const char *const levels[] = {
    [FIRMWARE_GET] = "get",
    [FIRMWARE_RX] = "rx",
    [FIRMWARE_STATE] = "state",
};

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

const char *firmware_name_fault(struct slice name)
{
	if (name.len == 0)
		return "is empty";
	if (name.len > FIRMWARE_NAME_MAX)
		return "is longer than 64 bytes";
	if (!is_letter_or_digit(name.ptr[0]))
		return "does not begin with a letter or digit";
	for (size_t i = 1; i < name.len; i++) {
		char c = name.ptr[i];

		if (!is_letter_or_digit(c) && c != '.' && c != '_' && c != '-')
			return "has a character other than A-Z a-z 0-9 . _ -";
	}
	return NULL;
}

/* The kind of topic that has the name as its second level. */
static enum firmware_topic find_level(struct slice name)
{
	for (int kind = FIRMWARE_GET; kind <= FIRMWARE_STATE; kind++)
		if (slice_is(name, levels[kind]))
			return (enum firmware_topic)kind;
	return FIRMWARE_NO_TOPIC;
}

const char *firmware_model_fault(struct slice name)
{
	if (find_level(name) != FIRMWARE_NO_TOPIC)
		return "is reserved: get, rx and state are topics of devices";
	return firmware_name_fault(name);
}

/* Takes what is before the first '/' off *text, and the '/'. */
static struct slice take_level(struct slice *text)
{
	const char *slash = text->len ? memchr(text->ptr, '/', text->len) : NULL;
	struct slice level = *text;

	if (slash)
		level.len = (size_t)(slash - text->ptr);
	text->ptr += level.len + (slash != NULL);
	text->len -= level.len + (slash != NULL);
	return level;
}

/* "manifest", or "manifest/GROUP". */
static bool is_manifest(struct slice rest, struct slice *group)
{
	bool grouped = rest.len > 0 && memchr(rest.ptr, '/', rest.len);

	if (!slice_is(take_level(&rest), manifest_level.ptr + 1))
		return false;
	*group = rest;
	return !grouped || firmware_name_fault(rest) == NULL;
}

enum firmware_topic firmware_topic_parse(struct slice topic, struct slice *name,
                                         struct slice *group)
{
	struct slice rest = topic, first, ignored;
	enum firmware_topic kind;

	if (!slice_starts_with(topic, root))
		return FIRMWARE_NO_TOPIC;
	rest.ptr += root.len;
	rest.len -= root.len;
	first = take_level(&rest);
	kind = find_level(first);
	if (kind != FIRMWARE_NO_TOPIC) {
		*name = rest;
		return firmware_name_fault(rest) ? FIRMWARE_NO_TOPIC : kind;
	}
	*name = first;
	if (firmware_name_fault(first) || !is_manifest(rest, group ? group : &ignored))
		return FIRMWARE_NO_TOPIC;
	return FIRMWARE_MANIFEST;
}

void firmware_topic_append(struct buf *b, enum firmware_topic kind, struct slice name,
                           struct slice group)
{
	buf_append_slice(b, root);
	if (kind != FIRMWARE_MANIFEST) {
		buf_append_string(b, levels[kind]);
		buf_putc(b, '/');
	}
	buf_append_slice(b, name);
	if (kind != FIRMWARE_MANIFEST)
		return;
	buf_append_slice(b, manifest_level);
	if (group.len) {
		buf_putc(b, '/');
		buf_append_slice(b, group);
	}
}
