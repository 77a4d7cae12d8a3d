/* A Protobuf payload: what passes the check of the wire is unpacked, within the memory it may have.
 */
#include "../../../cmd/sensor-decode/protobuf/decode_protobuf.h"

#include "fuzz_payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault;
	struct payload p = fuzz_payload(data, size, &fault);

	if (decode_protobuf(&p) < 0) {
		if (fault.code == FAULT_TOO_LARGE && size < 100000)
			abort();
		return 0;
	}
	check_readings();
	return 0;
}
