-- Who may do what, said anew whenever the schema is brought up to date. The owner of the tables does nothing else; whoever
-- serves is a member of the first role, whoever evaluates a member of the second. Neither can change history.
do $$
begin
    if not exists (select from pg_roles where rolname = 'clares_law_app') then
        create role clares_law_app nologin;
    end if;
    if not exists (select from pg_roles where rolname = 'clares_law_reader') then
        create role clares_law_reader nologin;
    end if;
end
$$;

-- Each session of the service takes this role, even that of a demonstration, which signs in as the owner.
grant clares_law_app to current_user;

grant select on all tables in schema public to clares_law_app, clares_law_reader;

-- Nobody needs what opens doors, or who is kept away from what, to evaluate a scheme.
revoke select on staff, sessions, idempotency, clients, client_failures from clares_law_reader;
revoke select on ties, tie_steps, broken_glass, forum_contacts from clares_law_reader;
revoke select on second_factors, recovery_codes, invitations, sign_in_failures, account_events from clares_law_reader;

-- History and what is settled once: added to, never changed.
grant insert on events, access_log, editions, idempotency, installation, integrity_checks, outbox_decisions, epochs, outbox_releases,
    look_reviews, look_verdicts, account_events, ties, tie_steps, broken_glass, forum_contacts, ledger_entries, ledger_heads,
    look_entries, cosignatures, erasures, erasure_steps, forgotten
    to clares_law_app;

-- What goes with a forgotten case; triggers refuse the rest.
grant delete on ties, tie_steps, broken_glass, register_matches to clares_law_app;

-- What follows from history, or passes.
grant insert, update on outbox, staff, leases, clients to clares_law_app;
grant insert, update on meetings, witnessed to clares_law_app;
grant insert, delete on agenda, returns, attendance, promises, ledger_waiting, looks_waiting to clares_law_app;
grant insert, update, delete on cases, deadlines, queue_entries, sessions, parked_cases, client_failures to clares_law_app;
grant insert, update, delete on second_factors, recovery_codes, invitations, sign_in_failures to clares_law_app;

-- The register of staff and members, and what it and the cases are compared by: for nobody but the service.
revoke select on register, register_keys, register_loads, register_matches, case_keys from clares_law_reader;
grant insert on register_loads, register_matches to clares_law_app;
grant insert, update, delete on register to clares_law_app;
grant insert, delete on register_keys, case_keys to clares_law_app;
