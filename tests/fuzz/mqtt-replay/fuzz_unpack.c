/* Any bytes into the decompression: it ends, and gives the same in pieces of any size. The first
 * byte chooses the pieces. */
#include "stream/unpack.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { OUTPUT_MAX = 1 << 20 }; /* a few bytes may stand for gigabytes */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf small, large;

/* All that is in the file, up to OUTPUT_MAX bytes; whether it has a fault. */
static bool read_all(int fd, size_t piece, size_t size, struct buf *out)
{
	struct unpack u;
	bool fault;
	ssize_t n;

	buf_clear(out);
	lseek(fd, 0, SEEK_SET);
	unpack_init(&u, fd);
	do {
		buf_reserve(out, piece);
		n = unpack_read(&u, out->ptr + out->len, piece);
		out->len += n > 0 ? (size_t)n : 0;
	} while ((n > 0 && out->len < OUTPUT_MAX) || (n < 0 && !u.fault && errno == EAGAIN));
	if (u.offset > size || (n < 0 && !u.fault))
		abort();
	fault = u.fault != NULL;
	unpack_free(&u);
	return fault;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool fault;
	int fd;

	if (size == 0)
		return 0;
	fd = memfd_create("input", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)(size - 1))
		abort();
	fault = read_all(fd, 1 + data[0], size, &small);
	if (read_all(fd, 65536, size, &large) != fault && large.len < OUTPUT_MAX)
		abort();
	/* Where a fault is found depends on how much was wanted at once; what comes before it does
	 * not. */
	if (memcmp(small.ptr, large.ptr, small.len < large.len ? small.len : large.len) != 0)
		abort();
	if (!fault && large.len < OUTPUT_MAX && small.len != large.len)
		abort();
	close(fd);
	return 0;
}
