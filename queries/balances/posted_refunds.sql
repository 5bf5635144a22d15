-- What:    Lines of refunds that the practice management system shows and the store has not noted.
-- Grain:   one row per refund line.
-- Source:  store.refund_items, posted_items
select refund_items.line_id
from store.refund_items
semi join posted_items
    on refund_items.line_id = posted_items.payment_id
where not refund_items.is_posted
order by refund_items.line_id asc
