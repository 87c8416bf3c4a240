-- Events that no log holds yet: a row for each, written with the event, gone when a log has taken it.
create table ledger_waiting (
    stream uuid not null,               -- the case or meeting
    seq bigint not null,                -- the event's place in it
    primary key (stream, seq)
);

-- What has happened before there were logs.
insert into ledger_waiting (stream, seq) select stream, seq from events;

-- The logs: one for each authority, of the hashes of all that happened there; never updated, never deleted.
create table ledger_entries (
    log text not null,                  -- the authority
    position bigint not null,           -- place in the log, counted from 0
    stream uuid not null,               -- the case or meeting
    seq bigint not null,                -- the event's place in it
    hash text not null,                 -- the event's hash as it was when the log took it
    primary key (log, position),
    unique (stream, seq),
    check (position >= 0)
);

create trigger ledger_entries_no_update before update on ledger_entries
    for each statement execute function refuse('logs are never changed');

create trigger ledger_entries_no_delete before delete on ledger_entries
    for each statement execute function refuse('logs are never changed');

create trigger ledger_entries_no_truncate before truncate on ledger_entries
    for each statement execute function refuse('logs are never changed');

-- What each log said of itself, signed, each time that it had taken something; never updated, never deleted.
create table ledger_heads (
    log text not null,                  -- the authority
    size bigint not null,               -- how many entries it had
    roots text not null,                -- the roots of its full subtrees in hex, the largest first: to go on from here
    signed text not null,               -- name, size and hash of all of it, with the signature (C2SP tlog-checkpoint)
    at timestamptz not null,            -- when
    primary key (log, size)
);

create trigger ledger_heads_no_update before update on ledger_heads
    for each statement execute function refuse('logs are never changed');

create trigger ledger_heads_no_delete before delete on ledger_heads
    for each statement execute function refuse('logs are never changed');

create trigger ledger_heads_no_truncate before truncate on ledger_heads
    for each statement execute function refuse('logs are never changed');
