-- The people who may sign in. Never deleted: history names them.
create table staff (
    id uuid not null primary key,       -- the person
    sign_in_name text not null unique,  -- what they sign in with
    name text not null,                 -- what colleagues see
    email text not null,                -- where their messages go
    role text not null,                 -- their role
    agency text not null,               -- their agency
    password_hash text,                 -- argon2; null until they have set one
    disabled boolean not null,          -- whether they are shut out
    made_at timestamptz not null        -- when they were added
);

-- One row for each signed-in browser.
create table sessions (
    token_hash text not null primary key,           -- hash of the token the browser holds
    staff_id uuid not null references staff (id),   -- whose it is
    made_at timestamptz not null,                   -- when they signed in
    seen_at timestamptz not null,                   -- when they were last seen
    ends_at timestamptz not null                    -- when it ends, whatever happens
);

create index sessions_by_staff on sessions (staff_id);
