-- Staff and members of all agencies, so that nobody sees the case of somebody they are. Each agency's register is replaced as a whole.
create table register (
    id uuid not null primary key,         -- the person, as long as the agency lists them
    authority text collate "C" not null,  -- the police authority in whose scheme the agency takes part
    agency text collate "C" not null,     -- the agency; empty for the force itself
    entry text collate "C" not null,      -- the agency's own name for this entry, the same from one list to the next
    given_names text not null,            -- first names
    family_name text not null,            -- last name
    other_names text not null,            -- earlier names and other spellings, with commas between
    born text not null,                   -- date of birth, or the part of it that is known
    staff_number text not null,           -- collar or staff number
    addresses text not null,              -- where they live and have lived, a line each
    phones text not null,                 -- their telephone numbers, a line each
    sign_in_name text collate "C",        -- the account they sign in with, if they have or will have one
    unique (authority, agency, entry)
);

create index register_by_sign_in_name on register (sign_in_name);

-- What each person of the register is known by: hashes of their names with birth, numbers, addresses and phones.
create table register_keys (
    register_id uuid not null,      -- the person
    key text collate "C" not null,  -- the hash
    ground text not null
        check (ground in ('name_and_birth', 'staff_number', 'address', 'phone')), -- what it is made of
    primary key (register_id, key)
);

create index register_keys_by_key on register_keys (key);

-- What the parties of each case are known by, in every record that was ever filed. Worked out from events.
create table case_keys (
    case_id uuid not null,          -- the case
    key text collate "C" not null,  -- the hash
    primary key (case_id, key)
);

create index case_keys_by_key on case_keys (key);

-- Which ground has tied which person to which case, so that a tie that was lifted does not come back for the same. Never changed.
create table register_matches (
    register_id uuid not null,                  -- the person, who may have left the register since
    case_id uuid not null,                      -- the case
    ground text not null
        check (ground in ('name_and_birth', 'staff_number', 'address', 'phone')), -- what was found alike
    tie_id uuid not null references ties (id),  -- the tie it made, or that stood already
    primary key (case_id, register_id, ground, tie_id)
);

create trigger register_matches_no_update before update on register_matches
    for each statement execute function refuse('a match is never changed');

create trigger register_matches_no_delete before delete on register_matches
    for each statement execute function refuse('a match is never deleted');

create trigger register_matches_no_truncate before truncate on register_matches
    for each statement execute function refuse('a match is never deleted');

-- Each time an agency's register was replaced. Never changed.
create table register_loads (
    id uuid not null primary key,                 -- the load
    at timestamptz not null,                      -- when
    authority text collate "C" not null,          -- whose scheme
    agency text collate "C" not null,             -- whose people
    done_by text not null check (done_by <> ''),  -- by whom: a name given at the command line
    added bigint not null,                        -- how many people came
    removed bigint not null,                      -- how many left
    changed bigint not null,                      -- how many are listed otherwise than before
    restricted bigint not null                    -- how many cases became restricted
);

create trigger register_loads_no_update before update on register_loads
    for each statement execute function refuse('a load is never changed');

create trigger register_loads_no_delete before delete on register_loads
    for each statement execute function refuse('a load is never deleted');

create trigger register_loads_no_truncate before truncate on register_loads
    for each statement execute function refuse('a load is never deleted');
