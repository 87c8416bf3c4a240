-- One row for each case that waits in a queue. Worked out from events.
create table queue_entries (
    queue text not null,                                            -- the queue, as the definition names it
    case_id blob not null references cases (id) on delete cascade,  -- the case
    urgent integer not null check (urgent in (0, 1)),               -- whether it goes before all that are not
    order_at text not null,                                         -- what the queue is ordered by
    why text not null,                                              -- why it waits here, in words
    since text not null,                                            -- since when
    primary key (queue, case_id)
) strict;

create index queue_entries_by_case on queue_entries (case_id);
