-- One row for each message to send, written in the transaction that called for it.
create table outbox (
    id uuid not null primary key,                           -- the message
    made_at timestamptz not null,                           -- when it was called for
    case_id uuid,                                           -- the case it is about, if any
    recipient_kind text not null
        check (recipient_kind in ('staff', 'agency')),      -- whom it goes to; never an applicant
    recipient text not null,                                -- which of them
    message text not null,                                  -- the neutral message, as the definition names it
    language text not null,                                 -- the language it goes out in
    status text not null
        check (status in ('waiting', 'sent', 'failed')),    -- what has become of it
    attempts bigint not null,                               -- how often it has been tried
    next_at timestamptz not null,                           -- not before this
    sent_at timestamptz,                                    -- when it was handed over
    dedupe text not null unique                             -- two with the same value are one message
);

create index outbox_waiting on outbox (next_at) where status = 'waiting';
