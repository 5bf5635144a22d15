-- What:    The type that every id of this warehouse has.
-- Grain:   one row; none before the first refresh.
-- Source:  source_state
select source_state.value as key_type
from source_state
where source_state.name = 'key_type'
order by source_state.value
