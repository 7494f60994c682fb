-- Other programs that are called when a fact happens.
create table webhook_endpoints (
  id text /* +sorted */ not null,
  name text not null,
  url text not null,
  secret text not null,
  active boolean not null,
  owner_id text not null,
  failing_since bigint,
  stopped_at bigint,
  version bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  constraint webhook_endpoints_pk primary key (id),
  constraint webhook_endpoints_lengths check (length(name) <= 100 and length(url) <= 2048)
);

create table webhook_subscriptions (
  endpoint_id text not null,
  event text /* +sorted */ not null,
  constraint webhook_subscriptions_pk primary key (event, endpoint_id),
  constraint webhook_subscriptions_endpoint_fk foreign key (endpoint_id) references webhook_endpoints (id) on delete cascade
);
create index webhook_subscriptions_endpoint_ix on webhook_subscriptions (endpoint_id);

-- One call, or the attempt at it. The body is kept as it was signed.
create table webhook_deliveries (
  id text /* +sorted */ not null,
  endpoint_id text not null,
  event text not null,
  body text not null,
  state text not null,
  reason text not null,
  tries bigint not null,
  status bigint not null,
  took_ms bigint not null,
  excerpt text not null,
  replay_of text,
  created_at bigint not null,
  tried_at bigint,
  constraint webhook_deliveries_pk primary key (id),
  constraint webhook_deliveries_endpoint_fk foreign key (endpoint_id) references webhook_endpoints (id) on delete cascade,
  constraint webhook_deliveries_state_known check (state in ('waiting', 'sent', 'failed', 'withheld')),
  constraint webhook_deliveries_lengths check (length(body) <= 262144 and length(excerpt) <= 2048 and length(reason) <= 500)
);
create index webhook_deliveries_endpoint_ix on webhook_deliveries (endpoint_id, id);
create index webhook_deliveries_created_ix on webhook_deliveries (created_at);
