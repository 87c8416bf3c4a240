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

-- Logs of others that are witnessed here: what each had when it was last seen. It only goes on.
create table witnessed (
    log text not null primary key,      -- as the log calls itself
    size bigint not null,               -- how many entries it had
    root text not null,                 -- the hash of all of them, in hex
    signed text not null,               -- its head, signed by it
    at timestamptz not null             -- when
);

-- What witnesses said of our logs: the line that each signed below a head; never updated, never deleted.
create table cosignatures (
    log text not null,                  -- the authority, or the authority and /access
    size bigint not null,               -- how many entries it had
    witness text not null,              -- the witness, by the line with its key
    line text not null,                 -- what it signed (C2SP tlog-cosignature)
    at timestamptz not null,            -- when it saw the head, as it says
    primary key (log, size, witness)
);

create trigger cosignatures_no_update before update on cosignatures
    for each statement execute function refuse('what a witness said is never changed');

create trigger cosignatures_no_delete before delete on cosignatures
    for each statement execute function refuse('what a witness said is never changed');

create trigger cosignatures_no_truncate before truncate on cosignatures
    for each statement execute function refuse('what a witness said is never changed');
