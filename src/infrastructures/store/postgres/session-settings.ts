/** Time-outs of a statement, a lock and an idle transaction, in milliseconds, and what a plan must not do. */
export type Limits = Readonly<{
  statement_timeout: number
  lock_timeout: number
  idle_in_transaction_session_timeout: number
  enable_seqscan?: 'off'
  jit?: 'off'
}>

/** The settings that this code needs, whatever the defaults of the role and the database. */
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
 * The first statement on a connection. Its parameter is the process id of the greeting: a pooler answers with that of
 * another process. Then other clients share the session, and nothing is set for it.
 */
export const sessionProbe = (limits: Limits): string => `
  select process <> $1::integer as "isPooled", current_setting('transaction_read_only') = 'on' as "isReadOnly",
    current_setting('server_version_num')::integer as version, current_setting('server_encoding') as encoding,
    ${settings(limits, 'process <> $1::integer')}
  from (select pg_backend_pid() as process) as server`

/** The begin of a transaction behind a pooler: it sets what it needs. */
export const pooledBegin = (limits: Limits): string =>
  `begin isolation level read committed not deferrable; select ${settings(limits, 'true')}`
