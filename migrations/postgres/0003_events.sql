-- History. One row for each thing that happened; never updated, never deleted.
create table events (
    stream uuid not null,               -- the case or meeting it happened to
    stream_kind text not null,          -- case or meeting
    seq bigint not null,                -- place in the stream, counted from 1
    at timestamptz not null,            -- when it was recorded
    actor text not null,                -- who did it
    actor_role text not null,           -- the role they did it in
    kind text not null,                 -- which kind of event
    edition text not null,              -- hash of the edition it happened under
    key_ref text,                       -- the key that seals the body; null while it is plain
    sealing bigint not null default 0,  -- how the body is sealed; 0 is plain
    body text not null,                 -- the body, exactly as hashed
    previous text not null,             -- hash of the event before; empty for the first
    hash text not null,                 -- SHA-256 in hex over all of the above
    primary key (stream, seq),
    check (seq > 0)
);

-- What the triggers of history do: refuse, with the sentence that they are given.
create function refuse() returns trigger language plpgsql as $$
begin
    raise exception '%', tg_argv[0];
end
$$;

create trigger events_no_update before update on events
    for each statement execute function refuse('events are never changed');

create trigger events_no_delete before delete on events
    for each statement execute function refuse('events are never deleted');

create trigger events_no_truncate before truncate on events
    for each statement execute function refuse('events are never deleted');
