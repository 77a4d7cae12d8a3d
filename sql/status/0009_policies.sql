SELECT p.name,
       p.value::text AS age,
       d.what
FROM policies AS p
JOIN (
	VALUES (1, 'raw', 'readings are dropped'),
	       (2, 'texts', 'texts are dropped'),
	       (3, 'hourly', 'rollups by hour are dropped'),
	       (4, 'daily', 'rollups by day are dropped'),
	       (5, 'compress', CASE (SELECT engine FROM schema_settings)
	                           WHEN 'postgresql' THEN 'readings are packed'
	                           ELSE 'readings and texts are compressed' END)
) AS d (position, name, what) USING (name)
ORDER BY d.position
