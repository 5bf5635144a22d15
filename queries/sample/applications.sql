-- What:    Which part of which receipt settles which invoice; a returned payment takes its parts
--          back.
-- Grain:   one row per application.
-- Units:   applied_cents in whole cents, negative for a return.
-- Source:  draft_part, draft_invoice, draft_receipt
create table draft_application as
with

pay_parts as (

    select
        draft_part.invoice_n,
        draft_part.part_cents,
        draft_invoice.client_n * 65536 + (draft_part.part_date - date '2000-01-01') as draw
    from draft_part
    inner join draft_invoice
        on draft_part.invoice_n = draft_invoice.invoice_n
    where draft_part.means = 'pay'

)

select
    draft_receipt.receipt_n,
    pay_parts.invoice_n,
    case draft_receipt.origin
        when 'returned' then -pay_parts.part_cents
        else pay_parts.part_cents
    end as applied_cents
from pay_parts
inner join draft_receipt
    on pay_parts.draw = draft_receipt.draw
where draft_receipt.origin in ('paid', 'repaid', 'returned')
union all by name
select
    draft_receipt.receipt_n,
    draft_part.invoice_n,
    draft_part.part_cents as applied_cents
from draft_part
inner join draft_receipt
    on
        draft_part.invoice_n = draft_receipt.draw
        and draft_part.means = draft_receipt.origin
where draft_part.means <> 'pay'
