#include "firmware/manifest_json.h"

#include "base/clock.h"
#include "firmware/members.h"

#include <inttypes.h>

static const char *take_format(struct json *j, enum json_token token, void *to)
{
	uint64_t format;

	(void)to;
	return members_integer(j, token, &format) < 0 || format != 1 ? "format is not 1" : NULL;
}

/* A string as it stands, else an empty one. What a name may be leaves no room for an escape, and
 * manifest_fault() looks at names and bounds when all is there. */
static struct slice string_of(const struct json *j, enum json_token token)
{
	return token == JSON_STRING ? j->text : (struct slice){0};
}

static const char *take_model(struct json *j, enum json_token token, void *to)
{
	((struct manifest *)to)->model = string_of(j, token);
	return NULL;
}

static const char *take_version(struct json *j, enum json_token token, void *to)
{
	((struct manifest *)to)->version = string_of(j, token);
	return NULL;
}

static const char *take_hardware(struct json *j, enum json_token token, void *to)
{
	struct manifest *m = to;

	if (token != JSON_ARRAY)
		return "hardware is not an array";
	m->hardware_count = 0;
	while ((token = json_next(j)) != JSON_ARRAY_END) {
		if (token == JSON_ERROR)
			return j->error;
		if (m->hardware_count == MANIFEST_HARDWARE_MAX)
			return "hardware has more than 16 revisions";
		m->hardware[m->hardware_count++] = string_of(j, token);
	}
	return NULL;
}

static const char *take_sequence(struct json *j, enum json_token token, void *to)
{
	uint64_t *sequence = &((struct manifest *)to)->sequence;

	return members_integer(j, token, sequence) < 0 ? "sequence is not an integer" : NULL;
}

static const char *take_minimum(struct json *j, enum json_token token, void *to)
{
	uint64_t *minimum = &((struct manifest *)to)->minimum;

	return members_integer(j, token, minimum) < 0 ? "minimum is not an integer" : NULL;
}

static const char *take_size(struct json *j, enum json_token token, void *to)
{
	uint64_t *size = &((struct manifest *)to)->size;

	return members_integer(j, token, size) < 0 ? "size is not an integer" : NULL;
}

static const char *take_chunk(struct json *j, enum json_token token, void *to)
{
	struct manifest *m = to;
	uint64_t chunk;

	if (members_integer(j, token, &chunk) < 0)
		return "chunk is not an integer";
	m->chunk = chunk < UINT32_MAX ? (uint32_t)chunk : UINT32_MAX;
	return NULL;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char *take_sha256(struct json *j, enum json_token token, void *to)
{
	static const char fault[] = "sha256 is not 64 lower case hex digits";
	struct manifest *m = to;

	if (token != JSON_STRING || j->text.len != SHA256_HEX_LEN)
		return fault;
	for (int i = 0; i < SHA256_SIZE; i++) {
		int high = hex_digit(j->text.ptr[2 * i]), low = hex_digit(j->text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return fault;
		m->sha256[i] = (unsigned char)(high << 4 | low);
	}
	return NULL;
}

static const char *take_created(struct json *j, enum json_token token, void *to)
{
	struct manifest *m = to;

	if (token != JSON_STRING || clock_parse(j->text, &m->created) < 0)
		return "created is not a time (RFC 3339)";
	return NULL;
}

static const struct member members[] = {
    {"format", take_format},   {"model", take_model},       {"hardware", take_hardware},
    {"version", take_version}, {"sequence", take_sequence}, {"minimum", take_minimum},
    {"size", take_size},       {"chunk", take_chunk},       {"sha256", take_sha256},
    {"created", take_created},
};

const char *manifest_read_object(struct slice object, struct manifest *m)
{
	const char *fault;

	*m = (struct manifest){0};
	fault = members_read(object, members, sizeof(members) / sizeof(members[0]), m);
	return fault ? fault : manifest_fault(m);
}

/* ---- writing ---- */

static void append_string(struct buf *b, const char *name, struct slice value)
{
	buf_printf(b, ",\"%s\":", name);
	json_append_string(b, value);
}

void manifest_append_object(struct buf *b, const struct manifest *m)
{
	char hex[SHA256_HEX_LEN + 1];

	buf_append_string(b, "{\"format\":1");
	append_string(b, "model", m->model);
	buf_append_string(b, ",\"hardware\":[");
	for (size_t i = 0; i < m->hardware_count; i++) {
		if (i)
			buf_putc(b, ',');
		json_append_string(b, m->hardware[i]);
	}
	buf_putc(b, ']');
	append_string(b, "version", m->version);
	sha256_hex(m->sha256, hex);
	buf_printf(b,
	           ",\"sequence\":%" PRIu64 ",\"minimum\":%" PRIu64 ",\"size\":%" PRIu64
	           ",\"chunk\":%" PRIu32 ",\"sha256\":\"%s\",\"created\":\"",
	           m->sequence, m->minimum, m->size, m->chunk, hex);
	clock_append(b, m->created);
	buf_append_string(b, "\"}");
}
