-- What is between a person and a case, beside their role: who is kept away and who is let in. Never changed; what ends a tie is a step.
create table ties (
    id blob not null primary key,                   -- the tie
    case_id blob not null,                          -- the case
    staff_id blob references staff (id),            -- the person; null for one of the register without an account, and for 'restricted'
    kind text not null
        check (kind in ('matched', 'declared', 'manages_subject', 'let_in', 'restricted')), -- found alike to a party; a conflict that somebody declared; works with the person asked about; may see it though it is restricted; to be seen by few
    at text not null,                               -- since when
    done_by text not null check (done_by <> ''),    -- by whom, or by which part of the service
    because text not null check (because <> '')     -- why: in words, or what was found alike
) strict;

create index ties_by_case on ties (case_id);

create index ties_by_staff on ties (staff_id);

create trigger ties_no_update before update on ties
begin
    select raise(abort, 'a tie is never changed');
end;

create trigger ties_no_delete before delete on ties
begin
    select raise(abort, 'a tie is never deleted');
end;

-- What became of a tie: somebody asked for its end, another kept it or ended it.
create table tie_steps (
    tie_id blob not null references ties (id),          -- the tie
    seq integer not null,                            -- the how manieth step
    step text not null
        check (step in ('asked', 'kept', 'ended')),     -- what was done
    at text not null,                                   -- when
    done_by text not null check (done_by <> ''),        -- by whom
    reason text not null check (reason <> ''),          -- why, in their own words
    primary key (tie_id, seq)
) strict;

create trigger tie_steps_no_update before update on tie_steps
begin
    select raise(abort, 'a step is never changed');
end;

create trigger tie_steps_no_delete before delete on tie_steps
begin
    select raise(abort, 'a step is never deleted');
end;

-- Cases that somebody opened in an emergency, for an hour. Never changed.
create table broken_glass (
    id blob not null primary key,                       -- the opening
    case_id blob not null,                              -- the case
    staff_id blob not null references staff (id),       -- who opened it
    at text not null,                                   -- when
    ends_at text not null,                              -- of no use from then on
    reason text not null check (reason <> '')           -- why, in their own words
) strict;

create index broken_glass_by_staff on broken_glass (staff_id, ends_at);

create trigger broken_glass_no_update before update on broken_glass
begin
    select raise(abort, 'an opening is never changed');
end;

create trigger broken_glass_no_delete before delete on broken_glass
begin
    select raise(abort, 'an opening is never deleted');
end;
