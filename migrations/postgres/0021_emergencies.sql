-- Cases that were opened in an emergency and searches without a case are asked about too, with how many people were told
-- of it. The tables stay as they are; what a column may hold gets wider.
alter table access_log
    drop constraint access_log_full_purpose_check,
    add constraint access_log_purpose_check check (purpose in
        ('case_work', 'oversight', 'audit', 'message_care', 'export', 'emergency', 'system'));

-- Drawn by chance; one of too many cases; one of too many searches without a case; opened in an emergency.
alter table look_reviews
    drop constraint look_reviews_kind_check,
    add constraint look_reviews_kind_check check (kind in ('sample', 'trawl', 'search', 'broken_glass'));

-- How many people were sent a message because of it.
alter table look_reviews add column told bigint not null default 0;

alter table look_verdicts
    drop constraint look_verdicts_kind_check,
    add constraint look_verdicts_kind_check check (kind in ('sample', 'trawl', 'search', 'broken_glass'));
