alter table outbox add column schema_version text default '1.0' not null;

-- What everyone may know of users: events that are published again say no more than new ones.
update outbox
set data = json_remove(data, '$.fullName', '$.email'), schema_version = '2.0'
where type in ('user.registered', 'user.changed', 'user.removed');
