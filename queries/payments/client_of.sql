-- What:    Whose payment this is.
-- Grain:   one row; none for an entry outside the person's scope.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $receipt_id KEY    the entry
-- Source:  receipt_list
select receipt_list.client_id::varchar as client_id
from receipt_list
where
    receipt_list.receipt_id = $receipt_id
    and ($sees_all or receipt_list.partner_id = $staff_id or receipt_list.manager_id = $staff_id)
order by client_id
