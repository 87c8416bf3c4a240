-- One row for each run of a clock of a case. Worked out from events.
create table deadlines (
    case_id uuid not null references cases (id) on delete cascade,  -- the case
    clock text not null,                                            -- the clock, as the definition names it
    instance bigint not null,                                       -- which run of that clock, counted from 1
    status text not null
        check (status in ('running', 'paused', 'stopped')),         -- what it is doing
    started_at timestamptz not null,                                -- when it began
    due_at timestamptz not null,                                    -- when it runs out
    original_due_at timestamptz not null,                           -- when it would have, had nothing moved it
    due_date text,                                                  -- the local day, for limits counted in days
    breached_at timestamptz,                                        -- when it was seen to have run out
    stopped_at timestamptz,                                         -- when it stopped
    next_stage text,                                                -- the next stage: warning, breach …
    next_stage_at timestamptz,                                      -- when that stage is due
    unconfirmed boolean not null,                                   -- whether nobody has confirmed the limit yet
    primary key (case_id, clock, instance)
);

create index deadlines_by_next_stage on deadlines (next_stage_at) where next_stage_at is not null;
