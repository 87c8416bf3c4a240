-- Each time this database began a life: made new, copied by a backup, restored, or found in another place. The newest one
-- holds the outbox until it is released. Never changed.
create table epochs (
    number integer not null primary key,    -- counted from 1
    began_at text not null,                 -- when it began; what was called for before, another system may have sent
    cause text not null
        check (cause in ('new', 'backup', 'restored', 'elsewhere')) -- what began it
) strict;

create trigger epochs_no_update before update on epochs
begin
    select raise(abort, 'an epoch is never changed');
end;

create trigger epochs_no_delete before delete on epochs
begin
    select raise(abort, 'an epoch is never deleted');
end;

-- The word that lets messages leave again, once for each epoch. It counts only in the place where it was given. Never changed.
create table outbox_releases (
    epoch integer not null primary key references epochs (number),  -- which epoch
    at text not null,                                               -- when
    person text not null,                                           -- who gave it; installation for a database made new
    reason text not null check (reason <> ''),                      -- why, in their own words
    place text not null                                             -- where the database was then
) strict;

create trigger outbox_releases_no_update before update on outbox_releases
begin
    select raise(abort, 'a release is never changed');
end;

create trigger outbox_releases_no_delete before delete on outbox_releases
begin
    select raise(abort, 'a release is never deleted');
end;
