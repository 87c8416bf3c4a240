-- How people prove who they are. Sessions now say what was proved, so whoever was signed in signs in again.
drop table sessions;

-- One row for each browser in which somebody has proved, or is proving, who they are.
create table sessions (
    token_hash text not null primary key,           -- hash of the token the browser holds
    staff_id uuid not null references staff (id),   -- whose it is
    kind text not null
        check (kind in ('joining', 'half', 'whole')), -- an invitation was accepted; the password was right; all is proved
    made_at timestamptz not null,                          -- when it began
    seen_at timestamptz not null,                          -- when they were last seen
    ends_at timestamptz not null,                          -- when it ends, whatever happens
    confirmed_at timestamptz not null                      -- when they last gave what they sign in with
);

create index sessions_by_staff on sessions (staff_id);

-- The device that makes somebody's codes. Its secret lies here as it is, until there is a vault to keep it in.
create table second_factors (
    staff_id uuid not null primary key references staff (id),   -- whose it is
    secret bytea not null,                                       -- what codes are made from
    last_step bigint not null                                   -- the step of the last code that was accepted: none is accepted twice
);

-- What somebody may sign in with once each when the device is lost.
create table recovery_codes (
    code_hash text not null primary key,            -- hash of the code
    staff_id uuid not null references staff (id)    -- whose it is
);

create index recovery_codes_by_staff on recovery_codes (staff_id);

-- Who may set a password and a device. The row goes when both are set.
create table invitations (
    staff_id uuid not null primary key references staff (id),   -- who is invited
    code_hash text not null unique,                             -- hash of what they were given
    ends_at timestamptz not null,                                      -- of no use from then on
    password_hash text,                                         -- the password they chose, in force once the device is set
    secret bytea                                                 -- what their device makes codes from, in force once it made one
);

-- How often in a row a sign-in failed, by hash of the name that was typed, known or not.
create table sign_in_failures (
    name_hash text not null primary key,    -- hash of the name
    failures bigint not null,                 -- how often
    last_at timestamptz not null                   -- when last
);

create index sign_in_failures_by_time on sign_in_failures (last_at);

-- What was done to accounts; never updated, never deleted.
create table account_events (
    id uuid not null primary key,                   -- the event
    at timestamptz not null,                               -- when
    staff_id uuid not null references staff (id),   -- whose account
    what text not null
        check (what in ('invited', 'joined', 'disabled', 'enabled', 'reset', 'recovery_code_used')), -- what was done
    done_by text not null check (done_by <> '')     -- by whom: a name given at the command line, or the person's own id
);

create index account_events_by_staff on account_events (staff_id, at);

create trigger account_events_no_update before update on account_events
    for each statement execute function refuse('what was done to an account is never changed');

create trigger account_events_no_delete before delete on account_events
    for each statement execute function refuse('what was done to an account is never deleted');

create trigger account_events_no_truncate before truncate on account_events
    for each statement execute function refuse('what was done to an account is never deleted');
