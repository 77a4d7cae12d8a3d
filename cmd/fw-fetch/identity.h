/*
 * identity: who this device is, and which manifests are meant for it.
 */
#ifndef FW_FETCH_IDENTITY_H
#define FW_FETCH_IDENTITY_H

#include "base/slice.h"
#include "fetch.h"
#include "firmware/signature.h"

#include <stdbool.h>
#include <stddef.h>

enum { IDENTITY_KEYS_MAX = 8 };

struct identity {
	struct slice device, model, hardware; /* names (firmware/name.h) */
	struct firmware_key keys[IDENTITY_KEYS_MAX];
	size_t key_count;
};

/* Why a manifest is not taken. */
struct refusal {
	const char *code;   /* bad-manifest, unknown-key, bad-signature, model, hardware */
	const char *detail; /* both are static texts */
	bool is_signed;     /* by one of the keys: it is ours, but not for this device */
};

/*
 * Checks the signature, then the syntax, the model and the hardware. 0 with the
 * image (of a manifest that is signed also with -1), or -1 with the refusal.
 */
int identity_check(const struct identity *id, struct slice text, struct fetch_image *image,
                   struct refusal *refusal);

void identity_free(struct identity *id);

#endif
