-- Work to be done later. A row is claimed for a time (lease_until); attempt grows
-- with every claim and fences off a worker that comes back too late. failures
-- counts towards max_attempts; a claim given back at shutdown does not.
create table jobs (
  id text /* +sorted */ not null,
  queue text not null,
  kind text not null,
  args text not null,
  state text not null,
  priority bigint not null,
  run_at bigint not null,
  attempt bigint not null,
  failures bigint not null,
  max_attempts bigint not null,
  unique_key text,
  lease_until bigint,
  last_error text not null,
  progress_done bigint not null,
  progress_total bigint not null,
  progress_what text not null,
  created_at bigint not null,
  started_at bigint,
  finished_at bigint,
  constraint jobs_pk primary key (id),
  constraint jobs_state_known check (state in ('ready', 'running', 'done', 'dead', 'discarded')),
  constraint jobs_args_length check (length(args) <= 262144),
  constraint jobs_lease_while_running check ((state = 'running') = (lease_until is not null)),
  constraint jobs_finished_when_over check ((state in ('done', 'dead', 'discarded')) = (finished_at is not null))
);
create index jobs_claim_ix on jobs (priority, run_at, id) where state = 'ready';
create index jobs_due_ix on jobs (run_at) where state = 'ready';
create index jobs_lease_ix on jobs (lease_until) where state = 'running';
create index jobs_finished_ix on jobs (finished_at) where finished_at is not null;
create index jobs_state_ix on jobs (state, id);
create unique index jobs_unique_key_uq on jobs (unique_key) where state in ('ready', 'running');

-- When each registered schedule fires next.
create table job_schedules (
  name text /* +sorted */ not null,
  kind text not null,
  spec text not null,
  zone text not null,
  next_at bigint not null,
  last_at bigint,
  constraint job_schedules_pk primary key (name)
);
