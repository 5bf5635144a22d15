-- What:    The firm's choice of one name in firm.toml [mapping].
-- Source:  firm.toml
create or replace temp macro firm_choice(choice) as getvariable('firm')[choice][1]
