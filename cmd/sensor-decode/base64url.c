#include "base64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64url_append(struct buf *b, struct slice bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr;

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t count = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t group = (uint32_t)p[i] << 16;

		if (count > 1)
			group |= (uint32_t)p[i + 1] << 8;
		if (count > 2)
			group |= p[i + 2];
		for (size_t k = 0; k <= count; k++)
			buf_putc(b, alphabet[group >> (18 - 6 * k) & 63]);
	}
}

bool base64url_valid(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!text.ptr[i] || !strchr(alphabet, text.ptr[i]))
			return false;
	return text.len % 4 != 1;
}
