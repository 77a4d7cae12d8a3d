# Draws lines of "LABEL VALUE" as a chart of block characters: a column a line, 8 steps a row.
#
#   ... | awk -v title=TITLE [-v rows=6] [-v width=64] -f chart.awk
#
# Of more lines than the width the last ones are drawn.

function spaces(count) { return count > 0 ? sprintf("%" count "s", "") : "" }

# The number beside a row: the highest at the top, the lowest at the bottom.
function scale(row) {
	if (row == rows) return sprintf("%9.2f ", max)
	if (row == 1) return sprintf("%9.2f ", min)
	return spaces(10)
}

# What a value shows in a row; the lowest value still shows as one step.
function cell(v, row,    steps) {
	steps = 1 + int((v - min) / span * (8 * rows - 1) + 0.5) - 8 * (row - 1)
	return steps >= 8 ? block[8] : steps > 0 ? block[steps] : " "
}

BEGIN {
	if (!rows) rows = 6
	if (!width) width = 64
	split("▁ ▂ ▃ ▄ ▅ ▆ ▇ █", block, " ")
}

NF == 2 {
	label[++n] = $1
	value[n] = $2 + 0
}

END {
	print title
	if (!n) {
		print "  no values"
		exit 1
	}
	first = n > width ? n - width + 1 : 1
	min = max = value[first]
	for (i = first; i <= n; i++) {
		if (value[i] < min) min = value[i]
		if (value[i] > max) max = value[i]
	}
	span = max > min ? max - min : 1
	for (row = rows; row >= 1; row--) {
		line = scale(row)
		for (i = first; i <= n; i++) line = line cell(value[i], row)
		print line
	}
	last = n - first + 1 - length(label[first]) - length(label[n])
	print spaces(10) label[first] (last > 0 ? spaces(last) label[n] : "")
}
