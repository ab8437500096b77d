import type { Value } from '../sql/dialect.ts'
import type { SqliteConnection } from './connection.ts'
import { translateSqliteError } from './errors.ts'

type Rows = readonly unknown[]
type Waiting = Readonly<{
  text: string
  values: readonly Value[]
  resolve: (rows: Rows) => void
  reject: (error: unknown) => void
}>

/** How long a group reads before it yields to the event loop. */
const READ_BUDGET_MS = 2

/**
 * Executes all reads of one turn of the event loop in one transaction: a read by key costs 1 µs, and its own lock and snapshot
 * would cost 2 more. No read uses a snapshot that is older than its call.
 */
export function createGroupRead({ all, run, database }: SqliteConnection) {
  let waiting: Waiting[] = []

  function flush(): void {
    const group = waiting
    waiting = []
    try {
      run('begin', [])
      readUntil(performance.now() + READ_BUDGET_MS, group)
      if (database.isTransaction) run('commit', [])
    } catch (cause) {
      if (database.isOpen && database.isTransaction) run('rollback', [])
      const error = translateSqliteError(cause)
      for (const { reject } of group.splice(0)) reject(error)
    }
    for (const left of group) wait(left)
  }

  /** Removes from the group the reads that it has executed. */
  function readUntil(deadline: number, group: Waiting[]): void {
    do {
      const { text, values, resolve, reject } = group.shift() as Waiting
      try {
        resolve(all(text, values))
      } catch (error) {
        reject(translateSqliteError(error))
      }
    } while (group.length > 0 && performance.now() < deadline)
  }

  function wait(read: Waiting): void {
    if (waiting.length === 0) setImmediate(flush)
    waiting.push(read)
  }

  /** The rows, at the end of this turn. @throws why they cannot be read, translated */
  return (text: string, values: readonly Value[]): Promise<Rows> =>
    new Promise((resolve, reject) => wait({ text, values, resolve, reject }))
}
