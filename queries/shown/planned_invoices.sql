-- What:    The invoices that an installment plan will pay.
-- Grain:   one row per invoice in a plan that runs or is paused.
-- Source:  store.plan_invoices, store.plans
select distinct plan_invoices.invoice_id
from store.plan_invoices
inner join store.plans
    on plan_invoices.plan_id = plans.plan_id
where
    plans.state in ('active', 'paused')
    and plan_invoices.invoice_id is not null
