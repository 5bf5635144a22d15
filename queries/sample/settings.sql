-- What:    The size, seed and day of the sample firm, and its dice.
-- Grain:   one row.
-- Params:  $clients BIGINT   how many clients
--          $invoices BIGINT  how many invoices, service charges and debit memos together
--          $seed BIGINT      the same seed, size and day make the same firm
--          $today DATE       the firm's day; nothing but a few invoices is dated after it
create table setting as
select
    $clients::bigint as clients,
    $invoices::bigint as invoices,
    $seed::bigint as seed,
    $today::date as today
