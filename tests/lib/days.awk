# Days of hourly readings of many series, some of them odd, as reading records.
#
#   awk -f days.awk -v seed=N -v series=N -v days=N -v first=EPOCH -v planted=FILE [-v strength=N]
#
# Series take turns in four kinds: an office (two peaks on weekdays, quiet weekends), a day-night wave that
# follows slow weather, a machine of two shifts that rests on Sundays, and a noisy wave. Each has a size, an
# offset, noise and a trend of its own; one hour in 50 is missing, and one day in 40 lacks six in a row. Of every
# other series two days are odd, each in one of six ways; FILE gets their SENSOR DAY WAY. A
# strength of less than 1 makes them less so.

# Park and Miller's generator: the same numbers in every awk.
function uniform() {
	state = (state * 16807) % 2147483647
	return state / 2147483647
}
function normal() {
	return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform())
}
function bump(hour, at, width) {
	return exp(-((hour - at) / width) ^ 2)
}
function office(hour, weekday) {
	return weekday >= 5 ? 0.15 + 0.1 * bump(hour, 13, 5) : 0.1 + bump(hour, 9, 2.5) + 0.8 * bump(hour, 15, 2.5)
}
function wave(hour) {
	return 0.5 - 0.5 * cos(6.283185307179586 * (hour - 3) / 24)
}
function machine(hour, weekday) {
	return weekday == 6 ? 0.05 : (hour >= 6 && hour < 14) ? 1 : (hour >= 14 && hour < 22) ? 0.7 : 0.05
}
function base(kind, hour, weekday) {
	return kind == 0 ? office(hour, weekday) : kind == 2 ? machine(hour, weekday) : wave(hour)
}
# The value of an hour between 0 and about 1, made odd.
function odd(way, kind, hour, weekday, plain) {
	if (way == "shifted") return base(kind, (hour + 17) % 24, weekday)
	if (way == "flat") return level
	if (way == "missing-peak") return plain < 0.4 ? plain : 0.4
	if (way == "doubled-peak") return plain < 0.5 ? plain : 2 * plain
	if (way == "reversed") return base(kind, 23 - hour, weekday)
	if (way == "noisy") return plain + 0.5 * normal()
	return plain
}
function plan(s,    i, day) {
	delete way
	for (i = 0; s % 2 == 0 && i < 2; i++) {
		# Not where the series itself rests, which has no peak to miss.
		do day = int(uniform() * days); while (day in way || (day + start) % 7 >= 5)
		way[day] = ways[1 + int(uniform() * 6)]
		printf "s%03d %s %s\n", s, strftime_day(day), way[day] >planted
	}
}
# Civil from days: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
function strftime_day(day,    z, era, doe, yoe, doy, mp, y, m, d) {
	z = int(first / 86400) + day + 719468
	era = int(z / 146097)
	doe = z - era * 146097
	yoe = int((doe - int(doe / 1460) + int(doe / 36524) - int(doe / 146096)) / 365)
	doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100))
	mp = int((5 * doy + 2) / 153)
	d = doy - int((153 * mp + 2) / 5) + 1
	m = mp < 10 ? mp + 3 : mp - 9
	y = yoe + era * 400 + (m <= 2)
	return sprintf("%04d-%02d-%02d", y, m, d)
}
BEGIN {
	split("shifted flat missing-peak doubled-peak reversed noisy", ways, " ")
	state = 1 + seed * 7919 % 2147483646
	if (strength == "") strength = 1
	for (i = 0; i < 10; i++) uniform()
	start = (int(first / 86400) + 3) % 7 # of 1970-01-01: a Thursday; Monday is 0
	for (s = 0; s < series; s++) {
		kind = s % 4
		size = exp(3 * uniform())
		offset = 20 * normal()
		noise = kind == 3 ? 0.12 : 0.03 + 0.03 * uniform()
		trend = 0.004 * normal()
		weather = 0
		plan(s)
		for (day = 0; day < days; day++) {
			date = strftime_day(day)
			weekday = (day + start) % 7
			weather = 0.7 * weather + (kind == 1 ? 0.15 : 0.02) * normal()
			gain = 1 + 0.05 * normal()
			hole = uniform() < 0.025 ? int(uniform() * 18) : -10
			level = 0.3 + 0.2 * uniform()
			for (hour = 0; hour < 24; hour++) {
				plain = gain * base(kind, hour, weekday)
				value = plain
				if (day in way) value += strength * (odd(way[day], kind, hour, weekday, plain) - plain)
				jitter = noise * normal()
				if (day in way && way[day] == "flat") jitter /= 100
				missing = uniform() < 0.02 || hour >= hole && hour < hole + 6
				if (missing && !(day in way)) continue
				printf "r1\t0\t%sT%02d:00:00Z\t%sT%02d:00:00Z\tplanted\ts%03d\t1\tvalue=%.4f\n", \
					date, hour, date, hour, s, offset + size * (value + jitter + weather + trend * day)
			}
		}
	}
}
