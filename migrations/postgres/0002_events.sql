alter table outbox add column published_at timestamptz(3);

create index outbox_pending_idx on outbox (time, version, id) where published_at is null;
create index outbox_published_idx on outbox (time, version, id) where published_at is not null;

-- What was published leaves the index of what is pending only when the table is vacuumed: not after a fifth of it changed.
alter table outbox set (autovacuum_vacuum_scale_factor = 0.05);

create table outbox_lease (
  token uuid primary key,
  until timestamptz(3) not null
);

insert into outbox_lease (token, until) values (gen_random_uuid(), now());

create table notifications (
  id uuid primary key,
  owner_id uuid not null constraint notifications_owner_id_fkey references users (id),
  number integer not null,
  post_id uuid not null,
  comment_id uuid not null,
  author_id uuid not null,
  created_at timestamptz(3) not null,
  read_at timestamptz(3)
);

create unique index notifications_owner_id_number_key on notifications (owner_id, number);
create index notifications_owner_id_created_at_idx on notifications (owner_id, created_at, id);
create index notifications_unread_idx on notifications (owner_id, created_at, id) where read_at is null;

create table inbox (
  consumer text not null,
  id text not null,
  subject text not null,
  version integer not null,
  digest text not null,
  handled_at timestamptz(3) not null,
  constraint inbox_pkey primary key (consumer, id)
);

create index inbox_subject_idx on inbox (consumer, subject, version);
create index inbox_handled_at_idx on inbox (handled_at);

create table idempotency_keys (
  user_id uuid not null,
  key text not null,
  fingerprint text not null,
  token uuid not null,
  answer text,
  reserved_until timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  constraint idempotency_keys_pkey primary key (user_id, key)
);

create index idempotency_keys_expires_at_idx on idempotency_keys (expires_at);
