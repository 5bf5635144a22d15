-- What:    Dice that fall the same way for the same seed, purpose and number.
-- Grain:   chance is 0 up to, not including, 1; dice is a whole number below `sides`; normal has
--          mean 0 and deviation 1; word is one of a list.
-- Source:  setting
set variable clients = (select clients from setting);

set variable invoices = (select invoices from setting);

set variable seed = (select seed from setting);

set variable today = (select today from setting);

-- One hash of one whole number: a hash of several values leaves the throws alike.
create macro throw(purpose, n) as
    hash(xor(hash(getvariable('seed'), purpose), n::ubigint));

create macro chance(purpose, n) as
    (throw(purpose, n) >> 11)::double / 9007199254740992.0;

create macro dice(purpose, n, sides) as
    (throw(purpose, n) % sides)::integer;

create macro normal(purpose, n) as
    sqrt(-2 * ln(1 - chance(purpose, n))) * cos(2 * pi() * chance(purpose || ' angle', n));

create macro word(words, purpose, n) as
    words[1 + (throw(purpose, n) % len(words))::integer];

create macro money_text(cents) as
    case when cents < 0 then '-' else '' end
    || (abs(cents) // 100)::varchar || '.' || lpad((abs(cents) % 100)::varchar, 2, '0');

-- A moment in the firm's office hours, as UTC; never after the day before the firm's day.
create macro instant_text(day, purpose, n) as
    strftime(
        least(day, getvariable('today') - 1)::timestamp
        + to_seconds(50400 + dice(purpose, n, 28800)),
        '%Y-%m-%d %H:%M:%S'
    );

-- Nobody works on a Saturday or Sunday: the Friday before.
create macro working_day(day) as
    (day - greatest(0, isodow(day)::integer - 5)::integer)::date;

create macro next_working_day(day) as
    (day + case when isodow(day) >= 6 then 8 - isodow(day)::integer else 0 end)::date;
