alter table outbox add column published_at integer;

create index outbox_pending_idx on outbox (time, version, id) where published_at is null;
create index outbox_published_idx on outbox (time, version, id) where published_at is not null;

create table outbox_lease (
  token text primary key not null,
  until integer not null
) strict;

insert into outbox_lease (token, until) values ('nobody', 0);

create table notifications (
  id text primary key not null,
  owner_id text not null constraint notifications_owner_id_fkey references users (id),
  number integer not null,
  post_id text not null,
  comment_id text not null,
  author_id text not null,
  created_at integer not null,
  read_at integer
) strict;

create unique index notifications_owner_id_number_key on notifications (owner_id, number);
create index notifications_owner_id_created_at_idx on notifications (owner_id, created_at, id);
create index notifications_unread_idx on notifications (owner_id, created_at, id) where read_at is null;

create table inbox (
  consumer text not null,
  id text not null,
  subject text not null,
  version integer not null,
  digest text not null,
  handled_at integer not null,
  constraint inbox_pkey primary key (consumer, id)
) strict;

create index inbox_subject_idx on inbox (consumer, subject, version);
create index inbox_handled_at_idx on inbox (handled_at);

create table idempotency_keys (
  user_id text not null,
  key text not null,
  fingerprint text not null,
  token text not null,
  answer text,
  reserved_until integer not null,
  expires_at integer not null,
  constraint idempotency_keys_pkey primary key (user_id, key)
) strict;

create index idempotency_keys_expires_at_idx on idempotency_keys (expires_at);
