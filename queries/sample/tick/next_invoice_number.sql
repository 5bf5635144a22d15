-- What:    The number after that of the newest invoice.
select cast(entry_number as integer) + 1 as next_number
from Ledger_Entry
where entry_number is not null
order by ledger_entry_KEY desc
limit 1
