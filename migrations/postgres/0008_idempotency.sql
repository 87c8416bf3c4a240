-- One row for each command answered, so that the same command sent twice is done once.
create table idempotency (
    key text not null,          -- the sender's own name for the command
    actor text not null,        -- who sent it
    body_hash text not null,    -- hash of its body: the same key with another body is refused
    reply text not null,        -- what was answered
    at timestamptz not null,    -- when
    primary key (key, actor)
);
