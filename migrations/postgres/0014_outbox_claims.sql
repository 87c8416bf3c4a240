-- A message is claimed before anything of it leaves, so that no two send it and none is forgotten. The table is made anew,
-- as in a SQLite file; what was given up before is now something a person is asked about.
create table outbox_claimed (
    id uuid not null primary key,                           -- the message; also its Message-ID
    made_at timestamptz not null,                           -- when it was called for
    case_id uuid,                                           -- the case it is about, if any
    authority text not null,                                -- whose people are told, and mind it if it does not arrive
    recipient_kind text not null
        check (recipient_kind in ('staff', 'agency')),      -- whom it goes to; never an applicant
    recipient text not null,                                -- which account of the staff directory
    message text not null,                                  -- the neutral message, as the definition names it
    language text not null,                                 -- the language it goes out in
    status text not null
        check (status in ('waiting', 'sending', 'sent', 'refused', 'in_doubt', 'settled')), -- how it stands
    trouble text
        check (trouble in ('unreachable', 'deferred', 'refused', 'in_doubt', 'no_address', 'no_text')), -- what the last attempt met
    attempts bigint not null,                               -- how often it has been tried
    due_at timestamptz not null,                            -- since when it ought to have gone out
    next_at timestamptz not null,                           -- not to be tried before this
    claim uuid,                                             -- who is sending it: only they may say what came of it
    claimed_until timestamptz,                              -- when that right ends; silence until then is doubt
    outcome_at timestamptz,                                 -- when it came to stand as it does
    sent_at timestamptz,                                    -- when it was handed over
    dedupe text not null unique,                            -- two with the same value are one message
    check ((status = 'sending') = (claim is not null)),
    check ((claim is null) = (claimed_until is null))
);

insert into outbox_claimed (id, made_at, case_id, authority, recipient_kind, recipient, message, language, status,
    trouble, attempts, due_at, next_at, claim, claimed_until, outcome_at, sent_at, dedupe)
select id, made_at, case_id, coalesce((select authority from cases where cases.id = outbox.case_id), ''),
    recipient_kind, recipient, message, language,
    case status when 'failed' then 'refused' else status end,
    case status when 'failed' then 'no_address' end,
    attempts, made_at, next_at, null, null, coalesce(sent_at, next_at), sent_at, dedupe
from outbox;

drop table outbox;

alter table outbox_claimed rename to outbox;

create index outbox_waiting on outbox (next_at, due_at) where status = 'waiting';

create index outbox_claims on outbox (claimed_until) where status = 'sending';

create index outbox_late on outbox (authority, due_at) where status in ('waiting', 'sending');

create index outbox_undelivered on outbox (authority, outcome_at) where status in ('refused', 'in_doubt');

-- What people decided about messages that did not arrive, or may not have. Never changed.
create table outbox_decisions (
    id uuid not null primary key,                           -- the decision
    message_id uuid not null,                               -- the message
    at timestamptz not null,                                -- when
    actor text not null,                                    -- who decided
    decision text not null
        check (decision in ('send_again', 'settled')),      -- what
    reason text                                             -- how it was settled, in their own words
);

create index outbox_decisions_by_message on outbox_decisions (message_id, at);

create trigger outbox_decisions_no_update before update on outbox_decisions
    for each statement execute function refuse('a decision is never changed');

create trigger outbox_decisions_no_delete before delete on outbox_decisions
    for each statement execute function refuse('a decision is never deleted');

create trigger outbox_decisions_no_truncate before truncate on outbox_decisions
    for each statement execute function refuse('a decision is never deleted');
