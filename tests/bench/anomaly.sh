# sensor-anomaly: how good its scores are on made-up series of many kinds with planted anomalies, beside a windowed
# Gaussian and a static threshold, and how fast it gives them.
#
# One threshold a detector for all series, chosen alike on the set `tune`; judged on other seeds of the same families
# (`seeds`), and on families that nothing was chosen or tuned on (`families`). Series have 1,500, 4,000 or 15,000
# points; `benchmark` is as the Numenta Anomaly Benchmark counts: see tests/helper/anomaly-judge.c.
anomaly_seeds=$(scaled 24)
anomaly=$work/anomaly
helper=${BIN%/bin}/tests/helper
mkdir -p "$anomaly"

# anomaly_series FAMILY HELD-OUT: its series, scored by all, as lines for the judge.
anomaly_series() {
	local family=$1 seed set series detector lengths=(1500 4000 4000 15000)
	for ((seed = 1; seed <= anomaly_seeds; seed++)); do
		series=$anomaly/$family.$seed
		set=families
		if [ "$2" = tune ]; then set=seeds; fi
		if [ "$2" = tune ] && ((3 * seed <= 2 * anomaly_seeds)); then set=tune; fi
		"$helper/anomaly-series" "$family" "$seed" "${lengths[seed % 4]}" "$series.windows" >"$series.csv"
		sensor-anomaly --quiet --csv <"$series.csv" >"$series.ours"
		"$helper/anomaly-baseline" gaussian <"$series.csv" >"$series.gaussian"
		"$helper/anomaly-baseline" sigma <"$series.csv" >"$series.sigma"
		for detector in sensor-anomaly gaussian sigma; do
			echo "$set $detector $family $series.${detector/sensor-anomaly/ours} $series.windows"
		done
		echo "$set sensor-anomaly@0.5 $family $series.ours $series.windows"
	done
}

"$helper/anomaly-series" --families | while read -r family held_out; do
	anomaly_series "$family" "$held_out"
done >"$anomaly/list"
"$helper/anomaly-judge" <"$anomaly/list" >"$anomaly/judged"

# The detectors side by side over all series of a set, and by family those that were held out.
note 'anomalies found: one threshold a detector, chosen on `tune`'
note "$(awk -F'\t' -v OFS='\t' '
	BEGIN { print "detector", "set", "series of", "windows", "found", "precision", "recall", "F1", "false/10,000", "benchmark" }
	$2 == "threshold" { next }
	$3 == "all" || $2 != "tune" && $1 !~ /@/' "$anomaly/judged" | sort -s -t "$(printf '\t')" -k3,3 -k2,2 |
	awk -F'\t' '$1 == "detector" { head = $0; next } { rows = rows "\n" $0 } END { print head rows }' | column -t -s "$(printf '\t')")"

# ---- speed ----

anomaly_points=$(scaled 4000000)
anomaly_table=$work/anomaly.csv anomaly_readings=$work/anomaly.readings
"$helper/anomaly-series" day 1 "$anomaly_points" >"$anomaly_table"
# The same as readings of ten metrics, of a hundred sensors.
awk -F, -v OFS='\t' 'NR > 1 { line = line OFS "m" n "=" $2
	if (++n < 10) next
	time = sprintf("2026-01-%02dT%02d:%02d:00.000000Z", row / 144000 % 31 + 1, row / 6000 % 24, row / 100 % 60)
	print "r1", 0, time, time, "t", "s" row++ % 100, "" line; line = ""; n = 0 }' "$anomaly_table" >"$anomaly_readings"
anomaly_csv() { sensor-anomaly --quiet --csv <"$anomaly_table" >/dev/null; }
anomaly_r1() { sensor-anomaly --quiet <"$anomaly_readings" >/dev/null; }
anomaly_events() { sensor-anomaly --quiet --events <"$anomaly_readings" >/dev/null; }
anomaly_gaussian() { "$helper/anomaly-baseline" gaussian <"$anomaly_table" >/dev/null; }
describe anomaly_csv 'sensor-anomaly --csv'
describe anomaly_r1 'sensor-anomaly, readings of 10 metrics'
describe anomaly_events 'sensor-anomaly --events, the same'
describe anomaly_gaussian 'windowed Gaussian'
versus anomaly 'points of a series' points "$anomaly_points" anomaly_gaussian anomaly_csv anomaly_r1 anomaly_events
rm -rf "$anomaly" "$anomaly_table" "$anomaly_readings"
