/** How long a statement, a lock and the client of an open transaction are waited for, in milliseconds. */
export type Limits = Readonly<{
  statement_timeout: number
  lock_timeout: number
  idle_in_transaction_session_timeout: number
}>

/** What this code stands on, whatever the role or the database was given by default. */
const NEEDED = {
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  DateStyle: 'ISO',
  TimeZone: 'UTC',
}

/** The schema is for the operator to choose; where the choice names none that exists, it is `public`. */
export const SEARCH_PATH = `case when current_schema() is null then 'public' else current_setting('search_path') end`

/** Sets all, for the session, or where `isLocal` is true until the end of the transaction. */
const settings = (limits: Limits, isLocal: string): string =>
  [
    ...Object.entries({ ...limits, ...NEEDED }).map(([name, value]) => [name, `'${value}'`]),
    ['search_path', SEARCH_PATH],
  ]
    .map(([name, value]) => `set_config('${name}', ${value}, ${isLocal})`)
    .join(', ')

/**
 * The first statement on a connection. Its parameter is the process that the other side claimed to be at its greeting: a
 * pooler claims to be one, and answers by another. Then the session belongs to others as well, and nothing is set for it.
 */
export const sessionProbe = (limits: Limits): string => `
  select process <> $1::integer as "isPooled", current_setting('transaction_read_only') = 'on' as "isReadOnly",
    current_setting('server_version_num')::integer as version, current_setting('server_encoding') as encoding,
    ${settings(limits, 'process <> $1::integer')}
  from (select pg_backend_pid() as process) as server`

/** How a transaction begins whose session belongs to others as well: it says for itself what it needs. */
export const pooledBegin = (limits: Limits): string =>
  `begin isolation level read committed not deferrable; select ${settings(limits, 'true')}`
