/*
 * secret: keeps what is secret out of core files.
 *
 * Passwords and private keys are in the memory of this process, in buffers of
 * its own and of the libraries it hands them to, so a core file would hold them.
 * The limit of one byte is no mistake: Linux then writes none, not even to a
 * program that takes them (core(5), /proc/sys/kernel/core_pattern), which a
 * limit of 0 leaves to that program.
 */
#ifndef SENSORPIPE_SECRET_H
#define SENSORPIPE_SECRET_H

/* From now on this process leaves no core file; to be called before a secret is read. */
void secret_no_core(void);

#endif
