/* A CBOR payload: what is decoded is readings that parse again. */
#include "../../../cmd/sensor-decode/cbor/decode_cbor.h"

#include "fuzz_payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct decode_options options = {
	    .json = {.unit = TIME_S, .max_depth = 8, .index_arrays = size % 2}};
	struct fault fault;
	struct payload p = fuzz_payload(data, size, &fault);

	p.options = &options;
	p.type.format = FORMAT_CBOR;
	if (decode_cbor(&p) < 0)
		return fault_name(fault.code) ? 0 : -1;
	if (readings.count == 0)
		abort();
	check_readings();
	return 0;
}
