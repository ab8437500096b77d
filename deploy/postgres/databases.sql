-- For psql: roles and databases of the servers beside the service, on the server of the service. Each can enter its own alone.
-- May be repeated; a new password takes effect.
\set ON_ERROR_STOP on
\getenv keycloak_password KEYCLOAK_DATABASE_PASSWORD
\getenv openfga_password OPENFGA_DATABASE_PASSWORD

select format('create role %I login', name) from unnest(array['keycloak', 'openfga']) as name
  where not exists (select from pg_roles where rolname = name) \gexec
alter role keycloak password :'keycloak_password';
alter role openfga password :'openfga_password';

select format('create database %1$I owner %1$I', name) from unnest(array['keycloak', 'openfga']) as name
  where not exists (select from pg_database where datname = name) \gexec
revoke connect on database :"DBNAME", keycloak, openfga from public;
