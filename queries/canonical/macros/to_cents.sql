-- What:    An amount of money, as text or number, in whole cents; half a cent rounds away from zero.
-- Units:   cents
create or replace temp macro to_cents(amount) as
round(amount::decimal(18, 4) * 100, 0)::bigint
