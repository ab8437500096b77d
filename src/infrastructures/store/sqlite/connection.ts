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

type Prepared = Readonly<{ statement: StatementSync; fields: readonly string[] }>

/** How long a statement blocks this process while another one writes; then it fails, and its caller retries. */
const BUSY_TIMEOUT_MS = 20
const STATEMENTS = 256
/** The write-ahead log is copied into the file when it has grown to so many pages: fewer syncs, but longer ones. */
const CHECKPOINT_PAGES = 4_000
const OPEN_TIMEOUT_MS = 30_000
const PAUSE = new Int32Array(new SharedArrayBuffer(4))

/**
 * Opens a file durably: write-ahead log, every commit synced to the disk, foreign keys enforced. The copies of pages that undo
 * a statement stay in memory: they are worth nothing after a crash, but from 64 KB on SQLite would write them to a file.
 */
export function connectSqlite(file: string, uuid: () => string): SqliteConnection {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
  enableWal(database)
  database.exec('pragma synchronous = full; pragma foreign_keys = on')
  database.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}; pragma temp_store = memory`)
  database.function('new_uuid', uuid)

  const statements = new LRUCache<string, Prepared>({ max: STATEMENTS })
  function prepared(text: string): Prepared {
    const known = statements.get(text)
    if (known !== undefined) return known
    const made = prepare(database, text)
    statements.set(text, made)
    return made
  }

  return {
    database,
    all(text, values) {
      const { statement, fields } = prepared(text)
      const rows = statement.all(...(values as SqliteValue[])) as unknown as readonly unknown[][]
      return rows.map((row) => objectOf(fields, row))
    },
    run: (text, values) => Number(prepared(text).statement.run(...(values as SqliteValue[])).changes),
  }
}

/** Rows come as arrays: the objects that SQLite's driver makes are dictionaries, which take twice as long to make and to read. */
function prepare(database: DatabaseSync, text: string): Prepared {
  const statement = database.prepare(text)
  statement.setReturnArrays(true)
  return { statement, fields: statement.columns().map(({ name }) => name) }
}

function objectOf(fields: readonly string[], row: readonly unknown[]): Readonly<Record<string, unknown>> {
  const object: Record<string, unknown> = {}
  for (const [index, field] of fields.entries()) object[field] = row[index]
  return object
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
