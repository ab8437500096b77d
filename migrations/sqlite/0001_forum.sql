create table users (
  id text primary key not null,
  username text not null,
  full_name text,
  email text,
  is_active integer not null constraint users_is_active_check check (is_active in (0, 1)),
  version integer not null constraint users_version_check check (version > 0),
  created_at integer not null,
  updated_at integer not null,
  removed_at integer
) strict;

create table posts (
  id text primary key not null,
  owner_id text not null constraint posts_owner_id_fkey references users (id),
  text text not null,
  version integer not null constraint posts_version_check check (version > 0),
  created_at integer not null,
  updated_at integer not null
) strict;

create index posts_created_at_idx on posts (created_at, id);
create index posts_updated_at_idx on posts (updated_at, id);
create index posts_owner_id_created_at_idx on posts (owner_id, created_at, id);
create index posts_owner_id_updated_at_idx on posts (owner_id, updated_at, id);

create table comments (
  id text primary key not null,
  post_id text not null constraint comments_post_id_fkey references posts (id),
  owner_id text not null constraint comments_owner_id_fkey references users (id),
  text text not null,
  version integer not null constraint comments_version_check check (version > 0),
  created_at integer not null,
  updated_at integer not null
) strict;

create index comments_created_at_idx on comments (created_at, id);
create index comments_updated_at_idx on comments (updated_at, id);
create index comments_owner_id_created_at_idx on comments (owner_id, created_at, id);
create index comments_owner_id_updated_at_idx on comments (owner_id, updated_at, id);
create index comments_post_id_created_at_idx on comments (post_id, created_at, id);
create index comments_post_id_updated_at_idx on comments (post_id, updated_at, id);

create table outbox (
  id text primary key not null,
  type text not null,
  subject text not null,
  version integer not null constraint outbox_version_check check (version > 0),
  time integer not null,
  data text not null
) strict;
