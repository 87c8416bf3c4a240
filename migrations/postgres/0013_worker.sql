-- One row for each task that happens by itself: which node may do it now. Times here are those of the database's own clock.
create table leases (
    task text not null primary key,             -- the task, as the worker names it
    holder uuid not null,                       -- the node that took it last: a random id of its own
    token bigint not null,                      -- rises each time it is taken; a write under an older one is refused
    until_at timestamptz not null               -- from then on any node may take it
);

-- One row for each case whose time limits could not be looked at. It goes when they could.
create table parked_cases (
    case_id uuid not null primary key,          -- the case
    failures bigint not null,                   -- how often in a row
    next_at timestamptz not null                -- it is passed over until then
);

-- One row for each time that all histories were checked.
create table integrity_checks (
    finished_at timestamptz not null primary key,   -- when the check came to its end
    histories bigint not null,                      -- how many histories it walked
    events bigint not null,                         -- how many events they have
    broken bigint not null,                         -- histories whose chain is broken, or that cannot be read
    differing bigint not null,                      -- cases whose rows are not those that their history makes
    stuck bigint not null                           -- open cases that nothing and nobody moves
);
