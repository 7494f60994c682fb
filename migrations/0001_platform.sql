-- Facts about this installation: one row a fact.
create table settings (
  key text not null,
  value text not null,
  updated_at bigint not null,
  constraint settings_pk primary key (key)
);
