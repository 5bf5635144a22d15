-- What:    Clients that try the portal: names that break careless code, and odd situations.
-- Grain:   one row per awkward client; they are spread among the first clients of the firm.
-- Units:   situation: busy (300 invoices and more), silent (none), no_partner, no_contact, or null.
-- Source:  invented
create table awkward_client as
with

listed as (

    select *
    from (
        values
        (1, 'Harbor Light Dental PLLC', 'busy', 'Active'),
        (2, 'Harbor Light Dental, PLLC', null, 'Active'),
        (3, 'HARBOR LIGHT DENTAL PLLC', null, 'Active'),
        (4, 'Okafor & Sons Plumbing', null, 'Active'),
        (5, 'Okafor and Sons Plumbing', null, 'Active'),
        (6, 'Nguyen, Linh & Tran, Bao', null, 'Active'),
        (7, 'O''Brien, Siobhán', null, 'Active'),
        (8, 'The "Corner" Café', null, 'Active'),
        (9, 'Müller & Söhne Maschinenbau GmbH', null, 'Active'),
        (10, 'Ångström Øl Brewing Ltd.', null, 'Active'),
        (11, '🍕 Slice of Heaven LLC', null, 'Active'),
        (12, '👩‍👩‍👧 Family Day Care 🧸', null, 'Active'),
        (13, chr(8207) || 'כהן, אבי', null, 'Active'),
        (14, 'مكتبة النور Books LLC', null, 'Active'),
        (15, '<script>alert(1)</script>', null, 'Active'),
        (16, '=HYPERLINK("http://x","y")', null, 'Active'),
        (17, '+1-800 Locksmiths Inc.', null, 'Active'),
        (18, '@Home Staging LLC', null, 'Active'),
        (19, '''; drop table Client; --', null, 'Active'),
        (20, '100% Pure_Water \Springs', null, 'Active'),
        (21, 'Null, Nora', null, 'Active'),
        (22, '  Padded Holdings  LLC ', null, 'Active'),
        (23, 'Zoë Čapek-Šimůnková Estate', null, 'Active'),
        (
            24,
            'The Margaret Eleanor Whitfield-Davenport and Theodore Augustus Davenport III '
            || 'Irrevocable Generation-Skipping Dynasty Tru',
            null, 'Active'
        ),
        (25, '東京商事 Imports Inc.', null, 'Active'),
        (26, 'Quiet Pines Orchard LLC', 'silent', 'Active'),
        (27, 'Drifting Leaf Studios LLC', 'no_partner', 'Active'),
        (28, 'Lone Rock Surveying Inc.', 'no_contact', 'Active'),
        (29, 'Prospective Ventures LLC', 'billed_prospect', 'Prospect'),
        (30, 'Bygone Mills Corp.', null, 'Lost'),
        (31, 'Halted Freight LP', null, 'Suspended')
    ) as listed (place, client_name, situation, client_status)

)

select
    place * greatest(1, least(7, getvariable('clients') // 45)) as client_n,
    client_name,
    case
        when place in (6, 7, 13, 21) then 'individual'
        when place in (23, 24) then 'trust'
        else 'company'
    end as kind,
    situation,
    client_status
from listed
