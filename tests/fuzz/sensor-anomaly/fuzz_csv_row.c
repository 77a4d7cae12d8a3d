/* Any bytes as a row of a table: read or refused; what is read is within its bounds. */
#include "../../../cmd/sensor-anomaly/csv_row.h"

#include "base/clock.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv_row row = {0, 0};
	char *copy = malloc(size ? size : 1);
	enum csv_status status;

	if (size > 0)
		memcpy(copy, data, size);
	status = csv_row_parse((struct slice){copy, size}, &row);
	if (status == CSV_ROW &&
	    (!isfinite(row.value) || row.time < CLOCK_MIN || row.time > CLOCK_MAX))
		abort();
	free(copy);
	return 0;
}
