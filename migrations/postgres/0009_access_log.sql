-- One row for each look at personal data, written before it is shown; never updated, never deleted.
create table access_log (
    id uuid not null primary key,   -- the look
    at timestamptz not null,        -- when
    actor text not null,            -- who looked
    actor_role text not null,       -- the role they looked in
    operation text not null,        -- view, search, export …
    case_id uuid,                   -- the case, if it was one case
    classes text not null,          -- the classes of fields they saw
    purpose text not null,          -- what for
    reason text,                    -- in their own words, where these are asked for
    what text not null              -- what was looked at, without naming anybody
);

create index access_log_by_case on access_log (case_id, at);

create trigger access_log_no_update before update on access_log
    for each statement execute function refuse('the access log is never changed');

create trigger access_log_no_delete before delete on access_log
    for each statement execute function refuse('the access log is never deleted');

create trigger access_log_no_truncate before truncate on access_log
    for each statement execute function refuse('the access log is never deleted');
