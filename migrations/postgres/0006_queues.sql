-- One row for each case that waits in a queue. Worked out from events.
create table queue_entries (
    queue text not null,                                            -- the queue, as the definition names it
    case_id uuid not null references cases (id) on delete cascade,  -- the case
    urgent boolean not null,                                        -- whether it goes before all that are not
    order_at timestamptz not null,                                  -- what the queue is ordered by
    why text not null,                                              -- why it waits here, in words
    since timestamptz not null,                                     -- since when
    primary key (queue, case_id)
);

create index queue_entries_by_case on queue_entries (case_id);
