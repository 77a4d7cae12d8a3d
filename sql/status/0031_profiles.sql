-- How far the profiles of days are filled. Notes are those that late readings touched, and maintain has
-- not filled again.
SELECT nullif(s.filled_to, '-infinity') AS filled_to,
       CASE WHEN s.filled_to > '-infinity'
            THEN greatest((now() - interval '1 hour')::date - s.filled_to, 0) END AS days_behind,
       (SELECT count(*) FROM profile_notes) AS late_notes,
       CASE WHEN d.distance LIKE '%<->%' THEN 'the extension cube' ELSE 'arrays' END AS compared_by
FROM profile_state AS s, shape_distance() AS d
