-- What lets a person in carries the epoch in which it was given. Ending all of
-- it begins a new one, so that whatever is under way meanwhile is dead on arrival.
alter table users add column epoch bigint not null default 0;
alter table sessions add column epoch bigint not null default 0;

-- Who owes a second factor in this browser: his reset or change ends it. It lives
-- a quarter of an hour, so nothing refers from here to there.
alter table sessions add column pending_id text;
create index sessions_by_pending on sessions (pending_id);

-- A seed that no right code has confirmed is kept in the session that asked for it.
delete from user_factors where confirmed_at is null;
