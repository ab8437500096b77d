import { connect, type Socket } from 'node:net'
import type { Connection, UpsertResult } from 'mariadb'
import { assertServerVersion } from '../../connection/server-version.ts'
import type { Value } from '../sql/dialect.ts'
import type { DatabaseUrl } from './database-url.ts'

/** A connection on which statements follow each other without waiting for answers (pipelining). */
export type Session = Readonly<{
  /** Rows, or how many were changed. */
  send(text: string, values?: readonly Value[]): Promise<unknown>
  isOpen(): boolean
  close(): Promise<void>
}>

export type SessionOptions = Readonly<{
  /** Whether each statement is a transaction by itself, or `commit` ends one. */
  commitsEach: boolean
  /** How long a statement may take, in milliseconds, and a lock be awaited, in seconds; null for a migration. */
  limits: Readonly<{ statementMs: number; lockS: number }> | null
  onIdleError: (error: Error) => void
}>

/** Read committed, as guards lock what they rely on, and gaps need no locks. Without limits, those of the server hold. */
const settings = ({ commitsEach, limits }: SessionOptions): readonly string[] => [
  'set session transaction isolation level read committed',
  `set autocommit = ${commitsEach ? 1 : 0}, time_zone = '+00:00', foreign_key_checks = 1, unique_checks = 1,
    sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
  ...(limits === null ? [] : [limitsOf(limits)]),
]

/** Each server skips the remarks that are meant for the other one. */
const limitsOf = ({ statementMs, lockS }: NonNullable<SessionOptions['limits']>): string =>
  `set innodb_lock_wait_timeout = ${lockS}, lock_wait_timeout = ${lockS}
    /*M! , max_statement_time = ${statementMs / 1_000} */ /*!80000 , max_execution_time = ${statementMs} */`

/** @throws {ServerSetupError} when the server is too old, and whatever the driver throws */
export async function openSession(url: DatabaseUrl, options: SessionOptions): Promise<Session> {
  const { createConnection } = await import('mariadb')
  const { host, port, user, password, database, tls } = url
  const socket = connect(port, host)
  const connection = await createConnection({
    ...{ user, password, database, host, port, stream: () => socket.setNoDelay(true), initSql: [...settings(options)] },
    ...{ connectTimeout: 1_000, timezone: 'Z', bigIntAsNumber: true, logParam: false },
    ...(tls === false ? { allowPublicKeyRetrieval: true } : { ssl: tls }),
    foundRows: false, // an upsert that changes nothing is to say so
  })
  const [oldest, product] = connection.info?.isMariaDB() ? (['10.6', 'MariaDB'] as const) : (['8.0', 'MySQL'] as const)
  try {
    assertServerVersion(oldest, product, connection.serverVersion())
  } catch (error) {
    connection.destroy()
    throw error
  }
  return sessionOf(connection, options, socket)
}

/** If the server does not reply for longer than a statement may take, the connection and its statements fail. */
function sessionOf(connection: Connection, { limits, onIdleError }: SessionOptions, socket: Socket): Session {
  let inFlight = 0
  socket.on('timeout', () => socket.destroy(new Error('no answer in time')))
  connection.on('error', (error: Error) => {
    if (inFlight === 0) onIdleError(error)
  })

  return {
    async send(text, values) {
      if (inFlight++ === 0 && limits !== null) socket.setTimeout(limits.statementMs * 1.25)
      try {
        return await connection.query<unknown>(text, values)
      } finally {
        if (--inFlight === 0) socket.setTimeout(0)
      }
    },
    isOpen: () => connection.isValid(),
    close: () => (connection.isValid() ? connection.end() : Promise.resolve()),
  }
}

export const changedBy = (answer: unknown): number => (answer as UpsertResult).affectedRows ?? 0
