-- Who changed what, when, from what to what. Append only.
create table audit_log (
  id text not null,
  at bigint not null,
  actor_id text not null,
  actor_kind text not null,
  actor_name text not null,
  action text not null,
  object_kind text not null,
  object_id text not null,
  object_name text not null,
  about_id text not null,
  changes text not null,
  request_id text not null,
  constraint audit_log_pk primary key (id),
  constraint audit_log_action_len check (length(action) <= 100),
  constraint audit_log_changes_len check (length(changes) <= 200000)
);
create index audit_log_about on audit_log (about_id, id);
create index audit_log_object on audit_log (object_kind, object_id, id);
create index audit_log_actor on audit_log (actor_id, id);
