-- The keys of the authorities, each wrapped by the root, which is not here.
create table authority_keys (
    id blob not null primary key,          -- the key
    authority text not null,              -- whose; empty for what belongs to the installation
    version integer not null check (version > 0), -- the how manieth; the last one is in use
    wrapped text not null,                -- an age file for the root, in base64
    made_at text not null,                -- when it was made
    unique (authority, version)
) strict;

-- The keys of cases and meetings, each wrapped by an authority's. One that was destroyed leaves its row, so that 'destroyed' and 'lost' are
-- different things.
create table stream_keys (
    stream blob not null primary key,      -- the case or meeting
    wrapped_by blob references authority_keys (id), -- the key that opens it; null once it is destroyed
    wrapped text,                         -- itself; null once it is destroyed
    made_at text not null,                -- when it was made
    destroyed_at text,                    -- when it was destroyed
    check ((wrapped is null) = (destroyed_at is not null)),
    check ((wrapped is null) = (wrapped_by is null))
) strict;

create index stream_keys_by_wrapper on stream_keys (wrapped_by);

-- A key that was destroyed stays destroyed, and none is forgotten.
create trigger stream_keys_stay_destroyed before update on stream_keys when old.destroyed_at is not null
begin
    select raise(abort, 'a destroyed key stays destroyed');
end;

create trigger stream_keys_no_delete before delete on stream_keys
begin
    select raise(abort, 'keys are destroyed, never deleted');
end;
