-- Each time this database began a life: made new, copied by a backup, restored, or found in another place. The newest one
-- holds the outbox until it is released. Never changed.
create table epochs (
    number bigint not null primary key,     -- counted from 1
    began_at timestamptz not null,          -- when it began; what was called for before, another system may have sent
    cause text not null
        check (cause in ('new', 'backup', 'restored', 'elsewhere')) -- what began it
);

create trigger epochs_no_update before update on epochs
    for each statement execute function refuse('an epoch is never changed');

create trigger epochs_no_delete before delete on epochs
    for each statement execute function refuse('an epoch is never deleted');

create trigger epochs_no_truncate before truncate on epochs
    for each statement execute function refuse('an epoch is never deleted');

-- The word that lets messages leave again, once for each epoch. It counts only in the place where it was given. Never changed.
create table outbox_releases (
    epoch bigint not null primary key references epochs (number),   -- which epoch
    at timestamptz not null,                                        -- when
    person text not null,                                           -- who gave it; installation for a database made new
    reason text not null check (reason <> ''),                      -- why, in their own words
    place text not null                                             -- where the database was then
);

create trigger outbox_releases_no_update before update on outbox_releases
    for each statement execute function refuse('a release is never changed');

create trigger outbox_releases_no_delete before delete on outbox_releases
    for each statement execute function refuse('a release is never deleted');

create trigger outbox_releases_no_truncate before truncate on outbox_releases
    for each statement execute function refuse('a release is never deleted');
