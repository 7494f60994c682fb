-- People who may sign in. What they do in the company (department, hours,
-- skills) is in the capability team, table people.
create table users (
  id text not null,
  email text not null,
  email_key text /* +sorted */ not null,       -- lower case; what is compared
  given_name text not null,
  family_name text not null,
  name_key text /* +sorted */ not null,        -- db.Fold of "given family"; searched
  sort_key text /* +sorted */ not null,        -- db.SortKey of "family given"; sorted
  status text not null,
  expires_at bigint,                           -- guests: from then on they are nobody
  language text not null,
  time_zone text not null,
  theme text not null default '',              -- '' follows the machine
  keys_off boolean not null default false,     -- single-key shortcuts switched off
  password_hash text not null default '',      -- argon2id, PHC form; '' has none
  password_at bigint,                          -- when it was set last
  rights bigint not null default 1,            -- grows with each change of roles or status
  seen_at bigint,                              -- last sign-in
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  constraint users_pk primary key (id),
  constraint users_email_once unique (email_key),
  constraint users_status check (status in ('invited', 'active', 'disabled')),
  constraint users_language check (language in ('en', 'fr', 'fr-CA')),
  constraint users_theme check (theme in ('', 'light', 'dark')),
  constraint users_sizes check (length(email) <= 254 and length(given_name) <= 100 and length(family_name) <= 100
    and length(time_zone) <= 60)
);
create index users_by_name on users (sort_key, id);
create index users_by_name_key on users (name_key, id);

create table user_roles (
  user_id text not null,
  role text not null,
  constraint user_roles_pk primary key (user_id, role),
  constraint user_roles_user foreign key (user_id) references users (id) on delete cascade,
  constraint user_roles_size check (length(role) <= 40)
);
create index user_roles_by_role on user_roles (role, user_id);

-- Open browsers. The id is a hash of the token in the cookie.
create table sessions (
  id text not null,
  user_id text,                                -- null while the second factor is awaited
  data text not null,
  stay boolean not null default false,
  rights bigint not null default 0,            -- users.rights when the token was made
  ip text not null default '',
  user_agent text not null default '',
  created_at bigint not null,
  seen_at bigint not null,
  idle_until bigint not null,
  expires_at bigint not null,
  constraint sessions_pk primary key (id),
  constraint sessions_user foreign key (user_id) references users (id) on delete cascade
);
create index sessions_by_user on sessions (user_id, seen_at);
create index sessions_by_idle on sessions (idle_until);

-- Second factor: one authenticator app a person.
create table user_factors (
  user_id text not null,
  secret text not null,                        -- sealed with the key file
  confirmed_at bigint,                         -- null until the first right code
  last_step bigint not null default 0,         -- newest time step used: a code works once
  created_at bigint not null,
  constraint user_factors_pk primary key (user_id),
  constraint user_factors_user foreign key (user_id) references users (id) on delete cascade
);

create table recovery_codes (
  user_id text not null,
  code_hash text not null,
  used_at bigint,
  constraint recovery_codes_pk primary key (user_id, code_hash),
  constraint recovery_codes_user foreign key (user_id) references users (id) on delete cascade
);

-- Links sent by mail: password reset and invitation. Each works once.
create table mail_links (
  id text not null,
  user_id text not null,
  purpose text not null,
  token_hash text not null,
  expires_at bigint not null,
  used_at bigint,                              -- used, or made void by a newer one
  created_at bigint not null,
  constraint mail_links_pk primary key (id),
  constraint mail_links_token_once unique (token_hash),
  constraint mail_links_user foreign key (user_id) references users (id) on delete cascade,
  constraint mail_links_purpose check (purpose in ('reset', 'invitation'))
);
create index mail_links_by_user on mail_links (user_id, purpose, created_at);

-- Browsers from which somebody has signed in before: they are throttled apart,
-- so that a stranger's guesses never lock their owner out.
create table known_devices (
  id text not null,                            -- hash of the device cookie
  user_id text not null,
  user_agent text not null default '',
  created_at bigint not null,
  seen_at bigint not null,
  constraint known_devices_pk primary key (id, user_id),
  constraint known_devices_user foreign key (user_id) references users (id) on delete cascade
);
create index known_devices_by_user on known_devices (user_id, seen_at);

-- Recent failures by account, address and device, so that limits survive a restart.
create table throttles (
  id text not null,                            -- keyed hash of what is limited
  recent text not null,                        -- instants of the last tries that counted
  updated_at bigint not null,
  constraint throttles_pk primary key (id)
);
create index throttles_by_age on throttles (updated_at);

create table api_tokens (
  id text not null,
  user_id text not null,
  name text not null,
  hint text not null,                          -- the first characters, to recognise it by
  token_hash text not null,
  scopes text not null,                        -- names separated by one space
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint,
  revoked_at bigint,
  constraint api_tokens_pk primary key (id),
  constraint api_tokens_token_once unique (token_hash),
  constraint api_tokens_user foreign key (user_id) references users (id) on delete cascade,
  constraint api_tokens_sizes check (length(name) <= 100 and length(scopes) <= 200)
);
create index api_tokens_by_user on api_tokens (user_id, created_at);

-- Who signed in, failed to, changed a right or a secret. Append only.
create table security_log (
  id text not null,
  at bigint not null,
  kind text not null,
  user_id text,                                -- whom it concerns; null: nobody known
  actor_id text,                               -- who did it, when somebody else
  ip text not null default '',
  user_agent text not null default '',
  detail text not null default '',
  constraint security_log_pk primary key (id)
);
create index security_log_by_user on security_log (user_id, id);
create index security_log_by_kind on security_log (kind, id);
