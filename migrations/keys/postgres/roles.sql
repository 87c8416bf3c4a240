-- Who may do what with the keys, said anew whenever the schema is brought up to date. Nobody but the service reads them.
do $$
begin
    if not exists (select from pg_roles where rolname = 'clares_law_app') then
        create role clares_law_app nologin;
    end if;
end
$$;

-- Each session of the service takes this role, even that of a demonstration, which signs in as the owner.
grant clares_law_app to current_user;

grant select, insert, update, delete on authority_keys to clares_law_app;
grant select, insert, update on stream_keys to clares_law_app;
grant select on _sqlx_migrations to clares_law_app;
