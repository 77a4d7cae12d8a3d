# The raw figures (CASE WHAT WAY UNIT VALUE, TAB-separated) as a table, or with -v json=1 as JSON: of each way
# the median, least and greatest value, and the median's ratio to that of the first way of its case.
BEGIN { FS = "\t" }
{
	key = $1 SUBSEP $2 SUBSEP $3 SUBSEP $4
	group = $1 SUBSEP $2 SUBSEP $4
	if (!(key in count)) {
		keys[++n] = key
		if (!(group in first)) {
			first[group] = key
			groups[++group_count] = group
		}
		group_of[key] = group
	}
	values[key, ++count[key]] = $5 + 0
}

function sorted(key, i, k, v) {
	for (i = 2; i <= count[key]; i++) {
		v = values[key, i]
		for (k = i - 1; k >= 1 && values[key, k] > v; k--)
			values[key, k + 1] = values[key, k]
		values[key, k + 1] = v
	}
}

function median(key, c) {
	c = count[key]
	return c % 2 ? values[key, (c + 1) / 2] : (values[key, c / 2] + values[key, c / 2 + 1]) / 2
}

# 1234567 as 1,234,567; small ones with three digits.
function human(v, s, out) {
	if (v < 100)
		return sprintf("%.3g", v)
	s = sprintf("%.0f", v)
	while (length(s) > 3) {
		out = "," substr(s, length(s) - 2) out
		s = substr(s, 1, length(s) - 3)
	}
	return s out
}

function quoted(s) {
	gsub(/\\/, "\\\\\\\\", s)
	gsub(/"/, "\\\"", s)
	return "\"" s "\""
}

# One way of a group, as text or JSON.
function print_way(key, base, part, m, c) {
	split(key, part, SUBSEP)
	m = median(key)
	c = count[key]
	if (!json) {
		printf("  %-46s %14s %-14s %6.2f  (%s .. %s)\n", part[3], human(m), part[4], base ? m / base : 0,
		       human(values[key, 1]), human(values[key, c]))
		return
	}
	printf("%s{\"case\": %s, \"what\": %s, \"way\": %s, \"unit\": %s, ", printed++ ? ",\n  " : "[\n  ",
	       quoted(part[1]), quoted(part[2]), quoted(part[3]), quoted(part[4]))
	printf("\"median\": %.6g, \"min\": %.6g, \"max\": %.6g, \"runs\": %d, \"ratio\": %.4g}",
	       m, values[key, 1], values[key, c], c, base ? m / base : 0)
}

END {
	for (i = 1; i <= n; i++)
		sorted(keys[i])
	for (g = 1; g <= group_count; g++) {
		split(groups[g], part, SUBSEP)
		if (!json)
			printf("\n%s: %s\n", part[1], part[2])
		for (i = 1; i <= n; i++)
			if (group_of[keys[i]] == groups[g])
				print_way(keys[i], median(first[groups[g]]))
	}
	if (json)
		print n ? "\n]" : "[]"
}
