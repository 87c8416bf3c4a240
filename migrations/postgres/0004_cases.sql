-- The row per case that lists need. Worked out from events.
create table cases (
    id uuid not null primary key,       -- the case; also its stream of events
    reference text not null unique,     -- the label read aloud; never a key
    authority text not null,            -- the police authority that holds it
    scheme text not null,               -- the scheme it runs under
    edition text not null,              -- hash of the edition it began with
    route text not null,                -- right to ask, power to tell, right to know
    capacity text not null,             -- in what capacity the applicant asks
    state text not null,                -- where the case is
    phase text not null,                -- intake, verification, forum, disclosure, closing
    open boolean not null,              -- whether anything is still to be done
    urgent boolean not null,            -- whether it goes to the top of its queues
    version bigint not null,            -- number of the last event shown here
    received_at timestamptz not null,   -- when the application came in
    state_since timestamptz not null,   -- since when it is in its state
    outcome text,                       -- outcome code, once there is one
    pending_action text,                -- the action that waits for a second person
    pending_role text,                  -- the role that person must have
    overall_due timestamptz,            -- when the overall clock runs out
    next_due timestamptz,               -- when the next running clock runs out
    next_clock text                     -- which clock that is
);

create index cases_by_next_due on cases (next_due) where open;
