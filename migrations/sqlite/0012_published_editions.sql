-- Where the scheme's own file stands among the documents.
alter table editions add column path text not null default '';

update editions set path = 'schemes/' || scheme || '.yaml' where path = '';

-- A label is published once, and what is published never changes.
create unique index editions_by_label on editions (scheme, edition);

create trigger editions_no_update before update on editions
begin
    select raise(abort, 'a published edition is never changed');
end;

create trigger editions_no_delete before delete on editions
begin
    select raise(abort, 'a published edition is never deleted');
end;
