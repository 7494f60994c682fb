-- What happened with a customer: append only. contact_id is first in the primary and in every unique key, so that the table can be
-- spread by contact.
create table touches (
  contact_id text not null,                    -- '' concerns the account only
  id text /* +sorted */ not null,
  account_id text not null default '',         -- where the contact worked then, or the account itself
  at bigint not null,                          -- when it happened
  kind text not null,
  channel text not null default '',
  direction text not null default '',          -- in, out; '' neither
  voice text not null default '',              -- customer, marketing, sales, both: whose mark it bears; '' another department
  by_id text not null default '',              -- who did it on our side
  by_name text not null default '',
  subject text not null default '',
  body text not null default '',
  about_kind text not null default '',         -- record that it is about: opportunity, campaign …
  about_id text not null default '',
  href text not null default '',               -- page of that record
  follow_on text not null default '',          -- day on which by_id wants to take it up again
  source_id text not null default '',
  external_id text not null default '',        -- its number in the system it came from
  once text not null default '',               -- hash of who sent it and of the key under which he did
  private boolean not null default false,      -- only by_id reads it
  machine boolean not null default false,      -- a robot or an automatic answer: never counts
  corrects text not null default '',           -- id of the touch that this one puts right
  withdrawn boolean not null default false,    -- it takes the corrected one back without a new one
  created_at bigint not null,
  created_by text not null default '',
  constraint touches_pk primary key (contact_id, id),
  constraint touches_whose check (contact_id <> '' or account_id <> ''),
  constraint touches_kind check (kind in ('call', 'visit', 'meeting', 'mail', 'message', 'note', 'form', 'web', 'event', 'document', 'order', 'quote', 'survey', 'post', 'exchange')),
  constraint touches_direction check (direction in ('', 'in', 'out')),
  constraint touches_voice check (voice in ('', 'customer', 'marketing', 'sales', 'both')),
  constraint touches_private check (private = false or by_id <> ''),
  constraint touches_sizes check (length(subject) <= 300 and length(body) <= 20000 and length(channel) <= 60 and length(by_name) <= 200
    and length(about_kind) <= 60 and length(href) <= 500 and length(external_id) <= 200 and length(once) <= 80)
);
create unique index touches_once on touches (contact_id, once) where once <> '';
create unique index touches_corrected on touches (contact_id, corrects) where corrects <> '';
create index touches_of_contact on touches (contact_id, at, id);
create index touches_of_account on touches (account_id, at, id) where account_id <> '';
create index touches_of_source on touches (source_id, external_id) where source_id <> '';
create index touches_by_id on touches (id);
create index touches_by_once on touches (once) where once <> '';
create index touches_of_author on touches (by_id, id) where by_id <> '';
create index touches_to_follow on touches (by_id, follow_on) where follow_on <> '';
