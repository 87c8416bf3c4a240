-- A message can bring an appointment along. It is put together when the message goes out, from how the meeting stands then.
alter table outbox add column meeting_id blob;  -- the meeting that it is an appointment for, if it is one
