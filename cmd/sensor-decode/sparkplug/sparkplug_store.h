/*
 * sparkplug_store: births and deaths in a directory, so that a decoder that starts again knows what
 * it knew before.
 *
 *   DIR/births   the messages themselves, as m1 records with a crc, in the order they were taken
 *
 * What is appended is written and synced before the outputs that have `out` before
 * them (stream/out.h): nothing that rests on a birth goes on before the birth is on
 * the disk. A replay that begins again further back is exact, as the file holds
 * earlier births, too: those that come again are cut off when it begins. When the
 * file is large it is replaced by one that holds only the births in force.
 *
 * A decoder that ends in order also leaves the number of each node's last message,
 * which is taken out again at the start: one that did not end in order leaves none.
 *
 * Damage other than a torn last line ends the process with EX_DATAERR, a directory
 * that is in use with EX_TEMPFAIL, failures of the disk with EX_IOERR.
 */
#ifndef SENSOR_DECODE_SPARKPLUG_STORE_H
#define SENSOR_DECODE_SPARKPLUG_STORE_H

#include "record/record.h"
#include "stream/out.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes from which on the file is replaced; more when the births in force need more than half. */
enum { SPARKPLUG_STORE_LARGE = 16 << 20 };

struct sparkplug_store {
	struct out out;
	char *path; /* of the file */
	int directory;
	size_t size;  /* of the file, with what is in `out` */
	size_t large; /* the size at which it is replaced */
	struct buf scratch;
};

/* Makes the directory if it is not there. */
void sparkplug_store_open(struct sparkplug_store *s, const char *directory);

typedef void sparkplug_restore(void *self, const struct message *m);

/* Gives each message that is kept, in order, up to the first whose number is `before` or more; that
 * and all behind it are forgotten. 0: all are given. To be called once, before anything is
 * appended. */
void sparkplug_store_restore(struct sparkplug_store *s, uint64_t before, sparkplug_restore *restore,
                             void *self);

/* Keeps a birth or a death. */
void sparkplug_store_append(struct sparkplug_store *s, const struct message *m);

/* `state` is what sparkplug_append_state() gives. */
void sparkplug_store_close(struct sparkplug_store *s, struct slice state);

#endif
