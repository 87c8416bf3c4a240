-- The editions of schemes that cases have begun with, kept whole.
create table editions (
    hash text not null primary key, -- hash of the documents; the name that cases and events use
    scheme text not null,           -- dsdas, dvds-ew …
    edition text not null,          -- what the scheme's owner calls it
    effective_from text not null,   -- the day it takes effect, YYYY-MM-DD
    documents text not null,        -- the documents it is made of
    stored_at timestamptz not null  -- when it was stored here
);
