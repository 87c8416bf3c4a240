-- Each look says whom somebody looked for and which force they belong to; what was done and what for are closed lists. SQLite cannot add a
-- check, so the table is made anew.
create table access_log_full (
    id blob not null primary key,                           -- the look
    at text not null,                                       -- when
    actor text not null,                                    -- who looked
    actor_role text not null,                               -- the role they looked in
    agency text not null,                                   -- the agency they answer for; empty for the force's own people
    authority text not null,                                -- the authority they belong to; empty for the public and the clock
    on_behalf_of text,                                      -- for whom, where it was not for themselves
    operation text not null check (operation in
        ('collection', 'alteration', 'consultation', 'disclosure', 'combination', 'erasure')), -- what they did (DPA 2018, s.62)
    case_id blob,                                           -- the case, if it was one case
    classes text not null,                                  -- the classes of fields they saw
    purpose text not null check (purpose in
        ('case_work', 'oversight', 'audit', 'message_care', 'export', 'system')), -- what for
    reason text,                                            -- in their own words, where these are asked for
    what text not null                                      -- what was looked at, without naming anybody
) strict;

insert into access_log_full (id, at, actor, actor_role, agency, authority, on_behalf_of, operation, case_id, classes,
    purpose, reason, what)
select id, at, actor, actor_role, '', coalesce((select authority from cases where cases.id = access_log.case_id), ''),
    null, operation, case_id, classes, purpose, reason, what
from access_log;

drop table access_log;

alter table access_log_full rename to access_log;

create index access_log_by_case on access_log (case_id, at, id);

create index access_log_by_actor on access_log (actor, at);

create index access_log_by_authority on access_log (authority, at, id);

create trigger access_log_no_update before update on access_log
begin
    select raise(abort, 'the access log is never changed');
end;

create trigger access_log_no_delete before delete on access_log
begin
    select raise(abort, 'the access log is never deleted');
end;

-- Looks that somebody else is asked about: two in a hundred, and each that makes a trawl of too many cases. Never changed.
create table look_reviews (
    look_id blob not null,                                  -- the look
    kind text not null check (kind in ('sample', 'trawl')), -- drawn by chance, or one of too many
    at text not null,                                       -- when the look was
    actor text not null,                                    -- who looked
    authority text not null,                                -- whose reviewers are asked
    cases integer not null,                                 -- how many cases the person had looked at within ten minutes
    primary key (look_id, kind)
) strict;

create index look_reviews_by_authority on look_reviews (authority, at);

create index look_reviews_by_actor on look_reviews (actor, kind, at);

create trigger look_reviews_no_update before update on look_reviews
begin
    select raise(abort, 'a review is never changed');
end;

create trigger look_reviews_no_delete before delete on look_reviews
begin
    select raise(abort, 'a review is never deleted');
end;

-- What people decided about such looks, once for each. Never changed.
create table look_verdicts (
    look_id blob not null,                                  -- the look
    kind text not null check (kind in ('sample', 'trawl')), -- why it was asked about
    at text not null,                                       -- when
    actor text not null,                                    -- who decided; never whoever looked
    verdict text not null
        check (verdict in ('in_order', 'not_in_order')),    -- what
    reason text not null,                                   -- why, in their own words
    primary key (look_id, kind)
) strict;

create trigger look_verdicts_no_update before update on look_verdicts
begin
    select raise(abort, 'a verdict is never changed');
end;

create trigger look_verdicts_no_delete before delete on look_verdicts
begin
    select raise(abort, 'a verdict is never deleted');
end;
