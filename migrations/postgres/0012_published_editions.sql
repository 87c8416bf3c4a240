-- Where the scheme's own file stands among the documents.
alter table editions add column path text not null default '';

update editions set path = 'schemes/' || scheme || '.yaml' where path = '';

-- A label is published once, and what is published never changes.
create unique index editions_by_label on editions (scheme, edition);

create trigger editions_no_update before update on editions
    for each statement execute function refuse('a published edition is never changed');

create trigger editions_no_delete before delete on editions
    for each statement execute function refuse('a published edition is never deleted');

create trigger editions_no_truncate before truncate on editions
    for each statement execute function refuse('a published edition is never deleted');
