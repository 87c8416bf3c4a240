-- How people prove who they are. Sessions now say what was proved, so whoever was signed in signs in again.
drop table sessions;

-- One row for each browser in which somebody has proved, or is proving, who they are.
create table sessions (
    token_hash text not null primary key,           -- hash of the token the browser holds
    staff_id blob not null references staff (id),   -- whose it is
    kind text not null
        check (kind in ('joining', 'half', 'whole')), -- an invitation was accepted; the password was right; all is proved
    made_at text not null,                          -- when it began
    seen_at text not null,                          -- when they were last seen
    ends_at text not null,                          -- when it ends, whatever happens
    confirmed_at text not null                      -- when they last gave what they sign in with
) strict;

create index sessions_by_staff on sessions (staff_id);

-- The device that makes somebody's codes. Its secret lies here as it is, until there is a vault to keep it in.
create table second_factors (
    staff_id blob not null primary key references staff (id),   -- whose it is
    secret blob not null,                                       -- what codes are made from
    last_step integer not null                                   -- the step of the last code that was accepted: none is accepted twice
) strict;

-- What somebody may sign in with once each when the device is lost.
create table recovery_codes (
    code_hash text not null primary key,            -- hash of the code
    staff_id blob not null references staff (id)    -- whose it is
) strict;

create index recovery_codes_by_staff on recovery_codes (staff_id);

-- Who may set a password and a device. The row goes when both are set.
create table invitations (
    staff_id blob not null primary key references staff (id),   -- who is invited
    code_hash text not null unique,                             -- hash of what they were given
    ends_at text not null,                                      -- of no use from then on
    password_hash text,                                         -- the password they chose, in force once the device is set
    secret blob                                                 -- what their device makes codes from, in force once it made one
) strict;

-- How often in a row a sign-in failed, by hash of the name that was typed, known or not.
create table sign_in_failures (
    name_hash text not null primary key,    -- hash of the name
    failures integer not null,                 -- how often
    last_at text not null                   -- when last
) strict;

create index sign_in_failures_by_time on sign_in_failures (last_at);

-- What was done to accounts; never updated, never deleted.
create table account_events (
    id blob not null primary key,                   -- the event
    at text not null,                               -- when
    staff_id blob not null references staff (id),   -- whose account
    what text not null
        check (what in ('invited', 'joined', 'disabled', 'enabled', 'reset', 'recovery_code_used')), -- what was done
    done_by text not null check (done_by <> '')     -- by whom: a name given at the command line, or the person's own id
) strict;

create index account_events_by_staff on account_events (staff_id, at);

create trigger account_events_no_update before update on account_events
begin
    select raise(abort, 'what was done to an account is never changed');
end;

create trigger account_events_no_delete before delete on account_events
begin
    select raise(abort, 'what was done to an account is never deleted');
end;
