-- What was told to one person: the inbox.
create table notices (
  id text /* +sorted */ not null,
  user_id text not null,
  key text not null,
  kind text not null,              -- message key of the sentence
  params text not null,            -- JSON object of its parameters
  url text not null,
  urgency text not null,
  voice text not null,
  created_at bigint not null,
  read_at bigint,
  told_at bigint,                  -- when a mail or the daily digest said it
  constraint notices_pk primary key (id),
  constraint notices_key_once unique (user_id, key),
  constraint notices_user foreign key (user_id) references users (id) on delete cascade,
  constraint notices_urgency_known check (urgency in ('digest', 'direct', 'urgent')),
  constraint notices_voice_known check (voice in ('', 'marketing', 'sales', 'joint')),
  constraint notices_sizes check (length(url) <= 500 and length(params) <= 4000 and length(kind) <= 200 and length(key) <= 200)
);
create index notices_by_user on notices (user_id, id);
create index notices_unread on notices (user_id, id) where read_at is null;
create index notices_untold on notices (user_id, id) where read_at is null and told_at is null;

-- How one person wants to be told; without a row, the defaults.
create table notify_preferences (
  user_id text not null,
  digest boolean not null,
  digest_hour bigint not null,     -- of the person's day
  direct_mail boolean not null,
  quiet boolean not null,
  quiet_from bigint not null,      -- minutes of the person's day
  quiet_to bigint not null,
  updated_at bigint not null,
  constraint notify_preferences_pk primary key (user_id),
  constraint notify_preferences_user foreign key (user_id) references users (id) on delete cascade,
  constraint notify_preferences_ranges check (digest_hour between 0 and 23 and quiet_from between 0 and 1439
    and quiet_to between 0 and 1439)
);

-- One digest a person and day: the row is the promise.
create table notify_digests (
  user_id text not null,
  day text not null,               -- of the person's calendar
  notices bigint not null,
  created_at bigint not null,
  constraint notify_digests_pk primary key (user_id, day),
  constraint notify_digests_user foreign key (user_id) references users (id) on delete cascade
);
