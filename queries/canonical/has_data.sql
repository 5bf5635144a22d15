-- What:    Whether a refresh has ever completed.
-- Grain:   one row.
-- Source:  duckdb_tables()
select count(*) > 0 as has_data
from duckdb_tables() as tables
where
    tables.schema_name = 'main'
    and tables.table_name = 'data_version'
order by has_data
