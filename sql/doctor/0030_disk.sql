-- The size of the database in bytes, and the directory it lies in, for those who may know it.
SELECT pg_database_size(current_database()) AS size,
       coalesce(nullif(pg_tablespace_location(dattablespace), ''),
                CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE')
                     THEN current_setting('data_directory') END) AS directory
FROM pg_database
WHERE datname = current_database()
