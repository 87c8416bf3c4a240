-- One row for each machine that may use the API. Never deleted: history names it.
create table clients (
    id blob not null primary key,   -- the client
    name text not null unique,      -- what operators call it, and colleagues see in a history
    role text not null,             -- its role
    agency text not null,           -- its agency
    authority text not null,        -- its police authority
    scopes text not null,           -- what it may ask of the API, with a space between
    secret_hash text not null,      -- SHA-256 of its secret of 256 random bits
    secret_at text not null,        -- when it was given that secret
    made_at text not null,          -- when it was added
    revoked_at text                 -- when it was shut out, for good
) strict;

-- One row for each name under which somebody asked for a token in vain. It goes when the right secret comes, or soon.
create table client_failures (
    client_hash text not null primary key,  -- hash of the name that was given; there need be no such client
    failures integer not null,              -- how often in a row
    last_at text not null                   -- when last
) strict;
