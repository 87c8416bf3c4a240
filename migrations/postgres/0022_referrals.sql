-- Who began a case: professionals follow the referrals that they made themselves. One entry for each case.
create index events_begun_by on events (actor) where seq = 1;
