-- A message is claimed before anything of it leaves, so that no two send it and none is forgotten. What was given up
-- before is now something a person is asked about.
alter table outbox drop constraint outbox_status_check;

alter table outbox
    add column authority text not null default '',  -- whose people are told, and mind it if it does not arrive
    add column trouble text
        check (trouble in ('unreachable', 'deferred', 'refused', 'in_doubt', 'no_address', 'no_text')), -- what the last attempt met
    add column due_at timestamptz,                  -- since when it ought to have gone out
    add column claim uuid,                          -- who is sending it: only they may say what came of it
    add column claimed_until timestamptz,           -- when that right ends; silence until then is doubt
    add column outcome_at timestamptz;              -- when it came to stand as it does

update outbox set
    authority = coalesce((select authority from cases where cases.id = outbox.case_id), ''),
    trouble = case status when 'failed' then 'no_address' end,
    status = case status when 'failed' then 'refused' else status end,
    due_at = made_at,
    outcome_at = coalesce(sent_at, next_at);

alter table outbox
    alter column authority drop default,
    alter column due_at set not null,
    add constraint outbox_status_check
        check (status in ('waiting', 'sending', 'sent', 'refused', 'in_doubt', 'settled')), -- how it stands
    add constraint outbox_claim_check check ((status = 'sending') = (claim is not null)),
    add constraint outbox_claimed_until_check check ((claim is null) = (claimed_until is null));

drop index outbox_waiting;

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
