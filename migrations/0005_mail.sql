-- The outbox: one row a mail, written in the transaction that owes it.
create table mails (
  id text /* +sorted */ not null,
  key text not null,
  kind text not null,
  to_address text not null,
  to_name text not null,
  lang text not null,
  subject text not null,
  -- Texts may hold links that sign somebody in: sealed with the key file, emptied once the relay has the mail.
  body_text text not null,
  body_html text not null,
  unsubscribe_url text not null,
  at_most_once boolean not null,
  state text not null,
  tries bigint not null,
  -- What the relay, or the way to it, last answered.
  answer text not null,
  created_at bigint not null,
  handed_at bigint,
  ended_at bigint,
  constraint mails_pk primary key (id),
  constraint mails_key_once unique (key),
  constraint mails_state_known check (state in ('planned', 'claimed', 'handed', 'accepted', 'failed', 'uncertain', 'kept')),
  constraint mails_subject_short check (length(subject) <= 300),
  constraint mails_tries_positive check (tries >= 0)
);
create index mails_by_state on mails (state, id);
create index mails_ended on mails (ended_at) where ended_at is not null;
