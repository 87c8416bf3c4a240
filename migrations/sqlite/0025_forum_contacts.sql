-- Whom a forum turns to at each agency: each change is a row, never updated, never deleted. What stands is the newest row of each
-- person; whoever is named the contact takes the place of the one before, who is a deputy then.
create table forum_contacts (
    authority text not null,                -- the police authority whose forum it is
    scheme text not null,                   -- the scheme it meets for
    seq integer not null check (seq > 0),  -- the place among the changes of this forum, from 1
    at text not null,                       -- when
    agency text not null,                   -- the agency
    staff_id blob not null references staff (id), -- who is named, or no more
    place text not null
        check (place in ('contact', 'deputy', 'out')), -- what they are from then on
    senior integer not null check (senior in (0, 1)), -- whether they can commit their agency
    done_by text not null check (done_by <> ''), -- the account that did it
    primary key (authority, scheme, seq)
) strict;

create trigger forum_contacts_no_update before update on forum_contacts
begin
    select raise(abort, 'who was named for a forum is never changed');
end;

create trigger forum_contacts_no_delete before delete on forum_contacts
begin
    select raise(abort, 'who was named for a forum is never deleted');
end;

-- Whether somebody came who can commit the agency. Of meetings before this was asked nobody knows.
alter table attendance add column senior integer not null default 0 check (senior in (0, 1)); -- whether one of those who came can commit the agency

-- Who was sent an appointment for a meeting.
create index outbox_by_meeting on outbox (meeting_id) where meeting_id is not null;
