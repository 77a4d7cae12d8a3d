/*
 * crc32c: the CRC of RFC 3720 (iSCSI, Castagnoli polynomial 0x1EDC6F41, reflected).
 *
 * Uses the SSE4.2 instruction where the processor has it, else tables
 * (slicing by 8). crc32c("123456789") is 0xE3069283.
 */
#ifndef SENSORPIPE_CRC32C_H
#define SENSORPIPE_CRC32C_H

#include "base/slice.h"

#include <stdint.h>

uint32_t crc32c(struct slice bytes);

#endif
