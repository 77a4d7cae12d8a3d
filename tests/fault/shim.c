/*
 * shim: preloaded into a tool (LD_PRELOAD), makes one of its system calls fail, tear, or be its
 * last.
 *
 *   FAULT='CALL PATH NTH ACTION [BYTES]'
 *
 *   CALL    write, pwrite, fallocate, send, fdatasync, fsync, openat, renameat, unlinkat
 *   PATH    a pattern (fnmatch(3)) for the path of the file, socket:* for a socket; of renameat for
 *           the new path
 *   NTH     which of the calls that match, from 1: N, or N-M for all from the Nth to the Mth
 *   ACTION  kill           SIGKILL in place of the call
 *           kill-after     SIGKILL once the call is carried out
 *           tear=N         only the first N bytes are written, then SIGKILL
 *           short=N        only N bytes are written, as a short write
 *           cut            the call is carried out, then its connection is shut down both ways
 *           an error       ENOSPC, EIO, EINTR, EROFS, ECONNRESET: the call fails with it
 *   BYTES   count only what holds these bytes; \xHH is any byte
 *
 * The file FAULT_MARK, if set, is made when the fault strikes. Without FAULT, or with one that
 * cannot be read, the tool does not start: status 99.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STATUS_BAD_FAULT = 99 };

enum action { KILL, KILL_AFTER, TEAR, SHORT, CUT, FAIL };

static struct {
	char call[16], path[256], bytes[256];
	size_t bytes_len;
	unsigned first, last; /* of the calls that match */
	enum action action;
	size_t part; /* bytes written, of TEAR and SHORT */
	int error;   /* of FAIL */
	const char *mark;
	bool armed;
	atomic_uint matched;
} fault;

/* The function of the same name that this one stands before. */
#define NEXT(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

/* ---- reading FAULT ---- */

static void read_action(const char *text)
{
	static const struct {
		const char *name;
		int error;
	} errors[] = {
	    {"ENOSPC", ENOSPC},         {"EIO", EIO}, {"EINTR", EINTR}, {"EROFS", EROFS},
	    {"ECONNRESET", ECONNRESET},
	};

	if (strcmp(text, "kill") == 0) {
		fault.action = KILL;
	} else if (strcmp(text, "kill-after") == 0) {
		fault.action = KILL_AFTER;
	} else if (strcmp(text, "cut") == 0) {
		fault.action = CUT;
	} else if (sscanf(text, "tear=%zu", &fault.part) == 1) {
		fault.action = TEAR;
	} else if (sscanf(text, "short=%zu", &fault.part) == 1) {
		fault.action = SHORT;
	} else {
		fault.action = FAIL;
		for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
			if (strcmp(text, errors[i].name) == 0)
				fault.error = errors[i].error;
	}
}

static void read_bytes(const char *text)
{
	unsigned hex;

	for (; *text && fault.bytes_len < sizeof(fault.bytes); text++) {
		char byte = *text;

		if (sscanf(text, "\\x%2x", &hex) == 1) {
			byte = (char)hex;
			text += 3;
		}
		fault.bytes[fault.bytes_len++] = byte;
	}
}

__attribute__((constructor)) static void read_fault(void)
{
	const char *text = getenv("FAULT");
	char action[32], bytes[256] = "";
	int fields;

	fault.mark = getenv("FAULT_MARK");
	if (text && sscanf(text, "%15s %255s %u-%u", fault.call, fault.path, &fault.first,
	                   &fault.last) == 3)
		fault.last = fault.first;
	fields = text ? sscanf(text, "%*s %*s %*s %31s %255s", action, bytes) : 0;
	if (fields >= 1)
		read_action(action);
	if (fields == 2)
		read_bytes(bytes);
	fault.armed = fields >= 1 && fault.first > 0 && fault.last >= fault.first &&
	              (fault.action != FAIL || fault.error);
	if (!fault.armed) {
		fprintf(stderr, "shim: FAULT '%s' is none\n", text ? text : "");
		_exit(STATUS_BAD_FAULT);
	}
}

/* ---- whether it strikes ---- */

/* The path of what a descriptor refers to, followed by /NAME if there is one. */
static void name_target(int fd, const char *name, char path[PATH_MAX])
{
	char link[64];
	ssize_t len = 0;

	if (name && (*name == '/' || fd == AT_FDCWD)) {
		snprintf(path, PATH_MAX, "%s", name);
		return;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, PATH_MAX - 1);
	if (len < 0)
		len = 0;
	snprintf(path + len, PATH_MAX - (size_t)len, "%s%s", name ? "/" : "", name ? name : "");
}

static void leave_mark(void)
{
	int fd;

	if (!fault.mark)
		return;
	fd = NEXT(openat)(AT_FDCWD, fault.mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd >= 0)
		close(fd);
}

static bool strikes(const char *call, int fd, const char *name, const void *bytes, size_t len)
{
	char path[PATH_MAX];
	unsigned number;

	if (!fault.armed || strcmp(call, fault.call) != 0)
		return false;
	name_target(fd, name, path);
	if (fnmatch(fault.path, path, 0) != 0 ||
	    (fault.bytes_len && !(bytes && memmem(bytes, len, fault.bytes, fault.bytes_len))))
		return false;
	number = atomic_fetch_add(&fault.matched, 1) + 1;
	if (number < fault.first || number > fault.last)
		return false;
	leave_mark();
	return true;
}

/* ---- what it does ---- */

static void die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* In place of the call: true when it is not carried out, and fails. */
static bool fails(void)
{
	if (fault.action == KILL)
		die();
	if (fault.action != FAIL)
		return false;
	errno = fault.error;
	return true;
}

static size_t part_of(size_t len)
{
	bool whole = (fault.action != TEAR && fault.action != SHORT) || fault.part >= len;

	return whole ? len : fault.part;
}

static void after(int fd)
{
	int error = errno;

	if (fault.action == KILL_AFTER || fault.action == TEAR)
		die();
	if (fault.action == CUT)
		shutdown(fd, SHUT_RDWR);
	errno = error;
}

/* ---- the calls ---- */

/* The names of the parameters in the system's headers are reserved ones.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

ssize_t write(int fd, const void *bytes, size_t len)
{
	ssize_t n;

	if (!strikes("write", fd, NULL, bytes, len))
		return NEXT(write)(fd, bytes, len);
	if (fails())
		return -1;
	n = NEXT(write)(fd, bytes, part_of(len));
	after(fd);
	return n;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
	ssize_t n;

	if (!strikes("pwrite", fd, NULL, bytes, len))
		return NEXT(pwrite)(fd, bytes, len, offset);
	if (fails())
		return -1;
	n = NEXT(pwrite)(fd, bytes, part_of(len), offset);
	after(fd);
	return n;
}

int fallocate(int fd, int mode, off_t offset, off_t len)
{
	bool struck = strikes("fallocate", fd, NULL, NULL, 0);
	int result;

	if (struck && fails())
		return -1;
	result = NEXT(fallocate)(fd, mode, offset, len);
	if (struck)
		after(fd);
	return result;
}

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
	ssize_t n;

	if (!strikes("send", fd, NULL, bytes, len))
		return NEXT(send)(fd, bytes, len, flags);
	if (fails())
		return -1;
	n = NEXT(send)(fd, bytes, part_of(len), flags);
	after(fd);
	return n;
}

int fdatasync(int fd)
{
	bool struck = strikes("fdatasync", fd, NULL, NULL, 0);
	int result;

	if (struck && fails())
		return -1;
	result = NEXT(fdatasync)(fd);
	if (struck)
		after(fd);
	return result;
}

int fsync(int fd)
{
	bool struck = strikes("fsync", fd, NULL, NULL, 0);
	int result;

	if (struck && fails())
		return -1;
	result = NEXT(fsync)(fd);
	if (struck)
		after(fd);
	return result;
}

int openat(int directory, const char *name, int flags, ...)
{
	bool struck = strikes("openat", directory, name, NULL, 0);
	va_list more;
	int mode, fd;

	va_start(more, flags);
	mode = flags & O_CREAT ? va_arg(more, int) : 0;
	va_end(more);
	if (struck && fails())
		return -1;
	fd = NEXT(openat)(directory, name, flags, mode);
	if (struck)
		after(fd);
	return fd;
}

int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
	bool struck = strikes("renameat", to_directory, to, NULL, 0);
	int result;

	if (struck && fails())
		return -1;
	result = NEXT(renameat)(from_directory, from, to_directory, to);
	if (struck)
		after(-1);
	return result;
}

int unlinkat(int directory, const char *name, int flags)
{
	bool struck = strikes("unlinkat", directory, name, NULL, 0);
	int result;

	if (struck && fails())
		return -1;
	result = NEXT(unlinkat)(directory, name, flags);
	if (struck)
		after(-1);
	return result;
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
