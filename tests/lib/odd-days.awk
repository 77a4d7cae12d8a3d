# Profiles of one series, a line each: day number, mean, sigma, 24 numbers; gives what odd_days_of() gives with
# k = 3 for all of them: day number, kind, value, expected, score.
function median(list, n,    i, j, x, half) {
	for (i = 2; i <= n; i++) {
		x = list[i]
		for (j = i - 1; j >= 1 && list[j] > x; j--) list[j + 1] = list[j]
		list[j + 1] = x
	}
	half = int((n + 1) / 2)
	return n % 2 ? list[half] : (list[half] + list[half + 1]) / 2
}
function abs(x) {
	return x < 0 ? -x : x
}
function max(a, b) {
	return a > b ? a : b
}
{
	day[NR] = $1; value["level", NR] = $2; value["spread", NR] = $3
	for (h = 1; h <= 24; h++) shape[NR, h] = $(3 + h)
}
function third_nearest(a,    b, h, sum, n, list) {
	for (b = 1; b <= NR; b++) {
		if (b == a) continue
		sum = 0
		for (h = 1; h <= 24; h++) sum += (shape[a, h] - shape[b, h]) ^ 2
		list[++n] = sqrt(sum)
	}
	median(list, n) # sorts
	return list[3]
}
function expected_of(kind, a,    b, apart, n, all, weekly, list, days) {
	for (b = 1; b <= NR; b++) {
		apart = abs(day[a] - day[b])
		if (apart == 0 || apart > 28) continue
		days[++all] = value[kind, b]
		if (apart % 7 == 0) list[++n] = value[kind, b]
	}
	return n >= 3 ? median(list, n) : median(days, all)
}
END {
	for (a = 1; a <= NR; a++) value["shape", a] = third_nearest(a)
	split("shape level spread", kinds, " ")
	for (a = 1; a <= NR; a++) { sigmas[a] = value["spread", a]; means[a] = value["level", a] }
	least = median(sigmas, NR) / 100 + abs(median(means, NR)) / 1e6
	for (k = 1; k <= 3; k++) {
		kind = kinds[k]
		for (a = 1; a <= NR; a++) {
			e[a] = expected_of(kind, a)
			d[a] = kind == "shape" ? log(max(value[kind, a], 0.1) / max(e[a], 0.1)) : value[kind, a] - e[a]
			size[a] = abs(d[a])
		}
		usual = median(size, NR)
		total = 0
		for (a = 1; a <= NR; a++) { off[a] = abs(abs(d[a]) - usual); total += off[a] }
		unit = median(off, NR)
		if (unit == 0) unit = 1.2533 * total / NR
		unit = max(unit, kind == "shape" ? 0.05 : least)
		for (a = 1; a <= NR; a++)
			printf("%d %s %.9g %.9g %.9g\n", day[a], kind, value[kind, a], e[a],
				unit > 0 && (kind != "shape" || d[a] > 0) ? max((abs(d[a]) - usual) / unit, 0) : 0)
	}
}
