-- Attached files: one row a file as somebody knows it. The content lies on disk under its SHA-256; several rows may share it.
create table files (
  id text /* +sorted */ not null,
  hash text not null,
  -- The small picture of an image; empty for anything else.
  thumb_hash text not null,
  name text not null,
  media_type text not null,
  size bigint not null,
  -- The record that the file belongs to, such as team.person.
  owner_kind text not null,
  owner_id text not null,
  created_by text not null,
  created_at bigint not null,
  constraint files_pk primary key (id),
  constraint files_hash_whole check (length(hash) = 64),
  constraint files_thumb_whole check (length(thumb_hash) in (0, 64)),
  constraint files_name_short check (length(name) between 1 and 200),
  constraint files_size_positive check (size > 0)
);
create index files_by_owner on files (owner_kind, owner_id, id);
create index files_by_hash on files (hash);
create index files_by_thumb on files (thumb_hash) where thumb_hash <> '';
