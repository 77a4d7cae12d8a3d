/*
 * month-readings: reading records of a month, for the tests of what keeps them.
 *
 *   month-readings FIRST-DAY SENSORS PER-DAY BUSY            the month
 *   month-readings FIRST-DAY SENSORS PER-DAY BUSY LATE ROUND  LATE records that come after it
 *
 * Each of SENSORS sends PER-DAY records a day, from FIRST-DAY on for 29 days, and BUSY on the 30th,
 * at even intervals with up to a second of jitter; a record is a temperature, in hundredths of a
 * degree, and a meter, in whole units: sums of either are exact. One in 80 readings is flagged.
 *
 * Records come in order of time, but one in 200 comes hours or days later, and one in 100 twice.
 * All is made of hashes of sensor and slot, so nothing is kept, and every run makes the same.
 *
 * Of the LATE ones a third were there before, a third are new, and a third have another value for
 * the time of one that was. ROUND makes them differ from those of another round.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/opt.h"
#include "stream/out.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define DAY (86400 * CLOCK_SECOND)
enum { DAYS = 29 }; /* before the busy one */

static struct month {
	int64_t start;
	uint64_t sensors, per_day, busy;
	uint64_t slots; /* of a sensor */
} month;

/* SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static uint64_t hash(uint64_t sensor, uint64_t slot, uint64_t salt)
{
	return mix(mix(mix(salt) + sensor) + slot);
}

enum { TIME, NOISE, FLAG, DELAY, TWICE, LATE }; /* what a hash is for */

/* Whole seconds, so that times have milliseconds and no more, as those of most sensors. */
static int64_t interval_of(uint64_t slot)
{
	int64_t slots = (int64_t)(slot < DAYS * month.per_day ? month.per_day : month.busy);

	return DAY / CLOCK_SECOND / slots * CLOCK_SECOND;
}

static int64_t time_of(uint64_t sensor, uint64_t slot)
{
	uint64_t usual = DAYS * month.per_day;
	int64_t jitter = (int64_t)(hash(sensor, slot, TIME) % 1000) * 1000;

	if (slot < usual)
		return month.start + (int64_t)(slot / month.per_day) * DAY +
		       (int64_t)(slot % month.per_day) * interval_of(slot) + jitter;
	return month.start + DAYS * DAY + (int64_t)(slot - usual) * interval_of(slot) + jitter;
}

static void append_flag(struct buf *b, uint64_t sensor, uint64_t slot, uint64_t metric)
{
	static const char flags[] = "4444333299";
	uint64_t h = hash(sensor, slot, FLAG + metric * 16) % 800;

	if (h < sizeof(flags) - 1)
		buf_printf(b, ";%c", flags[h]);
}

/* Hundredths of a degree: up and down with the day, and noise of half a degree. */
static uint64_t temperature_of(uint64_t sensor, uint64_t slot)
{
	uint64_t hundredth = (uint64_t)(time_of(sensor, slot) % DAY) * 100 / DAY;
	uint64_t wave = hundredth < 50 ? hundredth : 100 - hundredth;

	return 1200 + sensor % 500 + wave * 16 + hash(sensor, slot, NOISE) % 100;
}

/* `shift` is added to the time, `more` to the values. */
static void append_record(struct out *out, uint64_t sensor, uint64_t slot, int64_t shift,
                          uint64_t more)
{
	struct buf *b = &out->buf;
	int64_t time = time_of(sensor, slot) + shift;
	uint64_t temperature = temperature_of(sensor, slot) + more * 100;

	buf_append_string(b, "r1\t0\t");
	clock_append(b, time + CLOCK_SECOND);
	buf_putc(b, '\t');
	clock_append(b, time);
	buf_printf(b, "\tplant\ts-%05u\t1\ttemperature=%u.%02u", (unsigned)sensor,
	           (unsigned)temperature / 100, (unsigned)temperature % 100);
	append_flag(b, sensor, slot, 1);
	buf_printf(b, "\tmeter=%u",
	           (unsigned)(sensor + slot * 3 + hash(sensor, slot, NOISE) % 3 + more));
	append_flag(b, sensor, slot, 2);
	buf_putc(b, '\n');
	out_line(out);
}

/* In slots: some hours to some days. */
static const uint64_t delays[] = {7, 67, 160};
enum { DELAYS = sizeof(delays) / sizeof(delays[0]), TWICE_AFTER = 3 };

/* Of a record that comes at its time, 0. */
static uint64_t delay_of(uint64_t sensor, uint64_t slot)
{
	uint64_t h = hash(sensor, slot, DELAY);

	return h % 200 == 0 ? delays[(h >> 32) % DELAYS] : 0;
}

/* What a sensor has to send in a slot: what is of it, what was held back, and what comes twice. */
static void append_due(struct out *out, uint64_t sensor, uint64_t slot)
{
	if (slot < month.slots && delay_of(sensor, slot) == 0)
		append_record(out, sensor, slot, 0, 0);
	for (int i = 0; i < DELAYS; i++) {
		uint64_t then = slot - delays[i];

		if (slot >= delays[i] && then < month.slots && delay_of(sensor, then) == delays[i])
			append_record(out, sensor, then, 0, 0);
	}
	if (slot >= TWICE_AFTER && slot - TWICE_AFTER < month.slots &&
	    hash(sensor, slot - TWICE_AFTER, TWICE) % 100 == 0)
		append_record(out, sensor, slot - TWICE_AFTER, 0, 0);
}

static void append_month(struct out *out)
{
	for (uint64_t slot = 0; slot <= month.slots + delays[DELAYS - 1]; slot++)
		for (uint64_t sensor = 0; sensor < month.sensors; sensor++)
			append_due(out, sensor, slot);
}

static void append_late(struct out *out, uint64_t count, uint64_t round)
{
	for (uint64_t i = 0; i < count; i++) {
		uint64_t sensor = hash(i, round, LATE) % month.sensors;
		uint64_t slot = hash(i, round, LATE + 16) % month.slots;

		switch (i % 3) {
		case 0:
			append_record(out, sensor, slot, 0, 0);
			break;
		case 1: /* between two others */
			append_record(out, sensor, slot,
			              interval_of(slot) / 2 + (int64_t)round * 1000, 0);
			break;
		default:
			append_record(out, sensor, slot, 0, round);
			break;
		}
	}
}

int main(int argc, char **argv)
{
	struct out out;

	msg_init("month-readings");
	if (argc != 5 && argc != 7)
		msg_die(EX_USAGE,
		        "usage: month-readings FIRST-DAY SENSORS PER-DAY BUSY [LATE ROUND]");
	if (clock_parse(slice_of(argv[1]), &month.start) < 0)
		msg_die(EX_USAGE, "'%s' is no time", argv[1]);
	month.sensors = opt_u64("SENSORS", argv[2], 1, 99999);
	month.per_day = opt_u64("PER-DAY", argv[3], 1, 8640);
	month.busy = opt_u64("BUSY", argv[4], 1, 8640);
	month.slots = DAYS * month.per_day + month.busy;
	out_init(&out, STDOUT_FILENO, "stdout");
	if (argc == 5)
		append_month(&out);
	else
		append_late(&out, opt_u64("LATE", argv[5], 1, UINT32_MAX),
		            opt_u64("ROUND", argv[6], 1, 999));
	out_close(&out);
	return EX_OK;
}
