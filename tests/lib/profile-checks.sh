# Sourced by tests of profiles of days, after tap.sh and schema-checks.sh.

# day_ago DAYS: the date (UTC).
day_ago() {
	date -u -d "$1 days ago" +%F
}

# given SENSOR DAYS_AGO HOUR...: a statement that stores two readings in each of these hours.
given() {
	local sensor=$1 day hours
	day=$(day_ago "$2")
	shift 2
	hours="$*"
	echo "INSERT INTO sensor_readings (time, value, sensor_id, metric_id, quality)
		SELECT '$day 00:00Z'::timestamptz + h * interval '1 hour' + m * interval '20 min', 20 + h % 7 + m, $sensor, 1, 1
		FROM unnest('{${hours// /,}}'::int[]) AS h, generate_series(1, 2) AS m"
}

# profiles: all of them but shapes, with days as so many ago.
profiles() {
	sql "SELECT sensor_id, '$(day_ago 0)'::date - day, hours, round(mean::numeric, 6), round(sigma::numeric, 6), flat
		FROM day_profiles ORDER BY 1, 2 DESC"
}

# wrong_profiles: how many profiles are not those that awk makes of the hourly rollups.
wrong_profiles() {
	sql "SELECT sensor_id, metric_id, bucket::date, string_agg(extract(hour FROM bucket)::int || ' ' || sum / count, ' ' ORDER BY bucket)
		FROM readings_hourly WHERE count > 0 AND bucket < (SELECT filled_to FROM profile_state) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3" |
		awk -F'|' '{
			n = split($4, f, " ") / 2; gap = last = 0
			split("", v)
			for (i = 1; i <= n; i++) { h[i] = f[2 * i - 1]; v[h[i]] = f[2 * i] }
			h[0] = -1; h[n + 1] = 24
			for (i = 1; i <= n + 1; i++) if (h[i] - h[i - 1] - 1 > gap) gap = h[i] - h[i - 1] - 1
			if (n < 20 || gap > 3) next
			for (i = 0; i < h[1]; i++) v[i] = v[h[1]]
			for (i = h[n] + 1; i < 24; i++) v[i] = v[h[n]]
			for (i = 1; i < n; i++) for (j = h[i] + 1; j < h[i + 1]; j++)
				v[j] = v[h[i]] + (v[h[i + 1]] - v[h[i]]) * (j - h[i]) / (h[i + 1] - h[i])
			mean = square = 0
			for (i = 0; i < 24; i++) mean += v[i] / 24
			for (i = 0; i < 24; i++) square += (v[i] - mean) ^ 2 / 24
			flat = sqrt(square) < 1e-100 || sqrt(square) * 1e6 <= (mean < 0 ? -mean : mean)
			printf "%s|%s|%s|%d|%.5f|%.5f", $1, $2, $3, n, mean, sqrt(square)
			for (i = 0; i < 24; i++) printf "|%.4f", flat ? 0 : (v[i] - mean) / sqrt(square) + 1e-9
			print ""
		}' >wanted_profiles
	sql "SELECT sensor_id, metric_id, day, hours, mean, sigma, array_to_string(shape, '|') FROM day_profiles ORDER BY 1, 2, 3" |
		awk -F'|' '{
			printf "%s|%s|%s|%d|%.5f|%.5f", $1, $2, $3, $4, $5, $6
			for (i = 7; i <= 30; i++) printf "|%.4f", $i + 1e-9
			print ""
		}' >stored_profiles
	diff wanted_profiles stored_profiles | grep -c '^[<>]'
}
