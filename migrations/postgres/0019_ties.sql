-- What is between a person and a case, beside their role: who is kept away and who is let in. Never changed; what ends a tie is a step.
create table ties (
    id uuid not null primary key,                   -- the tie
    case_id uuid not null,                          -- the case
    staff_id uuid references staff (id),            -- the person; null for one of the register without an account, and for 'restricted'
    kind text not null
        check (kind in ('matched', 'declared', 'manages_subject', 'let_in', 'restricted')), -- found alike to a party; a conflict that somebody declared; works with the person asked about; may see it though it is restricted; to be seen by few
    at timestamptz not null,                               -- since when
    done_by text not null check (done_by <> ''),    -- by whom, or by which part of the service
    because text not null check (because <> '')     -- why: in words, or what was found alike
);

create index ties_by_case on ties (case_id);

create index ties_by_staff on ties (staff_id);

create trigger ties_no_update before update on ties
    for each statement execute function refuse('a tie is never changed');

create trigger ties_no_delete before delete on ties
    for each statement execute function refuse('a tie is never deleted');

create trigger ties_no_truncate before truncate on ties
    for each statement execute function refuse('a tie is never deleted');

-- What became of a tie: somebody asked for its end, another kept it or ended it.
create table tie_steps (
    tie_id uuid not null references ties (id),          -- the tie
    seq bigint not null,                            -- the how manieth step
    step text not null
        check (step in ('asked', 'kept', 'ended')),     -- what was done
    at timestamptz not null,                                   -- when
    done_by text not null check (done_by <> ''),        -- by whom
    reason text not null check (reason <> ''),          -- why, in their own words
    primary key (tie_id, seq)
);

create trigger tie_steps_no_update before update on tie_steps
    for each statement execute function refuse('a step is never changed');

create trigger tie_steps_no_delete before delete on tie_steps
    for each statement execute function refuse('a step is never deleted');

create trigger tie_steps_no_truncate before truncate on tie_steps
    for each statement execute function refuse('a step is never deleted');

-- Cases that somebody opened in an emergency, for an hour. Never changed.
create table broken_glass (
    id uuid not null primary key,                       -- the opening
    case_id uuid not null,                              -- the case
    staff_id uuid not null references staff (id),       -- who opened it
    at timestamptz not null,                                   -- when
    ends_at timestamptz not null,                              -- of no use from then on
    reason text not null check (reason <> '')           -- why, in their own words
);

create index broken_glass_by_staff on broken_glass (staff_id, ends_at);

create trigger broken_glass_no_update before update on broken_glass
    for each statement execute function refuse('an opening is never changed');

create trigger broken_glass_no_delete before delete on broken_glass
    for each statement execute function refuse('an opening is never deleted');

create trigger broken_glass_no_truncate before truncate on broken_glass
    for each statement execute function refuse('an opening is never deleted');
