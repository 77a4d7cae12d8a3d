#include "sparkplug/sparkplug_store.h"

#include "base/msg.h"
#include "sparkplug/sparkplug_topic.h"

/* uthash has no other way to tell that memory is out. */
#define uthash_fatal(text) msg_die(EX_OSERR, "out of memory")

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uthash.h>

static const char name[] = "births", temporary[] = "births.tmp";

_Noreturn static void die(const struct sparkplug_store *s, const char *what)
{
	msg_die(EX_IOERR, "cannot %s '%s': %s", what, s->path, strerror(errno));
}

static int open_file(const struct sparkplug_store *s, const char *file, int flags)
{
	return openat(s->directory, file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0640);
}

void sparkplug_store_open(struct sparkplug_store *s, const char *directory)
{
	int fd;

	*s = (struct sparkplug_store){.large = SPARKPLUG_STORE_LARGE};
	if (mkdir(directory, 0750) < 0 && errno != EEXIST)
		msg_die(EX_CANTCREAT, "cannot make '%s': %s", directory, strerror(errno));
	s->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->directory < 0)
		msg_die(EX_CANTCREAT, "cannot open '%s': %s", directory, strerror(errno));
	if (flock(s->directory, LOCK_EX | LOCK_NB) < 0)
		msg_die(EX_TEMPFAIL, "'%s' is in use by another process", directory);
	if (asprintf(&s->path, "%s/%s", directory, name) < 0)
		msg_die(EX_OSERR, "out of memory");
	fd = open_file(s, name, 0);
	if (fd < 0)
		msg_die(EX_CANTCREAT, "cannot open '%s': %s", s->path, strerror(errno));
	out_init(&s->out, fd, s->path);
	s->out.sync = true;
}

/* ---- reading ---- */

/* The file's bytes; those of an empty one have no ptr. */
static struct slice map(const struct sparkplug_store *s)
{
	struct stat st;
	void *at;

	if (fstat(s->out.fd, &st) < 0)
		die(s, "read");
	if (st.st_size == 0)
		return (struct slice){0};
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, s->out.fd, 0);
	if (at == MAP_FAILED)
		die(s, "read");
	return (struct slice){at, (size_t)st.st_size};
}

static void unmap(struct slice text)
{
	if (text.ptr)
		munmap((void *)text.ptr, text.len);
}

/* The line at an offset, with its LF; empty: there is no whole one. */
static struct slice line_at(struct slice text, size_t at)
{
	const char *from, *lf;

	if (at == text.len)
		return (struct slice){0};
	from = text.ptr + at;
	lf = memchr(from, '\n', text.len - at);
	return lf ? (struct slice){from, (size_t)(lf - from) + 1} : (struct slice){0};
}

/* The message in the line at an offset, and what its topic tells. */
static void read_message(struct sparkplug_store *s, struct slice line, size_t at, struct message *m,
                         struct sparkplug_topic *topic)
{
	struct record_error error = {0};

	line.len--;
	if (message_parse(line, &s->scratch, m, &error) < 0)
		msg_die(EX_DATAERR,
		        "'%s' is damaged at offset %zu: %s; without the file, births are asked for "
		        "again",
		        s->path, at, error.what);
	if (sparkplug_topic_read(m->topic, topic))
		msg_die(EX_DATAERR, "'%s' is damaged at offset %zu: no topic of Sparkplug", s->path,
		        at);
}

static void cut(struct sparkplug_store *s, size_t size)
{
	if (ftruncate(s->out.fd, (off_t)size) < 0 || fdatasync(s->out.fd) < 0)
		die(s, "cut");
	s->size = size;
}

void sparkplug_store_restore(struct sparkplug_store *s, uint64_t before, sparkplug_restore *restore,
                             void *self)
{
	struct slice text = map(s), line;
	size_t at = 0, keep = 0;

	for (; (line = line_at(text, at)).len; at += line.len) {
		struct sparkplug_topic topic;
		struct message m;

		read_message(s, line, at, &m, &topic);
		if (before && m.seq >= before)
			break;
		restore(self, &m);
		if (topic.type != SPARKPLUG_NDATA)
			keep = at + line.len;
	}
	if (at < text.len && !line.len)
		msg_warn("'%s': the last line was not written to its end; it is left out", s->path);
	unmap(text);
	if (keep < text.len)
		cut(s, keep);
	else
		s->size = keep;
}

/* ---- writing ---- */

/* The last line of a node or a device. */
struct last {
	size_t at;
	bool birth;
	UT_hash_handle hh;
	char key[];
};

static void make_key(struct buf *b, struct slice group, struct slice source)
{
	buf_clear(b);
	buf_append_slice(b, group);
	buf_putc(b, '/');
	buf_append_slice(b, source);
}

static struct last *find_last(struct last *all, const struct buf *key)
{
	struct last *found;

	HASH_FIND(hh, all, key->ptr, key->len, found);
	return found;
}

static void note_last(struct last **all, const struct buf *key, size_t at, enum sparkplug_type type)
{
	struct last *l = find_last(*all, key);

	if (!l) {
		l = calloc(1, sizeof(*l) + key->len);
		if (!l)
			msg_die(EX_OSERR, "out of memory");
		memcpy(l->key, key->ptr, key->len);
		HASH_ADD_KEYPTR(hh, *all, l->key, key->len, l);
	}
	l->at = at;
	l->birth = type == SPARKPLUG_NBIRTH || type == SPARKPLUG_DBIRTH;
}

/* Whether the line is a birth that neither another line nor its node's has ended. */
static bool in_force(struct last *all, const struct sparkplug_topic *topic, size_t at,
                     struct buf *key)
{
	const struct last *l;

	make_key(key, topic->group, topic->sensor);
	l = find_last(all, key);
	if (!l || l->at != at || !l->birth)
		return false;
	make_key(key, topic->group, topic->node);
	l = find_last(all, key);
	return !l || l->at <= at;
}

static void free_last(struct last *all)
{
	struct last *l = all, *next;

	HASH_CLEAR(hh, all);
	for (; l; l = next) {
		next = l->hh.next;
		free(l);
	}
}

/* Appends the lines in force. */
static void keep_in_force(struct sparkplug_store *s, struct slice text, struct buf *kept)
{
	struct sparkplug_topic topic;
	struct last *all = NULL;
	struct buf key = {0};
	struct message m;
	struct slice line;

	for (size_t at = 0; (line = line_at(text, at)).len; at += line.len) {
		read_message(s, line, at, &m, &topic);
		make_key(&key, topic.group, topic.sensor);
		note_last(&all, &key, at, topic.type);
	}
	for (size_t at = 0; (line = line_at(text, at)).len; at += line.len) {
		read_message(s, line, at, &m, &topic);
		if (in_force(all, &topic, at, &key))
			buf_append_slice(kept, line);
	}
	free_last(all);
	buf_free(&key);
}

/* Replaces the file by one of the lines in force. */
static void compact(struct sparkplug_store *s)
{
	struct slice text;
	int fd = open_file(s, temporary, O_TRUNC);

	if (fd < 0)
		die(s, "replace");
	out_flush(&s->out);
	text = map(s);
	keep_in_force(s, text, &s->out.buf);
	unmap(text);
	close(s->out.fd);
	s->out.fd = fd;
	s->size = s->out.buf.len;
	out_flush(&s->out);
	if (renameat(s->directory, temporary, s->directory, name) < 0 || fsync(s->directory) < 0)
		die(s, "replace");
	s->large = 2 * s->size > SPARKPLUG_STORE_LARGE ? 2 * s->size : SPARKPLUG_STORE_LARGE;
}

void sparkplug_store_append(struct sparkplug_store *s, const struct message *m)
{
	size_t before = s->out.buf.len;

	message_append_crc(&s->out.buf, m);
	s->size += s->out.buf.len - before;
	out_line(&s->out);
	if (s->size > s->large)
		compact(s);
}

void sparkplug_store_close(struct sparkplug_store *s, struct slice state)
{
	buf_append_slice(&s->out.buf, state);
	out_close(&s->out);
	close(s->directory);
	free(s->path);
	buf_free(&s->scratch);
}
