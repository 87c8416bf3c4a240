-- Nobody can tell any more from the register, or from what it and the cases are compared by, who anybody is. Lists that agencies handed over
-- before are to be handed over again; `history rebuild` makes what cases are compared by.
drop table register_keys;
drop table register;
drop table case_keys;

-- Staff and members of all agencies, so that nobody sees the case of somebody they are. Each agency's register is replaced as a whole.
create table register (
    id blob not null primary key,          -- the person, as long as the agency lists them
    authority text not null,           -- the police authority in whose scheme the agency takes part
    agency text not null,              -- the agency; empty for the force itself
    entry text not null,               -- the agency's own name for this entry, as a keyed hash
    content text not null,                -- all that is listed of the person, as a keyed hash: whether it has changed
    sign_in_name text,                 -- the account they sign in with, if they have or will have one
    unique (authority, agency, entry)
) strict;

create index register_by_sign_in_name on register (sign_in_name);

-- What each person of the register is known by: names with birth, numbers, addresses and phones.
create table register_keys (
    register_id blob not null,             -- the person
    key text not null,                 -- the beginning of a keyed hash: others have the same
    sealed text not null,                 -- the whole of it, sealed
    ground text not null
        check (ground in ('name_and_birth', 'staff_number', 'address', 'phone')), -- what it is made of
    primary key (register_id, sealed)
) strict;

create index register_keys_by_key on register_keys (key);

-- What the parties of each case are known by, in every record that was ever filed. Worked out from events.
create table case_keys (
    case_id blob not null,                 -- the case
    key text not null,                 -- the beginning of a keyed hash: others have the same
    sealed text not null,                 -- the whole of it, sealed with the key of the case
    primary key (case_id, sealed)
) strict;

create index case_keys_by_key on case_keys (key);
