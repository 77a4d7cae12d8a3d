/* Any bytes as a state file: it is refused, or what it gives is written again as it was. Their
 * checksums are put right first, or nothing would get past them. */
#include "../../../cmd/sensor-validate/remembered.h"

#include "record/crc32c.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINE = 24, HEAD = 32, RECORD = 72 };

/* Little-endian machines only: a word's upper half comes after its lower one. */
static void mend(char *bytes, size_t size)
{
	if (size < LINE + HEAD)
		return;
	for (char *record = bytes + LINE + HEAD; record + RECORD <= bytes + size;
	     record += RECORD) {
		uint32_t crc;

		memset(record + RECORD - 4, 0, 4);
		crc = crc32c((struct slice){record, RECORD});
		memcpy(record + RECORD - 4, &crc, 4);
	}
	uint64_t crc = crc32c((struct slice){bytes + LINE, HEAD - 8});
	memcpy(bytes + LINE + HEAD - 8, &crc, 8);
}

static void write_and_compare(const struct series_table *t, const char *bytes, size_t size)
{
	char path[] = "/tmp/fuzz_state.XXXXXX";
	int fd = mkstemp(path);
	char *again = malloc(size + 1);
	FILE *file;

	if (fd < 0 || close(fd) < 0 || state_file_write(path, t, &remembered_form) < 0)
		abort();
	file = fopen(path, "r");
	if (!file || fread(again, 1, size + 1, file) != size || memcmp(again, bytes, size) != 0)
		abort();
	fclose(file);
	unlink(path);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct series_table t;
	char *bytes = malloc(size + 1), path[64];
	int fd = memfd_create("state", 0);
	enum state_status status;

	if (size > 0)
		memcpy(bytes, data, size);
	mend(bytes, size);
	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	series_init(&t, SERIES_MAX_LEAST, sizeof(struct history));
	status = state_file_read(path, &t, &remembered_form);
	if (status != STATE_READ && status != STATE_DAMAGED)
		abort();
	if (status == STATE_READ && t.count < SERIES_MAX_LEAST)
		write_and_compare(&t, bytes, size);
	series_free(&t);
	close(fd);
	free(bytes);
	return 0;
}
