-- Rollups are kept at least as long as what they are made of, and readings long enough to be compressed.
WITH ages AS (
	SELECT name, coalesce(extract(epoch FROM value) / 86400, 'infinity')::float8 AS days FROM policies
),
p AS (
	SELECT max(days) FILTER (WHERE name = 'raw') AS raw,
	       max(days) FILTER (WHERE name = 'hourly') AS hourly,
	       max(days) FILTER (WHERE name = 'daily') AS daily,
	       max(days) FILTER (WHERE name = 'compress') AS compress
	FROM ages
),
proper AS (
	SELECT p.*, greatest(raw, hourly) AS hourly_least, greatest(raw, hourly, daily) AS daily_least FROM p
)
SELECT 'policies' AS name,
       CASE WHEN hourly < hourly_least OR daily < daily_least THEN 'problem'
            WHEN compress >= raw AND raw < 'infinity' THEN 'warning' ELSE 'ok' END AS level,
       CASE WHEN hourly < hourly_least OR daily < daily_least
            THEN 'readings or hourly rollups are kept longer than what is made of them'
            WHEN compress >= raw AND raw < 'infinity'
            THEN 'readings are dropped before they are compressed'
            ELSE 'go together' END AS found,
       CASE WHEN hourly < hourly_least OR daily < daily_least
            THEN format('tsdb-admin policy set hourly=%s daily=%s',
                        coalesce(ceil(nullif(hourly_least, 'infinity')) || 'd', 'never'),
                        coalesce(ceil(nullif(daily_least, 'infinity')) || 'd', 'never'))
            ELSE format('tsdb-admin policy set compress=%sh', greatest(floor(raw * 24 / 2), 1)) END AS mend
FROM proper
