-- The forum's meetings, as lists need them. All of it follows from the meetings' histories and can be rebuilt.
create table meetings (
    id blob not null primary key,       -- the meeting; also its stream of events
    authority text not null,            -- the police authority whose forum meets
    scheme text not null,               -- the scheme it meets for
    edition text not null,              -- hash of the edition it was called under
    form text not null
        check (form in ('regular', 'extraordinary', 'written')), -- how people meet
    series text,                        -- the series it is one of
    starts_at text not null,            -- when it begins
    ends_at text not null,              -- when it ends
    stage text not null
        check (stage in ('convened', 'sealed', 'begun', 'closed', 'approved', 'called_off')), -- how far it has come
    version integer not null            -- the number of the last event it shows
) strict;

create index meetings_by_start on meetings (authority, starts_at);

-- Which cases stand on which agenda. A case can stand on several, one after the other.
create table agenda (
    meeting_id blob not null references meetings (id), -- the meeting
    case_id blob not null,              -- the case
    place integer not null,             -- its place in the order, from 1
    first integer not null check (first in (0, 1)), -- whether it comes before the others
    taken integer not null check (taken in (0, 1)), -- whether the meeting has come to it
    quorate integer check (quorate in (0, 1)), -- whether it could decide then; null until it has come to it
    settled text,                       -- the last action taken on it from here
    primary key (meeting_id, case_id)
) strict;

create index agenda_by_case on agenda (case_id);

-- What each agency was asked for a case, and whether it answered.
create table returns (
    meeting_id blob not null,           -- the meeting
    case_id blob not null,              -- the case
    agency text not null,               -- the agency
    due_at text not null,               -- the first instant that is too late
    answered_at text,                   -- when its newest answer came
    reminders integer not null,         -- how often it was asked again
    primary key (meeting_id, case_id, agency),
    foreign key (meeting_id, case_id) references agenda (meeting_id, case_id) on delete cascade
) strict;

create index returns_by_agency on returns (agency, due_at);

-- Which agencies were there.
create table attendance (
    meeting_id blob not null references meetings (id), -- the meeting
    agency text not null,               -- the agency
    attended text not null
        check (attended in ('came', 'apologised', 'absent')), -- whether somebody came for it
    primary key (meeting_id, agency)
) strict;

-- What was promised at a meeting. What it is stands in history only: it may hold personal data.
create table promises (
    id blob not null primary key,       -- the promise
    meeting_id blob not null references meetings (id), -- the meeting
    case_id blob,                       -- the case it was made for, if it was for one
    agency text not null,               -- who promised
    due_on text not null,               -- the last local day on which it is in time
    report text not null
        check (report in ('open', 'done', 'not_possible', 'not_done')) -- what became of it
) strict;

create index promises_by_agency on promises (agency, due_on);
