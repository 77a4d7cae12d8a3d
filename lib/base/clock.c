#include "base/clock.h"

#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * CLOCK_SECOND + ts.tv_nsec / 1000;
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

/*
 * Days between 1970-01-01 and a date of the proleptic Gregorian calendar, and
 * back. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
 * (days_from_civil, civil_from_days).
 */
static int64_t days_from_civil(int64_t year, unsigned month, unsigned day)
{
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	unsigned year_of_era = (unsigned)(y - era * 400);
	unsigned day_of_year = (153 * (month + (month > 2 ? -3U : 9U)) + 2) / 5 + day - 1;
	unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + (int64_t)day_of_era - 719468;
}

static void civil_from_days(int64_t days, unsigned *year, unsigned *month, unsigned *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned doe = (unsigned)(z - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;

	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = (unsigned)((int64_t)yoe + era * 400 + (*month <= 2));
}

/* Reads exactly `count` digits; false when one is missing. */
static bool digits(const char *p, unsigned count, unsigned *value)
{
	*value = 0;
	for (unsigned i = 0; i < count; i++) {
		unsigned digit = (unsigned)(p[i] - '0');

		if (digit > 9)
			return false;
		*value = *value * 10 + digit;
	}
	return true;
}

static unsigned days_of_month(unsigned year, unsigned month)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

/* The offset at the end of a date-time: 'Z' or +hh:mm. In seconds; false when it is none. */
static bool parse_offset(const char *p, size_t len, int64_t *seconds)
{
	unsigned hours, minutes;

	if (len == 1 && (*p == 'Z' || *p == 'z')) {
		*seconds = 0;
		return true;
	}
	if (len != 6 || (*p != '+' && *p != '-') || !digits(p + 1, 2, &hours) || p[3] != ':' ||
	    !digits(p + 4, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*seconds = (int64_t)hours * 3600 + minutes * 60;
	if (*p == '-')
		*seconds = -*seconds;
	return true;
}

int clock_parse(struct slice text, int64_t *us)
{
	const char *p = text.ptr, *end;
	unsigned year, month, day, hour, minute, second, fraction = 0;
	int64_t offset, seconds;

	if (text.len < sizeof("2026-01-31T23:59:59Z") - 1)
		return -1;
	end = p + text.len;
	if (!digits(p, 4, &year) || p[4] != '-' || !digits(p + 5, 2, &month) || p[7] != '-' ||
	    !digits(p + 8, 2, &day) || (p[10] != 'T' && p[10] != 't' && p[10] != ' ') ||
	    !digits(p + 11, 2, &hour) || p[13] != ':' || !digits(p + 14, 2, &minute) ||
	    p[16] != ':' || !digits(p + 17, 2, &second))
		return -1;
	if (month < 1 || month > 12 || day < 1 || day > days_of_month(year, month) || hour > 23 ||
	    minute > 59 || second > 60)
		return -1;
	p += 19;
	if (*p == '.') {
		unsigned scale = 100000;

		if (++p == end || *p < '0' || *p > '9')
			return -1;
		for (; p < end && *p >= '0' && *p <= '9'; p++, scale /= 10)
			fraction += (unsigned)(*p - '0') * scale;
	}
	if (!parse_offset(p, (size_t)(end - p), &offset))
		return -1;
	seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
	seconds -= offset;
	if (seconds < CLOCK_MIN / CLOCK_SECOND || seconds > CLOCK_MAX / CLOCK_SECOND)
		return -1;
	*us = seconds * CLOCK_SECOND + fraction;
	return 0;
}

static void put2(char *p, unsigned value)
{
	p[0] = (char)('0' + value / 10);
	p[1] = (char)('0' + value % 10);
}

void clock_format(int64_t us, char text[CLOCK_TEXT_LEN])
{
	int64_t seconds = us / CLOCK_SECOND, days;
	unsigned fraction, second_of_day, year, month, day;

	if (us % CLOCK_SECOND < 0)
		seconds--;
	fraction = (unsigned)(us - seconds * CLOCK_SECOND);
	days = seconds / 86400;
	if (seconds % 86400 < 0)
		days--;
	second_of_day = (unsigned)(seconds - days * 86400);
	civil_from_days(days, &year, &month, &day);

	memcpy(text, "0000-00-00T00:00:00.000000Z", CLOCK_TEXT_LEN);
	put2(text, year / 100 % 100);
	put2(text + 2, year % 100);
	put2(text + 5, month);
	put2(text + 8, day);
	put2(text + 11, second_of_day / 3600);
	put2(text + 14, second_of_day / 60 % 60);
	put2(text + 17, second_of_day % 60);
	put2(text + 20, fraction / 10000);
	put2(text + 22, fraction / 100 % 100);
	put2(text + 24, fraction % 100);
}

void clock_append(struct buf *b, int64_t us)
{
	buf_reserve(b, CLOCK_TEXT_LEN);
	clock_format(us, b->ptr + b->len);
	b->len += CLOCK_TEXT_LEN;
}

void clock_append_day(struct buf *b, int64_t us)
{
	clock_append(b, us);
	b->len -= CLOCK_TEXT_LEN - (sizeof("2026-01-31") - 1);
}
