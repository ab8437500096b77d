create table users (
  id uuid primary key,
  username text not null,
  full_name text,
  email text,
  is_active boolean not null,
  version integer not null constraint users_version_check check (version > 0),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  removed_at timestamptz(3)
);

create table posts (
  id uuid primary key,
  owner_id uuid not null constraint posts_owner_id_fkey references users (id),
  text text not null,
  version integer not null constraint posts_version_check check (version > 0),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);

create index posts_created_at_idx on posts (created_at, id);
create index posts_updated_at_idx on posts (updated_at, id);
create index posts_owner_id_created_at_idx on posts (owner_id, created_at, id);
create index posts_owner_id_updated_at_idx on posts (owner_id, updated_at, id);

create table comments (
  id uuid primary key,
  post_id uuid not null constraint comments_post_id_fkey references posts (id),
  owner_id uuid not null constraint comments_owner_id_fkey references users (id),
  text text not null,
  version integer not null constraint comments_version_check check (version > 0),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);

create index comments_created_at_idx on comments (created_at, id);
create index comments_updated_at_idx on comments (updated_at, id);
create index comments_owner_id_created_at_idx on comments (owner_id, created_at, id);
create index comments_owner_id_updated_at_idx on comments (owner_id, updated_at, id);
create index comments_post_id_created_at_idx on comments (post_id, created_at, id);
create index comments_post_id_updated_at_idx on comments (post_id, updated_at, id);

create table outbox (
  id uuid primary key default gen_random_uuid(),
  type text not null,
  subject uuid not null,
  version integer not null constraint outbox_version_check check (version > 0),
  time timestamptz(3) not null,
  data json not null
);
