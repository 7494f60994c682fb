-- Where records come from: one row an import, a form, a bought list, a program; the hand of a person has none.
create table sources (
  id text /* +sorted */ not null,
  kind text not null,                          -- import, form, list, program, demo
  name text not null,                          -- as people call it: the file's name, the form's title
  day text not null default '',                -- when the facts were gathered, YYYY-MM-DD; '' unknown
  country text not null default '',
  confidence text not null default '',         -- high, medium, low; '' unknown
  basis text not null default '',              -- legal basis claimed for the whole source
  supplier text not null default '',           -- of a bought list
  cost_cents bigint,
  currency text not null default '',
  created_at bigint not null,
  created_by text not null default '',
  constraint sources_pk primary key (id),
  constraint sources_kind check (kind in ('import', 'form', 'list', 'program', 'demo')),
  constraint sources_confidence check (confidence in ('', 'high', 'medium', 'low')),
  constraint sources_sizes check (length(name) <= 200 and length(supplier) <= 200)
);
create index sources_by_day on sources (day, id);

-- A company or one of its sites. The row is a record: it holds what one source says. master_id is its own id until it is merged;
-- the row of the master is what pages, lists and search show.
create table accounts (
  id text /* +sorted */ not null,
  master_id text not null,
  live boolean not null default true,          -- a master, neither restricted nor erased: what lists show
  kind text not null default 'company',        -- company, site
  name text not null default '',
  name_key text /* +sorted */ not null,        -- folded name, or id and city where there is none: sorts and matches
  legal_name text not null default '',
  trade_names text not null default '',        -- one a line
  external_id text not null default '',
  external_key text /* +sorted */ not null default '',
  parent_id text,
  relations text not null default '',          -- customer, prospect, supplier, manufacturer, referrer, partner: words with blanks
  referrer_id text not null default '',        -- the account or contact that sent it
  tier text not null default '',
  sector text not null default '',             -- in words
  sector_key text /* +sorted */ not null default '',
  activity text not null default '',           -- code of the trade register, such as NAF
  employees bigint,
  revenue_cents bigint,
  currency text not null default '',
  siren text not null default '',
  siret text not null default '',
  vat text not null default '',
  registration text not null default '',       -- number in another register
  domain text /* +sorted */ not null default '',
  website text not null default '',
  language text not null default '',
  street text not null default '',
  postcode text not null default '',
  city text not null default '',
  city_key text /* +sorted */ not null default '',
  province text not null default '',
  country text not null default '',
  unit_id text not null default '',            -- '' belongs to the whole company
  region_id text not null default '',
  sales_id text not null default '',           -- owner in sales
  marketing_id text not null default '',       -- owner in marketing
  promises text not null default '',           -- of a supplier: what it committed to
  last_touch_at bigint not null default 0,     -- 0: never
  source_id text not null default '',
  locked text not null default '',             -- fields that no import may change: names with blanks
  restricted_at bigint,
  erased_at bigint,
  version bigint not null default 1,
  created_at bigint not null,
  created_by text not null default '',
  updated_at bigint not null,
  updated_by text not null default '',
  constraint accounts_pk primary key (id),
  constraint accounts_parent foreign key (parent_id) references accounts (id) on delete set null,
  constraint accounts_named check (name <> '' or external_id <> '' or erased_at is not null),
  constraint accounts_kind check (kind in ('company', 'site')),
  constraint accounts_sizes check (length(name) <= 200 and length(legal_name) <= 200 and length(trade_names) <= 1000
    and length(external_id) <= 200 and length(sector) <= 120 and length(activity) <= 20 and length(siren) <= 9 and length(siret) <= 14
    and length(vat) <= 20 and length(registration) <= 60 and length(domain) <= 253 and length(website) <= 500 and length(street) <= 300
    and length(postcode) <= 20 and length(city) <= 120 and length(province) <= 120 and length(promises) <= 2000)
);
create index accounts_by_master on accounts (master_id);
create index accounts_by_name on accounts (name_key, id);
create index accounts_by_touch on accounts (last_touch_at, id);
create index accounts_by_created on accounts (created_at, id);
create index accounts_by_sales on accounts (sales_id, name_key, id);
create index accounts_by_marketing on accounts (marketing_id, name_key, id);
create index accounts_by_region on accounts (region_id, name_key, id);
create index accounts_by_sector on accounts (sector_key, name_key, id);
create index accounts_by_tier on accounts (tier, name_key, id);
create index accounts_by_city on accounts (city_key, name_key, id);
create index accounts_by_parent on accounts (parent_id) where parent_id is not null;
create index accounts_by_source on accounts (source_id, id);
create index accounts_by_external on accounts (external_key) where external_key <> '';
create index accounts_by_siren on accounts (siren) where siren <> '';
create index accounts_by_siret on accounts (siret) where siret <> '';
create index accounts_by_vat on accounts (vat) where vat <> '';
create index accounts_by_domain on accounts (domain) where domain <> '';

-- A person at a customer, as one source knows him.
create table contacts (
  id text /* +sorted */ not null,
  master_id text not null,
  live boolean not null default true,
  salutation text not null default '',
  given text not null default '',
  family text not null default '',
  name_key text /* +sorted */ not null,        -- folded "family given", or the address where there is no name
  external_id text not null default '',
  external_key text /* +sorted */ not null default '',
  account_id text,                             -- where he mainly works
  title text not null default '',              -- what stands on his card
  job text not null default '',                -- function: purchasing, production … the profession of L-03
  seniority text not null default '',
  language text not null default '',
  regime text not null default '',             -- professional or consumer; '' not classified, treated as a consumer (L-04)
  regime_why text not null default '',
  email text not null default '',              -- the first of his points, so that lists need no join
  phone text not null default '',
  street text not null default '',
  postcode text not null default '',
  city text not null default '',
  city_key text /* +sorted */ not null default '',
  province text not null default '',
  country text not null default '',
  unit_id text not null default '',
  region_id text not null default '',
  sales_id text not null default '',
  marketing_id text not null default '',
  basis text not null default '',              -- lawful basis: consent, similar, interest, contract
  informed_on text not null default '',        -- day on which he was told who keeps this and why (L-05)
  refuses text not null default '',            -- channels he refused: email phone sms post profiling tracking
  evidence_at bigint not null default 0,       -- last contact from him (L-13)
  evidence text not null default '',           -- its kind
  last_touch_at bigint not null default 0,
  source_id text not null default '',
  locked text not null default '',
  restricted_at bigint,
  erased_at bigint,
  version bigint not null default 1,
  created_at bigint not null,
  created_by text not null default '',
  updated_at bigint not null,
  updated_by text not null default '',
  constraint contacts_pk primary key (id),
  constraint contacts_account foreign key (account_id) references accounts (id) on delete set null,
  constraint contacts_regime check (regime in ('', 'professional', 'consumer')),
  constraint contacts_basis check (basis in ('', 'consent', 'similar', 'interest', 'contract')),
  constraint contacts_sizes check (length(given) <= 100 and length(family) <= 100 and length(title) <= 160 and length(job) <= 80
    and length(external_id) <= 200 and length(email) <= 254 and length(phone) <= 40 and length(street) <= 300 and length(postcode) <= 20
    and length(city) <= 120 and length(province) <= 120 and length(regime_why) <= 300)
);
create index contacts_by_master on contacts (master_id);
create index contacts_by_name on contacts (name_key, id);
create index contacts_by_touch on contacts (last_touch_at, id);
create index contacts_by_created on contacts (created_at, id);
create index contacts_by_account on contacts (account_id, name_key, id);
create index contacts_by_sales on contacts (sales_id, name_key, id);
create index contacts_by_marketing on contacts (marketing_id, name_key, id);
create index contacts_by_region on contacts (region_id, name_key, id);
create index contacts_by_language on contacts (language, name_key, id);
create index contacts_by_source on contacts (source_id, id);
create index contacts_by_external on contacts (external_key) where external_key <> '';

-- How somebody is reached: e-mail addresses, telephone numbers, pages; and by which other numbers he is known. Of an account or a contact.
create table points (
  record_id text not null,
  kind text not null,                          -- email, phone, url, external
  value text /* +sorted */ not null,           -- as compared: lower-case address, E.164 number
  typed text not null default '',              -- as somebody wrote it; '' the same as value
  label text not null default '',              -- work, home, mobile, fax, switchboard; the system of an external number
  place bigint not null,                       -- 0 is the main one of its kind
  state text not null default '',              -- '' good as far as is known, invalid, bounced
  constraint points_pk primary key (record_id, kind, value),
  constraint points_kind check (kind in ('email', 'phone', 'url', 'external')),
  constraint points_sizes check (length(value) <= 500 and length(typed) <= 500 and length(label) <= 40)
);
create index points_by_value on points (kind, value, record_id);

-- Further employers of a contact, past ones too.
create table positions (
  contact_id text not null,
  account_id text not null,
  title text not null default '',
  job text not null default '',
  from_day text not null default '',
  to_day text not null default '',
  created_at bigint not null,
  constraint positions_pk primary key (contact_id, account_id),
  constraint positions_contact foreign key (contact_id) references contacts (id) on delete cascade,
  constraint positions_account foreign key (account_id) references accounts (id) on delete cascade,
  constraint positions_sizes check (length(title) <= 160 and length(job) <= 80)
);
create index positions_by_account on positions (account_id, contact_id);

-- Further addresses of an account or a contact: for invoices, deliveries, a second home.
create table addresses (
  id text not null,
  record_id text not null,
  label text not null default '',
  street text not null default '',
  postcode text not null default '',
  city text not null default '',
  province text not null default '',
  country text not null default '',
  constraint addresses_pk primary key (id),
  constraint addresses_sizes check (length(label) <= 40 and length(street) <= 300 and length(postcode) <= 20 and length(city) <= 120 and length(province) <= 120)
);
create index addresses_by_record on addresses (record_id, id);

create table tags (
  id text not null,
  name text not null,
  name_key text /* +sorted */ not null,
  created_at bigint not null,
  created_by text not null default '',
  constraint tags_pk primary key (id),
  constraint tags_name_once unique (name_key),
  constraint tags_sizes check (length(name) <= 60)
);

create table record_tags (
  record_id text /* +sorted */ not null,
  tag_id text not null,
  constraint record_tags_pk primary key (record_id, tag_id),
  constraint record_tags_tag foreign key (tag_id) references tags (id) on delete cascade
);
create index record_tags_by_tag on record_tags (tag_id, record_id);

-- What a customer needs, in his words: the first thing a page shows.
create table needs (
  id text not null,
  record_id text not null,
  body text not null,
  state text not null default 'open',          -- open, met, dropped
  author_id text not null,
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  constraint needs_pk primary key (id),
  constraint needs_state check (state in ('open', 'met', 'dropped')),
  constraint needs_sizes check (length(body) between 1 and 1000)
);
create index needs_by_record on needs (record_id, state, id);

-- Fields of an organisation's own.
create table custom_fields (
  id text not null,
  record text not null,                        -- account, contact
  code text not null,                          -- its name in files and in the API: x_budget
  name_en text not null,
  name_fr text not null,
  type text not null,
  choices text not null default '',            -- one a line
  reader text not null default '',             -- who reads it: a role
  why_en text not null default '',
  why_fr text not null default '',
  place bigint not null default 0,
  used_at bigint not null default 0,           -- when somebody last filtered, listed or exported it
  archived_at bigint,
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  updated_by text not null default '',
  constraint custom_fields_pk primary key (id),
  constraint custom_fields_code_once unique (record, code),
  constraint custom_fields_record check (record in ('account', 'contact')),
  constraint custom_fields_type check (type in ('text', 'number', 'money', 'date', 'choice', 'choices', 'person', 'account', 'url')),
  constraint custom_fields_sizes check (length(code) <= 40 and length(name_en) <= 80 and length(name_fr) <= 80 and length(choices) <= 8000
    and length(why_en) <= 300 and length(why_fr) <= 300)
);

create table custom_values (
  record_id text not null,
  field_id text not null,
  n bigint not null default 0,                 -- counts the choices of a multiple one
  value text not null,                         -- canonical: 1234.5, 2026-11-24, an id
  value_key text /* +sorted */ not null,       -- folded, at most 100 letters
  number double precision,                     -- of a number or an amount
  constraint custom_values_pk primary key (record_id, field_id, n),
  constraint custom_values_field foreign key (field_id) references custom_fields (id) on delete cascade,
  constraint custom_values_sizes check (length(value) <= 4000)
);
create index custom_values_by_value on custom_values (field_id, value_key, record_id);
create index custom_values_by_number on custom_values (field_id, number, record_id);

-- Each saved change of a record after it was made: what history, conflict, undo and the provenance of a single value are told from.
create table record_edits (
  record_id text not null,
  version bigint not null,                     -- of the record after the change
  by_id text not null,
  by_name text not null,
  source_id text not null default '',          -- the import that did it; '' a person
  at bigint not null,
  changes text not null,
  constraint record_edits_pk primary key (record_id, version)
);
create index record_edits_by_source on record_edits (source_id, record_id) where source_id <> '';

-- What somebody agreed to or refused, when, where and in which words: append only.
create table consents (
  contact_id text not null,
  id text not null,
  at bigint not null,
  channel text not null,
  purpose text not null,
  act text not null,                           -- given, withdrawn, refused, informed
  wording text not null default '',            -- version of the text shown
  language text not null default '',
  source text not null default '',             -- form, mail, call, import …
  proof text not null default '',
  by_id text not null default '',
  by_name text not null default '',
  constraint consents_pk primary key (contact_id, id),
  constraint consents_channel check (channel in ('email', 'phone', 'sms', 'post', 'profiling', 'tracking', 'all')),
  constraint consents_act check (act in ('given', 'withdrawn', 'refused', 'informed')),
  constraint consents_sizes check (length(purpose) <= 80 and length(wording) <= 80 and length(source) <= 200 and length(proof) <= 2000)
);

-- Who must stay forgotten or unreached, known only by a keyed hash of an address, a number or an external id.
create table suppressions (
  hash text not null,
  kind text not null,                          -- erased, refused
  channel text not null default '',
  at bigint not null,
  constraint suppressions_pk primary key (hash, kind, channel),
  constraint suppressions_kind check (kind in ('erased', 'refused'))
);

-- Lists that somebody keeps under a name.
create table views (
  id text not null,
  record text not null,                        -- account, contact
  name text not null,
  name_key text /* +sorted */ not null,
  owner_id text not null,
  audience text not null default 'mine',       -- mine, team, everybody
  department_id text not null default '',      -- of audience team
  roles text not null default '',              -- it is the first view of these roles: words with blanks
  filter text not null default '',             -- as in the address of the list
  columns text not null default '',            -- field names with blanks
  sort text not null default '',
  pinned boolean not null default false,
  removed_at bigint,                           -- taken away; its owner may bring it back
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  constraint views_pk primary key (id),
  constraint views_record check (record in ('account', 'contact')),
  constraint views_audience check (audience in ('mine', 'team', 'everybody')),
  constraint views_sizes check (length(name) <= 80 and length(filter) <= 8000 and length(columns) <= 2000 and length(sort) <= 80)
);
create index views_by_owner on views (owner_id, record, name_key);
create index views_by_audience on views (audience, record, name_key);
