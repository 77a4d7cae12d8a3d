#include "firmware/manifest.h"

#include "firmware/manifest_json.h"
#include "firmware/name.h"

#include <openssl/evp.h>
#include <string.h>

enum { BASE64_LEN = (SIGNATURE_SIZE + 2) / 3 * 4 };
static const struct slice scheme = {"ed25519 ", 8};

const char *manifest_verdict_code(enum manifest_verdict verdict)
{
	static const char *const codes[] = {
	    [MANIFEST_GOOD] = "good",
	    [MANIFEST_MALFORMED] = "malformed",
	    [MANIFEST_UNKNOWN_KEY] = "unknown-key",
	    [MANIFEST_BAD_SIGNATURE] = "bad-signature",
	};

	return codes[verdict];
}

/* ---- the two lines ---- */

struct envelope {
	struct slice object; /* the first line, without LF */
	struct slice key_id;
	unsigned char signature[SIGNATURE_SIZE];
};

/* The one way to write the signature: what decodes to the same bytes but is written otherwise is
 * refused. */
static bool decode_signature(struct slice text, unsigned char signature[SIGNATURE_SIZE])
{
	unsigned char bytes[BASE64_LEN / 4 * 3], again[BASE64_LEN + 1];

	if (text.len != BASE64_LEN ||
	    EVP_DecodeBlock(bytes, (const unsigned char *)text.ptr, BASE64_LEN) != sizeof(bytes))
		return false;
	EVP_EncodeBlock(again, bytes, SIGNATURE_SIZE);
	if (memcmp(again, text.ptr, BASE64_LEN) != 0)
		return false;
	memcpy(signature, bytes, SIGNATURE_SIZE);
	return true;
}

/* The bytes up to the next LF, which is taken too; false: there is none. */
static bool take_line(struct slice *text, struct slice *line)
{
	const char *end = text->len ? memchr(text->ptr, '\n', text->len) : NULL;

	if (!end)
		return false;
	*line = (struct slice){text->ptr, (size_t)(end - text->ptr)};
	text->ptr += line->len + 1;
	text->len -= line->len + 1;
	return true;
}

static const char *open_envelope(struct slice text, struct envelope *e)
{
	struct slice line;

	if (text.len > MANIFEST_MAX)
		return "longer than 4096 bytes";
	if (!take_line(&text, &e->object) || !take_line(&text, &line) || text.len > 0)
		return "not two lines, each with its end";
	if (line.len != scheme.len + KEY_ID_LEN + 1 + BASE64_LEN ||
	    !slice_starts_with(line, scheme) || line.ptr[scheme.len + KEY_ID_LEN] != ' ')
		return "the second line is not a signature";
	e->key_id = (struct slice){line.ptr + scheme.len, KEY_ID_LEN};
	line.ptr += scheme.len + KEY_ID_LEN + 1;
	line.len -= scheme.len + KEY_ID_LEN + 1;
	if (!decode_signature(line, e->signature))
		return "the signature is not 64 bytes of base64";
	return NULL;
}

/* What is signed. `object` is at most MANIFEST_MAX bytes. */
static struct slice signed_bytes(struct slice object,
                                 char bytes[sizeof(MANIFEST_CONTEXT) + MANIFEST_MAX])
{
	size_t len = sizeof(MANIFEST_CONTEXT) - 1;

	memcpy(bytes, MANIFEST_CONTEXT, len);
	memcpy(bytes + len, object.ptr, object.len);
	return (struct slice){bytes, len + object.len};
}

/* ---- reading ---- */

static const struct firmware_key *find_key(const struct firmware_key *keys, size_t count,
                                           struct slice id)
{
	for (size_t i = 0; i < count; i++)
		if (slice_is(id, keys[i].id))
			return &keys[i];
	return NULL;
}

enum manifest_verdict manifest_open(struct slice text, const struct firmware_key *keys,
                                    size_t key_count, struct manifest *m, const char **fault)
{
	char bytes[sizeof(MANIFEST_CONTEXT) + MANIFEST_MAX];
	const struct firmware_key *key;
	struct envelope e;

	*fault = open_envelope(text, &e);
	if (*fault)
		return MANIFEST_MALFORMED;
	key = find_key(keys, key_count, e.key_id);
	if (!key) {
		*fault = "signed by a key that is not known";
		return MANIFEST_UNKNOWN_KEY;
	}
	if (!signature_holds(key, signed_bytes(e.object, bytes), e.signature)) {
		*fault = "the signature does not hold";
		return MANIFEST_BAD_SIGNATURE;
	}
	*fault = manifest_read_object(e.object, m);
	return *fault ? MANIFEST_MALFORMED : MANIFEST_GOOD;
}

enum manifest_verdict manifest_parse(struct slice text, struct manifest *m, const char **fault)
{
	struct envelope e;

	*fault = open_envelope(text, &e);
	if (!*fault)
		*fault = manifest_read_object(e.object, m);
	return *fault ? MANIFEST_MALFORMED : MANIFEST_GOOD;
}

const char *manifest_fault(const struct manifest *m)
{
	if (firmware_model_fault(m->model))
		return "model is not a name, or reserved";
	if (firmware_name_fault(m->version))
		return "version is not a name";
	if (m->hardware_count < 1 || m->hardware_count > MANIFEST_HARDWARE_MAX)
		return "hardware is not 1 to 16 revisions";
	for (size_t i = 0; i < m->hardware_count; i++)
		if (firmware_name_fault(m->hardware[i]))
			return "hardware has a revision that is not a name";
	if (m->sequence < 1 || m->sequence > MANIFEST_SEQUENCE_MOST)
		return "sequence is not 1 to 9007199254740991";
	if (m->minimum > m->sequence)
		return "minimum is above the sequence: nobody could install it";
	if (m->size < 1 || m->size > MANIFEST_IMAGE_MOST)
		return "size is not 1 to 1073741824";
	if (m->chunk < MANIFEST_CHUNK_LEAST || m->chunk > MANIFEST_CHUNK_MOST)
		return "chunk is not 4096 to 32768";
	return NULL;
}

bool manifest_takes_hardware(const struct manifest *m, struct slice revision)
{
	for (size_t i = 0; i < m->hardware_count; i++)
		if (slice_equal(m->hardware[i], revision))
			return true;
	return false;
}

/* ---- writing ---- */

int manifest_sign(struct buf *b, const struct manifest *m, const struct firmware_key *key)
{
	char bytes[sizeof(MANIFEST_CONTEXT) + MANIFEST_MAX];
	unsigned char signature[SIGNATURE_SIZE], base64[BASE64_LEN + 1];
	size_t from = b->len;
	struct slice object;

	manifest_append_object(b, m);
	object = (struct slice){b->ptr + from, b->len - from};
	if (object.len + 1 + scheme.len + KEY_ID_LEN + 1 + BASE64_LEN + 1 > MANIFEST_MAX ||
	    signature_make(key, signed_bytes(object, bytes), signature) < 0) {
		b->len = from;
		return -1;
	}
	EVP_EncodeBlock(base64, signature, SIGNATURE_SIZE);
	buf_printf(b, "\n%.*s%s %s\n", SLICE_ARG(scheme), key->id, (const char *)base64);
	return 0;
}
