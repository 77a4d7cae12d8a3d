/* Any bytes as the record of a detector, with the right checksum: it is refused, or can be reckoned
 * with, and is written again as it was. */
#include "../../../cmd/sensor-anomaly/detector_state.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A record of a detector that has seen some values: what is fuzzed is laid over it from the start.
 */
static void make_record(uint64_t words[])
{
	struct detector d;
	struct verdict v;

	detector_init(&d);
	for (int i = 0; i < 300; i++)
		detector_take(&d, i * CLOCK_SECOND, i % 17, &v);
	detector_form.encode(&d, words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint64_t sound[STATE_WORDS_MAX];
	uint64_t words[STATE_WORDS_MAX], again[STATE_WORDS_MAX] = {0};
	size_t last = detector_form.words - 1;
	static struct detector d;
	struct verdict v;

	if (sound[last] == 0)
		make_record(sound);
	memcpy(words, sound, sizeof(words));
	memcpy(words + 2, data, size < (last - 2) * 8 ? size : (last - 2) * 8);
	words[last] = htole64(state_crc(words, last));
	memset(&d, 0, sizeof(d));
	if (!detector_form.decode(words, &d))
		return 0;
	detector_form.encode(&d, again);
	if (memcmp(words + 2, again + 2, (last - 2) * 8) != 0)
		abort();
	for (int i = 0; i < 50; i++) {
		detector_take(&d, i * CLOCK_SECOND, i % 7 * 1e99, &v);
		if (!(v.score >= 0 && v.score < 1))
			abort();
	}
	return 0;
}
