#include "identity.h"

#include "firmware/manifest.h"

#include <string.h>

static int refuse(struct refusal *refusal, const char *code, const char *detail, bool is_signed)
{
	*refusal = (struct refusal){.code = code, .detail = detail, .is_signed = is_signed};
	return -1;
}

/* What a good manifest says; its names and its size are within bounds. */
static void take_image(const struct manifest *m, struct slice text, struct fetch_image *image)
{
	*image = (struct fetch_image){
	    .sequence = m->sequence,
	    .minimum = m->minimum,
	    .size = m->size,
	    .chunk = m->chunk,
	    .manifest_len = text.len,
	};
	memcpy(image->version, m->version.ptr, m->version.len);
	memcpy(image->sha256, m->sha256, sizeof(image->sha256));
	memcpy(image->manifest, text.ptr, text.len);
}

int identity_check(const struct identity *id, struct slice text, struct fetch_image *image,
                   struct refusal *refusal)
{
	struct manifest m;
	const char *fault;
	enum manifest_verdict verdict = manifest_open(text, id->keys, id->key_count, &m, &fault);

	if (verdict == MANIFEST_MALFORMED)
		return refuse(refusal, "bad-manifest", fault, false);
	if (verdict != MANIFEST_GOOD)
		return refuse(refusal, manifest_verdict_code(verdict), fault, false);
	take_image(&m, text, image);
	if (!slice_equal(m.model, id->model))
		return refuse(refusal, "model", "it is for another model", true);
	if (!manifest_takes_hardware(&m, id->hardware))
		return refuse(refusal, "hardware", "it is not for this revision of the hardware",
		              true);
	return 0;
}

void identity_free(struct identity *id)
{
	for (size_t i = 0; i < id->key_count; i++)
		firmware_key_free(&id->keys[i]);
	id->key_count = 0;
}
