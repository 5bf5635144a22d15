-- What:    The firm's choices of one name in firm.toml [mapping], as a list.
-- Source:  firm.toml
create or replace temp macro firm_choices(choice) as getvariable('firm')[choice]
