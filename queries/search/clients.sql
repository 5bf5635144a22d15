-- What:    The clients that a few words most likely mean, for the jump box.
-- Grain:   one row per client.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $wanted VARCHAR    everything typed
--          $word_1 VARCHAR    the words typed, each of which must occur; '' for none
--          $word_2 VARCHAR    the second word
--          $word_3 VARCHAR    the rest
--          $most INTEGER      how many at the most
-- Source:  client_list
with

fitting as (

    select
        client_list.client_id,
        client_list.client_number,
        client_list.client_name,
        client_list.name_rank
    from client_list
    where
        ($sees_all or client_list.partner_id = $staff_id or client_list.manager_id = $staff_id)
        and contains(client_list.search_text, lower(strip_accents($word_1)))
        and contains(client_list.search_text, lower(strip_accents($word_2)))
        and contains(client_list.search_text, lower(strip_accents($word_3)))
    group by
        client_list.client_id,
        client_list.client_number,
        client_list.client_name,
        client_list.name_rank

)

select
    fitting.client_id::varchar as client_id,
    fitting.client_number,
    fitting.client_name
from fitting
order by
    lower(fitting.client_number) = lower($wanted) desc,
    starts_with(lower(fitting.client_number), lower($wanted)) desc,
    starts_with(lower(strip_accents(fitting.client_name)), lower(strip_accents($wanted))) desc,
    fitting.name_rank asc,
    fitting.client_id asc
limit $most
