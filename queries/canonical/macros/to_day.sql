-- What:    A date from text in a given strptime format, for example '%m/%d/%Y'; empty text is no date.
create or replace temp macro to_day(written, format) as
strptime(nullif(trim(written), ''), format)::date
