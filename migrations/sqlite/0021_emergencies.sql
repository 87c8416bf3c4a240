-- Cases that were opened in an emergency and searches without a case are asked about too, with how many people were told of it. SQLite cannot
-- change a check, so the tables are made anew.
create table access_log_wider (
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
        ('case_work', 'oversight', 'audit', 'message_care', 'export', 'emergency', 'system')), -- what for
    reason text,                                            -- in their own words, where these are asked for
    what text not null                                      -- what was looked at, without naming anybody
) strict;

insert into access_log_wider (id, at, actor, actor_role, agency, authority, on_behalf_of, operation, case_id, classes,
    purpose, reason, what)
select id, at, actor, actor_role, agency, authority, on_behalf_of, operation, case_id, classes, purpose, reason, what
from access_log;

drop table access_log;

alter table access_log_wider rename to access_log;

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

-- Looks that somebody else is asked about: two in a hundred, each that makes a trawl or too many searches without a case,
-- and every case opened in an emergency. Never changed.
create table look_reviews_wider (
    look_id blob not null,                                  -- the look
    kind text not null
        check (kind in ('sample', 'trawl', 'search', 'broken_glass')), -- drawn by chance; one of too many cases; one of too many searches without a case; opened in an emergency
    at text not null,                                       -- when the look was
    actor text not null,                                    -- who looked
    authority text not null,                                -- whose reviewers are asked
    cases integer not null,                                 -- how many cases the person had looked at within ten minutes, or searched for in vain
    told integer not null default 0,                        -- how many people were sent a message because of it
    primary key (look_id, kind)
) strict;

insert into look_reviews_wider (look_id, kind, at, actor, authority, cases)
select look_id, kind, at, actor, authority, cases from look_reviews;

drop table look_reviews;

alter table look_reviews_wider rename to look_reviews;

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
create table look_verdicts_wider (
    look_id blob not null,                                  -- the look
    kind text not null
        check (kind in ('sample', 'trawl', 'search', 'broken_glass')), -- why it was asked about
    at text not null,                                       -- when
    actor text not null,                                    -- who decided; never whoever looked
    verdict text not null
        check (verdict in ('in_order', 'not_in_order')),    -- what
    reason text not null,                                   -- why, in their own words
    primary key (look_id, kind)
) strict;

insert into look_verdicts_wider (look_id, kind, at, actor, verdict, reason)
select look_id, kind, at, actor, verdict, reason from look_verdicts;

drop table look_verdicts;

alter table look_verdicts_wider rename to look_verdicts;

create trigger look_verdicts_no_update before update on look_verdicts
begin
    select raise(abort, 'a verdict is never changed');
end;

create trigger look_verdicts_no_delete before delete on look_verdicts
begin
    select raise(abort, 'a verdict is never deleted');
end;
