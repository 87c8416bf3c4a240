-- Looks that no log holds yet: a row for each, written with the look, gone when a log has taken it.
create table looks_waiting (
    look_id uuid not null primary key   -- the look
);

-- Looks from before they had a log.
insert into looks_waiting (look_id) select id from access_log;

-- The logs of looks: one for each authority, of the hashes of all looks there; their heads are in ledger_heads. Never updated, never deleted.
create table look_entries (
    log text not null,                  -- the authority, and /access
    position bigint not null,           -- place in the log, counted from 0
    look_id uuid not null unique,       -- the look
    hash text not null,                 -- the hash of all its columns as they were when the log took it
    primary key (log, position),
    check (position >= 0)
);

create trigger look_entries_no_update before update on look_entries
    for each statement execute function refuse('logs are never changed');

create trigger look_entries_no_delete before delete on look_entries
    for each statement execute function refuse('logs are never changed');

create trigger look_entries_no_truncate before truncate on look_entries
    for each statement execute function refuse('logs are never changed');
