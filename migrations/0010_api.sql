-- Answers kept for 24 h, so that a repeated request is answered alike and done once.
create table idempotency_keys (
  user_id text not null,
  key_hash text not null,
  request_hash text not null,
  status bigint not null,
  headers text not null,
  body text not null,
  created_at bigint not null,
  constraint idempotency_keys_pk primary key (user_id, key_hash)
);
create index idempotency_keys_age on idempotency_keys (created_at);
