-- Whether any body is plain is asked at every start. None is, so this is empty.
create index events_plain on events (stream) where sealing = 0;
