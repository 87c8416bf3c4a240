-- Several police authorities in one installation: staff belong to one, as cases do.
alter table staff add column authority text not null default '';    -- their authority

create index cases_by_authority on cases (authority, scheme, state);
