-- What can be found: one row a thing, written by the owner of the thing through platform/search.
create table search_docs (
  kind text not null,
  id text /* +sorted */ not null,
  -- A number made of kind and id: what the full-text index of SQLite knows the row by.
  num bigint not null,
  title text not null,
  title_key text /* +sorted */ not null,
  body text not null,
  keys text not null,
  -- Title, body and keys as the analyser of platform/search writes them: marked words of ASCII letters and digits.
  terms text not null,
  -- Who may find it.
  customer boolean not null,
  unit_id text not null,
  region_id text not null,
  owner_id text not null,
  second_owner_id text not null,
  reader_id text not null,
  constraint search_docs_pk primary key (kind, id),
  constraint search_docs_num_once unique (num),
  constraint search_docs_sizes check (length(title) <= 300 and length(body) <= 20000)
);
create index search_docs_by_title on search_docs (title_key);

-- +sqlite
create virtual table search_fts using fts5 (terms, content = 'search_docs', content_rowid = 'num', tokenize = 'ascii', prefix = '3 4 5', detail = column);
create trigger search_docs_inserted after insert on search_docs begin
  insert into search_fts (rowid, terms) values (new.num, new.terms);
end;
create trigger search_docs_deleted after delete on search_docs begin
  insert into search_fts (search_fts, rowid, terms) values ('delete', old.num, old.terms);
end;
create trigger search_docs_updated after update of num, terms on search_docs begin
  insert into search_fts (search_fts, rowid, terms) values ('delete', old.num, old.terms);
  insert into search_fts (rowid, terms) values (new.num, new.terms);
end;
-- +end
-- +postgres
create index search_docs_by_terms on search_docs using gin ((terms::tsvector));
-- +end
