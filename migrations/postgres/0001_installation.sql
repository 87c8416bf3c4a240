-- What this database was made for. One row for each fact; settled once, never changed.
create table installation (
    name text not null primary key, -- the fact: made_by
    value text not null             -- its value: demo or serve
);
