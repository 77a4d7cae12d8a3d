/*
 * spool_recover: the end of a spool, put in order before a writer goes on.
 *
 * What follows the last sound record of the last segment without a line end is
 * torn: it was being written when the process or the machine died, and was
 * never acknowledged. It is cut off, and that is told. A record that lacks
 * nothing but its line end gets one. Before a torn end, lines that are not
 * sound go with it if they hold a NUL byte, which no record does: a block that
 * was not written when the power went (only without SPOOL_SYNC_ALWAYS).
 *
 * All else that is not sound is damage to what may have been acknowledged: it
 * ends the process with EX_DATAERR, naming file and offset. So does a last record
 * whose line end was changed into another byte.
 */
#ifndef SENSORPIPE_SPOOL_RECOVER_H
#define SENSORPIPE_SPOOL_RECOVER_H

#include <stdint.h>

/*
 * Only the writer may call this, with the lock held. Returns the least number
 * that a new record may have: over all that were given out, as far as segments,
 * checkpoints and the mark of what was trimmed tell. What was cut is synced. A last
 * segment without a record is deleted.
 */
uint64_t spool_recover(int directory, const char *path);

#endif
