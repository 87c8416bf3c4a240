-- Until when an ended case has to be kept; null while it is open, and where no rule says it. Worked out from events.
alter table cases add column keep_until timestamptz;

create index cases_by_keep_until on cases (authority, keep_until) where keep_until is not null;

-- What somebody proposed for a case past its day: to forget it, or to keep it on. It holds no personal data. Never changed.
create table erasures (
    id uuid not null primary key,                       -- the proposal
    case_id uuid not null,                              -- the case
    reference text not null,                            -- its label
    authority text not null,                            -- the police authority that held it
    scheme text not null,                               -- the scheme it ran under
    rule text not null,                                 -- the rule for keeping that it went by
    kept_until timestamptz not null,                           -- the first instant after its day by that rule
    wanted text not null check (wanted in ('forget', 'keep')), -- what is proposed
    review_on text,                                     -- the local day on which what is kept on is looked at again, YYYY-MM-DD
    ground text not null check (ground <> ''),          -- why, out of a closed list
    words text not null check (words <> ''),            -- why, sealed; it is to say nothing of anybody
    at timestamptz not null,                                   -- when
    done_by text not null check (done_by <> ''),        -- who
    check ((wanted = 'keep') = (review_on is not null))
);

create index erasures_by_case on erasures (case_id);

create trigger erasures_no_update before update on erasures
    for each statement execute function refuse('a proposal is never changed');

create trigger erasures_no_delete before delete on erasures
    for each statement execute function refuse('a proposal is never changed');

create trigger erasures_no_truncate before truncate on erasures
    for each statement execute function refuse('a proposal is never changed');

-- What became of a proposal: another person confirmed it or sent it back; after that, that the key of the case is gone.
create table erasure_steps (
    erasure_id uuid not null references erasures (id),  -- the proposal
    step text not null
        check (step in ('confirmed', 'sent_back', 'key_destroyed')), -- what was done
    at timestamptz not null,                                   -- when
    done_by text not null check (done_by <> ''),        -- by whom, or by which part of the service
    reason text not null check (reason <> ''),          -- why, in words that say nothing of anybody
    primary key (erasure_id, step)
);

create trigger erasure_steps_no_update before update on erasure_steps
    for each statement execute function refuse('a step is never changed');

create trigger erasure_steps_no_delete before delete on erasure_steps
    for each statement execute function refuse('a step is never changed');

create trigger erasure_steps_no_truncate before truncate on erasure_steps
    for each statement execute function refuse('a step is never changed');

-- A proposal is confirmed or sent back, not both; and a key goes only after the confirmation.
create function settled_once() returns trigger language plpgsql as $$
begin
    if new.step <> 'key_destroyed' and exists (
        select 1 from erasure_steps earlier
        where earlier.erasure_id = new.erasure_id and earlier.step <> 'key_destroyed') then
        raise exception 'a proposal is settled once';
    end if;
    if new.step = 'key_destroyed' and not exists (
        select 1 from erasure_steps earlier
        where earlier.erasure_id = new.erasure_id and earlier.step = 'confirmed') then
        raise exception 'a proposal is settled once';
    end if;
    return new;
end
$$;

create trigger erasure_steps_in_order before insert on erasure_steps
    for each row execute function settled_once();

-- Cases that were forgotten. What two people have not confirmed cannot stand here. Never changed.
create table forgotten (
    case_id uuid not null primary key,                  -- the case
    erasure_id uuid not null unique references erasures (id), -- what was confirmed
    at timestamptz not null                                    -- when
);

create function forgotten_by_two() returns trigger language plpgsql as $$
begin
    if not exists (
        select 1 from erasures join erasure_steps on erasure_steps.erasure_id = erasures.id
        where erasures.id = new.erasure_id and erasures.case_id = new.case_id and erasures.wanted = 'forget'
            and erasure_steps.step = 'confirmed' and erasure_steps.done_by <> erasures.done_by) then
        raise exception 'a case is forgotten by two people';
    end if;
    return new;
end
$$;

create trigger forgotten_by_two before insert on forgotten
    for each row execute function forgotten_by_two();

create trigger forgotten_no_update before update on forgotten
    for each statement execute function refuse('what is forgotten stays so');

create trigger forgotten_no_delete before delete on forgotten
    for each statement execute function refuse('what is forgotten stays so');

create trigger forgotten_no_truncate before truncate on forgotten
    for each statement execute function refuse('what is forgotten stays so');

-- What is never deleted goes with its case, and only then.
create function refuse_unless_forgotten() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from forgotten where forgotten.case_id = old.case_id) then
        raise exception '%', tg_argv[0];
    end if;
    return old;
end
$$;

create function refuse_unless_tie_forgotten() returns trigger language plpgsql as $$
begin
    if not exists (
        select 1 from ties join forgotten on forgotten.case_id = ties.case_id where ties.id = old.tie_id) then
        raise exception '%', tg_argv[0];
    end if;
    return old;
end
$$;

drop trigger ties_no_delete on ties;

create trigger ties_no_delete before delete on ties
    for each row execute function refuse_unless_forgotten('a tie is never deleted');

drop trigger tie_steps_no_delete on tie_steps;

create trigger tie_steps_no_delete before delete on tie_steps
    for each row execute function refuse_unless_tie_forgotten('a step is never deleted');

drop trigger broken_glass_no_delete on broken_glass;

create trigger broken_glass_no_delete before delete on broken_glass
    for each row execute function refuse_unless_forgotten('an opening is never deleted');

drop trigger register_matches_no_delete on register_matches;

create trigger register_matches_no_delete before delete on register_matches
    for each row execute function refuse_unless_forgotten('a match is never deleted');
