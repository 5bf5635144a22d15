-- What:    The type that every id of this warehouse has.
-- Grain:   one row; none before the first refresh.
-- Source:  duckdb_columns()
select columns.data_type
from duckdb_columns() as columns
where
    columns.schema_name = 'main'
    and columns.table_name = 'clients'
    and columns.column_name = 'client_id'
order by columns.data_type
