import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { LRUCache } from 'lru-cache'
import type { Value } from '../sql/dialect.ts'
import { TransientConflict } from '../store-errors.ts'
import { translateSqliteError } from './errors.ts'

type SqliteValue = Exclude<Value, boolean | readonly Uint8Array[]>

/** One connection that keeps its prepared statements. Every call is synchronous and blocks this process. */
export type SqliteConnection = Readonly<{
  all(text: string, values: readonly Value[]): readonly unknown[]
  /** How many rows the statement changed. */
  run(text: string, values: readonly Value[]): number
  database: DatabaseSync
}>

/** How long a statement blocks this process while another one writes; then it fails, and its caller retries. */
const BUSY_TIMEOUT_MS = 20
const STATEMENTS = 256
/** The write-ahead log is copied into the file when it has grown to so many pages: fewer syncs, but longer ones. */
const CHECKPOINT_PAGES = 4_000
const OPEN_TIMEOUT_MS = 30_000
const PAUSE = new Int32Array(new SharedArrayBuffer(4))

/** Opens a file durably: write-ahead log, every commit synced to the disk, foreign keys enforced. */
export function connectSqlite(file: string, uuid: () => string): SqliteConnection {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
  enableWal(database)
  database.exec('pragma synchronous = full; pragma foreign_keys = on')
  database.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  database.function('new_uuid', uuid)

  const statements = new LRUCache<string, StatementSync>({ max: STATEMENTS })
  function prepared(text: string): StatementSync {
    const known = statements.get(text)
    if (known !== undefined) return known
    const statement = database.prepare(text)
    statements.set(text, statement)
    return statement
  }

  return {
    database,
    all: (text, values) => prepared(text).all(...(values as SqliteValue[])),
    run: (text, values) => Number(prepared(text).run(...(values as SqliteValue[])).changes),
  }
}

/** If several processes open a new file at once, SQLite refuses all but one, without waiting. */
function enableWal(database: DatabaseSync): void {
  const end = performance.now() + OPEN_TIMEOUT_MS
  for (;;) {
    try {
      database.exec('pragma journal_mode = wal')
      return
    } catch (error) {
      if (!(translateSqliteError(error) instanceof TransientConflict) || performance.now() > end) throw error
      Atomics.wait(PAUSE, 0, 0, 5 + Math.random() * 20)
    }
  }
}
