/* Compressed payloads, the coding by the first byte: never more than is allowed. */
#include "../../../cmd/sensor-decode/inflate.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct inflater inflater;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { MAX = 5000 };
	static const enum coding codings[] = {CODING_GZIP, CODING_DEFLATE, CODING_ZSTD};
	struct slice plain;
	struct fault fault;
	unsigned sum = 0;

	if (size == 0)
		return 0;
	if (inflater_take(&inflater, codings[data[0] % 3],
	                  (struct slice){(const char *)data + 1, size - 1}, MAX, &plain,
	                  &fault) < 0) {
		if (fault.code != FAULT_BAD_ENCODING && fault.code != FAULT_TOO_LARGE)
			abort();
		return 0;
	}
	if (plain.len > MAX)
		abort();
	for (size_t i = 0; i < plain.len; i++)
		sum += (unsigned char)plain.ptr[i];
	return sum == UINT32_MAX ? -1 : 0; /* all of it was looked at */
}
