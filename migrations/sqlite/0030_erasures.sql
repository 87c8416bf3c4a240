-- Until when an ended case has to be kept; null while it is open, and where no rule says it. Worked out from events.
alter table cases add column keep_until text;

create index cases_by_keep_until on cases (authority, keep_until) where keep_until is not null;

-- What somebody proposed for a case past its day: to forget it, or to keep it on. It holds no personal data. Never changed.
create table erasures (
    id blob not null primary key,                       -- the proposal
    case_id blob not null,                              -- the case
    reference text not null,                            -- its label
    authority text not null,                            -- the police authority that held it
    scheme text not null,                               -- the scheme it ran under
    rule text not null,                                 -- the rule for keeping that it went by
    kept_until text not null,                           -- the first instant after its day by that rule
    wanted text not null check (wanted in ('forget', 'keep')), -- what is proposed
    review_on text,                                     -- the local day on which what is kept on is looked at again, YYYY-MM-DD
    ground text not null check (ground <> ''),          -- why, out of a closed list
    words text not null check (words <> ''),            -- why, sealed; it is to say nothing of anybody
    at text not null,                                   -- when
    done_by text not null check (done_by <> ''),        -- who
    check ((wanted = 'keep') = (review_on is not null))
) strict;

create index erasures_by_case on erasures (case_id);

create trigger erasures_no_update before update on erasures
begin
    select raise(abort, 'a proposal is never changed');
end;

create trigger erasures_no_delete before delete on erasures
begin
    select raise(abort, 'a proposal is never deleted');
end;

-- What became of a proposal: another person confirmed it or sent it back; after that, that the key of the case is gone.
create table erasure_steps (
    erasure_id blob not null references erasures (id),  -- the proposal
    step text not null
        check (step in ('confirmed', 'sent_back', 'key_destroyed')), -- what was done
    at text not null,                                   -- when
    done_by text not null check (done_by <> ''),        -- by whom, or by which part of the service
    reason text not null check (reason <> ''),          -- why, in words that say nothing of anybody
    primary key (erasure_id, step)
) strict;

create trigger erasure_steps_no_update before update on erasure_steps
begin
    select raise(abort, 'a step is never changed');
end;

create trigger erasure_steps_no_delete before delete on erasure_steps
begin
    select raise(abort, 'a step is never deleted');
end;

-- A proposal is confirmed or sent back, not both; and a key goes only after the confirmation.
create trigger erasure_steps_in_order before insert on erasure_steps
when exists (
        select 1 from erasure_steps earlier
        where earlier.erasure_id = new.erasure_id and earlier.step <> 'key_destroyed' and new.step <> 'key_destroyed')
    or (new.step = 'key_destroyed' and not exists (
        select 1 from erasure_steps earlier
        where earlier.erasure_id = new.erasure_id and earlier.step = 'confirmed'))
begin
    select raise(abort, 'a proposal is settled once');
end;

-- Cases that were forgotten. What two people have not confirmed cannot stand here. Never changed.
create table forgotten (
    case_id blob not null primary key,                  -- the case
    erasure_id blob not null unique references erasures (id), -- what was confirmed
    at text not null                                    -- when
) strict;

create trigger forgotten_by_two before insert on forgotten
when not exists (
    select 1 from erasures join erasure_steps on erasure_steps.erasure_id = erasures.id
    where erasures.id = new.erasure_id and erasures.case_id = new.case_id and erasures.wanted = 'forget'
        and erasure_steps.step = 'confirmed' and erasure_steps.done_by <> erasures.done_by)
begin
    select raise(abort, 'a case is forgotten by two people');
end;

create trigger forgotten_no_update before update on forgotten
begin
    select raise(abort, 'what is forgotten stays so');
end;

create trigger forgotten_no_delete before delete on forgotten
begin
    select raise(abort, 'what is forgotten stays so');
end;

-- What is never deleted goes with its case, and only then.
drop trigger ties_no_delete;

create trigger ties_no_delete before delete on ties
when not exists (select 1 from forgotten where forgotten.case_id = old.case_id)
begin
    select raise(abort, 'a tie is never deleted');
end;

drop trigger tie_steps_no_delete;

create trigger tie_steps_no_delete before delete on tie_steps
when not exists (
    select 1 from ties join forgotten on forgotten.case_id = ties.case_id where ties.id = old.tie_id)
begin
    select raise(abort, 'a step is never deleted');
end;

drop trigger broken_glass_no_delete;

create trigger broken_glass_no_delete before delete on broken_glass
when not exists (select 1 from forgotten where forgotten.case_id = old.case_id)
begin
    select raise(abort, 'an opening is never deleted');
end;

drop trigger register_matches_no_delete;

create trigger register_matches_no_delete before delete on register_matches
when not exists (select 1 from forgotten where forgotten.case_id = old.case_id)
begin
    select raise(abort, 'a match is never deleted');
end;
