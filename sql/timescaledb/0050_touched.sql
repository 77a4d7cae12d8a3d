-- Where rollups are computed when they are asked for, late readings touch nothing that is stored.
CREATE FUNCTION note_touched(buckets timestamptz[], sensors int[], metrics smallint[]) RETURNS void
LANGUAGE sql AS $$
	SELECT
$$;
