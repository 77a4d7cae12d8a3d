#include "firmware/signature.h"

#include "firmware/sha256.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

int firmware_key_adopt(struct firmware_key *k, EVP_PKEY *pkey, bool is_private)
{
	unsigned char raw[KEY_RAW_SIZE], digest[SHA256_SIZE];
	char hex[SHA256_HEX_LEN + 1];
	size_t len = sizeof(raw);

	if (!pkey || EVP_PKEY_get_base_id(pkey) != EVP_PKEY_ED25519 ||
	    EVP_PKEY_get_raw_public_key(pkey, raw, &len) != 1 || len != sizeof(raw) ||
	    sha256_bytes((struct slice){(const char *)raw, len}, digest) < 0) {
		EVP_PKEY_free(pkey);
		return -1;
	}
	sha256_hex(digest, hex);
	*k = (struct firmware_key){.pkey = pkey, .is_private = is_private};
	memcpy(k->id, hex, KEY_ID_LEN);
	return 0;
}

int firmware_key_from_raw(struct firmware_key *k, bool is_private,
                          const unsigned char raw[KEY_RAW_SIZE])
{
	EVP_PKEY *pkey = is_private ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, raw,
	                                                           KEY_RAW_SIZE)
	                            : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, raw,
	                                                          KEY_RAW_SIZE);

	return firmware_key_adopt(k, pkey, is_private);
}

int firmware_key_generate(struct firmware_key *k)
{
	return firmware_key_adopt(k, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), true);
}

void firmware_key_free(struct firmware_key *k)
{
	EVP_PKEY_free(k->pkey);
	*k = (struct firmware_key){0};
}

int signature_make(const struct firmware_key *k, struct slice bytes,
                   unsigned char signature[SIGNATURE_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t len = SIGNATURE_SIZE;
	bool made = context && EVP_DigestSignInit(context, NULL, NULL, NULL, k->pkey) == 1 &&
	            EVP_DigestSign(context, signature, &len, (const unsigned char *)bytes.ptr,
	                           bytes.len) == 1;

	EVP_MD_CTX_free(context);
	return made ? 0 : -1;
}

bool signature_holds(const struct firmware_key *k, struct slice bytes,
                     const unsigned char signature[SIGNATURE_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool holds = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, k->pkey) == 1 &&
	             EVP_DigestVerify(context, signature, SIGNATURE_SIZE,
	                              (const unsigned char *)bytes.ptr, bytes.len) == 1;

	EVP_MD_CTX_free(context);
	ERR_clear_error(); /* a signature that does not hold is no error of the library */
	return holds;
}
