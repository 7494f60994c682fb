-- The company. One row, whose id is always 'company'.
create table organisation (
  id text not null,
  name text not null,
  language text not null,                      -- of what is written before anybody chose
  country text not null,
  time_zone text not null,
  holidays text not null,                      -- set of platform/clock; '' has none
  hours text not null,                         -- opening hours of the week: "1=09:00-12:30,13:30-17:30;2=…"
  reading text not null,                       -- how wide sales and marketing read customers
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  updated_by text not null default '',
  constraint organisation_pk primary key (id),
  constraint organisation_one check (id = 'company'),
  constraint organisation_reading check (reading in ('units', 'regions', 'own')),
  constraint organisation_language check (language in ('en', 'fr', 'fr-CA')),
  constraint organisation_sizes check (length(name) <= 120 and length(hours) <= 2000)
);

create table units (
  id text not null,
  name text not null,
  name_key text /* +sorted */ not null,
  sort_key text /* +sorted */ not null,
  head_id text,
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  updated_by text not null default '',
  constraint units_pk primary key (id),
  constraint units_name_once unique (name_key),
  constraint units_head foreign key (head_id) references users (id) on delete set null,
  constraint units_sizes check (length(name) <= 120)
);

create table regions (
  id text not null,
  name text not null,
  name_key text /* +sorted */ not null,
  sort_key text /* +sorted */ not null,
  country text not null default '',
  time_zone text not null default '',          -- '' is the organisation's
  holidays text not null default '',           -- '' is the organisation's, 'none' has none
  hours text not null default '',              -- '' is the organisation's
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  updated_by text not null default '',
  constraint regions_pk primary key (id),
  constraint regions_name_once unique (name_key),
  constraint regions_sizes check (length(name) <= 120 and length(hours) <= 2000)
);

create table departments (
  id text not null,
  name text not null,
  name_key text /* +sorted */ not null,
  sort_key text /* +sorted */ not null,
  kind text not null,
  orientation text not null default '',        -- groups of marketing: tactical or strategic
  parent_id text,
  unit_id text,
  head_id text,
  hours text not null default '',              -- '' is the region's, then the organisation's
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  updated_by text not null default '',
  constraint departments_pk primary key (id),
  constraint departments_parent foreign key (parent_id) references departments (id),
  constraint departments_unit foreign key (unit_id) references units (id),
  constraint departments_head foreign key (head_id) references users (id) on delete set null,
  constraint departments_kind check (kind in ('sales', 'marketing', 'product', 'management', 'support')),
  constraint departments_orientation check (orientation = '' or (kind = 'marketing' and orientation in ('tactical', 'strategic'))),
  constraint departments_sizes check (length(name) <= 120 and length(hours) <= 2000)
);
create unique index departments_name_once on departments (name_key, coalesce(unit_id, ''));

-- What somebody is and does in the company: one row for each row of users.
create table people (
  user_id text not null,
  department_id text,
  unit_id text,                                -- null: works for all of them, and reads them all
  region_id text,
  manager_id text,
  title text not null default '',
  phone text not null default '',
  city text not null default '',
  city_key text /* +sorted */ not null default '',
  country text not null default '',
  channel text not null default '',            -- how he prefers to be reached
  about text not null default '',
  hours text not null default '',              -- '' is the team's
  confirmed_at bigint not null,                -- when somebody last said that all this is right
  reminded_at bigint,                          -- when he was last asked whether it still is
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  updated_by text not null default '',
  constraint people_pk primary key (user_id),
  constraint people_user foreign key (user_id) references users (id) on delete cascade,
  constraint people_department foreign key (department_id) references departments (id),
  constraint people_unit foreign key (unit_id) references units (id),
  constraint people_region foreign key (region_id) references regions (id),
  constraint people_manager foreign key (manager_id) references users (id) on delete set null,
  constraint people_channel check (channel in ('', 'email', 'phone', 'message', 'video', 'in_person')),
  constraint people_sizes check (length(title) <= 120 and length(phone) <= 40 and length(city) <= 100
    and length(about) <= 2000 and length(hours) <= 2000)
);
create index people_by_department on people (department_id, user_id);
create index people_by_region on people (region_id, user_id);
create index people_by_unit on people (unit_id, user_id);
create index people_by_city on people (city_key, user_id);
create index people_by_confirmed on people (confirmed_at, user_id);

-- The words by which somebody is found, folded: name, title, city, labels.
create table people_terms (
  term text /* +sorted */ not null,
  user_id text not null,
  constraint people_terms_pk primary key (term, user_id),
  constraint people_terms_person foreign key (user_id) references people (user_id) on delete cascade
);
create index people_terms_by_person on people_terms (user_id, term);

-- Languages, skills, products and segments that somebody speaks, has or covers.
create table labels (
  id text not null,
  kind text not null,
  name text not null,
  name_key text /* +sorted */ not null,
  sort_key text /* +sorted */ not null,
  created_at bigint not null,
  constraint labels_pk primary key (id),
  constraint labels_name_once unique (kind, name_key),
  constraint labels_kind check (kind in ('language', 'skill', 'product', 'segment')),
  constraint labels_sizes check (length(name) <= 80)
);

create table person_labels (
  user_id text not null,
  label_id text not null,
  constraint person_labels_pk primary key (user_id, label_id),
  constraint person_labels_person foreign key (user_id) references people (user_id) on delete cascade,
  constraint person_labels_label foreign key (label_id) references labels (id) on delete cascade
);
create index person_labels_by_label on person_labels (label_id, user_id);

-- Each saved change of a profile: what a conflict and an undo are told from.
create table profile_edits (
  user_id text not null,
  version bigint not null,                     -- of the profile after the change
  by_id text not null,
  by_name text not null,
  at bigint not null,
  changes text not null,                       -- JSON: field, from, to
  constraint profile_edits_pk primary key (user_id, version),
  constraint profile_edits_person foreign key (user_id) references people (user_id) on delete cascade
);
create index profile_edits_by_age on profile_edits (at);

create table absences (
  id text not null,
  user_id text not null,
  from_day text not null,                      -- YYYY-MM-DD, both days included
  to_day text not null,
  deputy_id text,
  note text not null default '',               -- for colleagues; never a reason
  created_at bigint not null,
  created_by text not null,
  cancelled_at bigint,
  constraint absences_pk primary key (id),
  constraint absences_person foreign key (user_id) references people (user_id) on delete cascade,
  constraint absences_deputy foreign key (deputy_id) references people (user_id) on delete set null,
  constraint absences_days check (from_day <= to_day and length(from_day) = 10 and length(to_day) = 10),
  constraint absences_sizes check (length(note) <= 300)
);
create index absences_by_person on absences (user_id, to_day);
create index absences_by_deputy on absences (deputy_id, to_day);
create index absences_open on absences (to_day, user_id) where cancelled_at is null;

-- The catalogue of the guide: whom to involve, when, and why.
create table situations (
  id text not null,
  code text not null,                          -- of one that comes with the program; '' of our own
  name_en text not null,
  name_fr text not null,
  moment_en text not null,                     -- when it arises
  moment_fr text not null,
  reason_en text not null,                     -- may hold {product} {segment} {region} {tier}
  reason_fr text not null,
  rule text not null,                          -- JSON of team.Rule
  place bigint not null,
  active boolean not null default true,
  edited boolean not null default false,       -- changed here: a newer program leaves it alone
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  updated_by text not null default '',
  constraint situations_pk primary key (id),
  constraint situations_sizes check (length(name_en) <= 120 and length(name_fr) <= 120 and length(moment_en) <= 300
    and length(moment_fr) <= 300 and length(reason_en) <= 300 and length(reason_fr) <= 300 and length(rule) <= 4000)
);
create unique index situations_code_once on situations (code) where code <> '';

-- Cross-functional teams and committees.
create table teams (
  id text not null,
  name text not null,
  name_key text /* +sorted */ not null,
  sort_key text /* +sorted */ not null,
  mandate text not null,
  lead_id text,
  ends_on text not null,                       -- YYYY-MM-DD; '' stands until it is ended
  ended_at bigint,                             -- when it was ended before its day
  reminded_at bigint,                          -- when its lead was told that it ends soon
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  updated_by text not null default '',
  constraint teams_pk primary key (id),
  constraint teams_name_once unique (name_key),
  constraint teams_lead foreign key (lead_id) references people (user_id) on delete set null,
  constraint teams_sizes check (length(name) <= 120 and length(mandate) <= 1000)
);
create index teams_by_name on teams (sort_key, id);

create table team_members (
  team_id text not null,
  user_id text not null,
  part text not null default '',               -- what he brings, in his team's words
  constraint team_members_pk primary key (team_id, user_id),
  constraint team_members_team foreign key (team_id) references teams (id) on delete cascade,
  constraint team_members_person foreign key (user_id) references people (user_id) on delete cascade,
  constraint team_members_sizes check (length(part) <= 120)
);
create index team_members_by_person on team_members (user_id, team_id);
