alter table outbox add column schema_version text not null default '1.0';

-- What everyone may know of users: events that are published again say no more than new ones.
update outbox
set data = (data::jsonb - 'fullName' - 'email')::json, schema_version = '2.0'
where type in ('user.registered', 'user.changed', 'user.removed');
