-- One file brought in: what it is, how it is read, how far it is, what became of it.
create table imports (
  id text /* +sorted */ not null,              -- the id of its source too
  target text not null,                        -- account, contact …: see registry.Target
  state text not null,
  next text not null default '',               -- what follows the staging: dry, run
  name text not null,                          -- of the file
  hash text not null,                          -- SHA-256 of the file
  size bigint not null,
  guess text not null default '',              -- JSON: what was found out about the file
  dialect text not null default '',            -- JSON: how it is read, as corrected
  mapping text not null default '',            -- JSON: what each column means
  header_key text not null default '',         -- print of the header, by which mappings are found again
  key_field text not null default 'auto',
  overwrite boolean not null default false,
  day text not null default '',                -- when the facts were gathered
  staged bigint not null default 0,            -- rows in import_chunks
  total bigint not null default 0,             -- rows of the file, once all are staged
  done bigint not null default 0,              -- rows with a fate
  created bigint not null default 0,
  updated bigint not null default 0,
  unchanged bigint not null default 0,
  rejected bigint not null default 0,
  probable bigint not null default 0,
  doubts bigint not null default 0,            -- values left out or left as they stood
  also bigint not null default 0,              -- records made on the way
  dry text not null default '',                -- JSON: what the last dry run counted
  undo_after text not null default '',         -- where the undoing stands
  restored bigint not null default 0,
  removed bigint not null default 0,
  kept bigint not null default 0,
  code text not null default '',               -- why it failed
  params text not null default '',
  spent bigint not null default 0,             -- microseconds of the run so far
  job_id text not null default '',
  author_id text not null default '',          -- '' the program itself
  author text not null default '',
  started_at bigint,
  finished_at bigint,
  file_gone boolean not null default false,    -- the file and its rows were deleted after their time
  created_at bigint not null,
  updated_at bigint not null,
  constraint imports_pk primary key (id),
  constraint imports_state check (state in ('sniffed', 'staging', 'staged', 'drying', 'dry', 'running', 'done', 'cancelled', 'failed', 'undoing', 'undone')),
  constraint imports_sizes check (length(name) <= 300 and length(target) <= 60 and length(key_field) <= 60)
);
create index imports_by_author on imports (author_id, id);
create index imports_by_hash on imports (hash, target);
create index imports_by_age on imports (created_at) where file_gone = false;

-- The rows of a file as they were read, some hundreds together: what a run works from, and what rejected rows are written from.
create table import_chunks (
  import_id text not null,
  first bigint not null,                       -- number of its first row; rows count from 1
  rows bigint not null,
  body text not null,                          -- JSON: one entry a row
  constraint import_chunks_pk primary key (import_id, first),
  constraint import_chunks_import foreign key (import_id) references imports (id) on delete cascade
);

-- What became of each row. Of a dry run only the rows that somebody should look at.
create table import_rows (
  import_id text not null,
  dry boolean not null default false,
  n bigint not null,
  line bigint not null,                        -- in the file
  fate text not null,
  record_id text not null default '',
  code text not null default '',               -- why it was rejected
  field text not null default '',
  params text not null default '',
  doubts text not null default '',             -- JSON
  probable boolean not null default false,
  fingerprint text not null default '',        -- of a row that nothing else finds again
  constraint import_rows_pk primary key (import_id, dry, n),
  constraint import_rows_import foreign key (import_id) references imports (id) on delete cascade,
  constraint import_rows_fate check (fate in ('created', 'updated', 'unchanged', 'rejected'))
);
create index import_rows_by_fingerprint on import_rows (fingerprint) where fingerprint <> '';
create index import_rows_rejected on import_rows (import_id, dry, n) where fate = 'rejected';

-- Records that were made on the way, beside the main one of a row.
create table import_also (
  import_id text not null,
  n bigint not null,
  kind text not null,
  record_id text not null,
  constraint import_also_pk primary key (import_id, n, record_id),
  constraint import_also_import foreign key (import_id) references imports (id) on delete cascade
);

-- What an undoing left as it stands, because somebody changed it since.
create table import_kept (
  import_id text not null,
  kind text not null,
  record_id text not null,
  field text not null default '',
  code text not null,
  constraint import_kept_pk primary key (import_id, record_id, field),
  constraint import_kept_import foreign key (import_id) references imports (id) on delete cascade
);

-- What the columns of files with such a header meant last time.
create table import_mappings (
  target text not null,
  header_key text not null,
  mapping text not null,                       -- JSON
  used_at bigint not null,
  used_by text not null default '',
  constraint import_mappings_pk primary key (target, header_key)
);

-- One row, taken by each step: two imports at once write one after the other, so that neither misses what the other makes.
create table import_turn (
  id bigint not null,
  n bigint not null,
  constraint import_turn_pk primary key (id)
);
