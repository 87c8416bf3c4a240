-- History. One row for each thing that happened; never updated, never deleted.
create table events (
    stream blob not null,                 -- the case or meeting it happened to
    stream_kind text not null,            -- case or meeting
    seq integer not null,                 -- place in the stream, counted from 1
    at text not null,                     -- when it was recorded
    actor text not null,                  -- who did it
    actor_role text not null,             -- the role they did it in
    kind text not null,                   -- which kind of event
    edition text not null,                -- hash of the edition it happened under
    key_ref text,                         -- the key that seals the body; null while it is plain
    sealing integer not null default 0,   -- how the body is sealed; 0 is plain
    body text not null,                   -- the body, exactly as hashed
    previous text not null,               -- hash of the event before; empty for the first
    hash text not null,                   -- SHA-256 in hex over all of the above
    primary key (stream, seq),
    check (length(stream) = 16),
    check (seq > 0)
) strict;

create trigger events_no_update before update on events
begin
    select raise(abort, 'events are never changed');
end;

create trigger events_no_delete before delete on events
begin
    select raise(abort, 'events are never deleted');
end;
