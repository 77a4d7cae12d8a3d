/* Any bytes as a schema: refused with a fault, or compiled so that readings can be checked. */
#include "../../../cmd/sensor-validate/check.h"
#include "../../../cmd/sensor-validate/compile.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct check check;
static struct buf scratch;
static struct reading reading;

/* What is refused has a reason. */
static void check_line(struct schema *s, struct slice line)
{
	struct record_error error;

	if (reading_parse(line, &scratch, &reading, &error) < 0)
		abort();
	if (!check_reading(&check, s, &reading) && check.failure.detail.len == 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct faults faults = {.file = "fuzz"};
	struct schema *s = schema_compile((struct slice){(const char *)data, size},
	                                  SCHEMA_OF_READINGS, &faults);

	if ((s != NULL) != (faults.count == 0))
		abort();
	if (s) {
		check_line(s, SLICE("r1\t1\t2026-01-02T00:00:00Z\t2026-01-01T00:00:00Z\tt\ts\t1\t"
		                    "a=1.50\tb=\"x\\\\u00e9\"\tc=true\tv=\"\xc3\xa9t\xc3\xa9\""));
		check_line(s, SLICE("r1\t1\t2026-01-01T00:00:00Z\t2026-01-02T00:00:00Z\tt\ts\t1\t"
		                    "v=-1e-7\tb=3\ta=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""));
	}
	schema_free(s);
	faults_free(&faults);
	return 0;
}
