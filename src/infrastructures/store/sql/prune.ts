import type { Retention } from '../driver.ts'
import type { Queries } from './database.ts'
import type { Dialect } from './dialect.ts'
import { prepare } from './statement.ts'

/** The number of rows per deletion: each statement is short. */
const BATCH_SIZE = 1_000

/** Removes some expired rows; true while there may be more. */
export function sqlPrune(dialect: Dialect, { execute }: Queries): (retention: Retention) => Promise<boolean> {
  const { now, later, deleteSome } = dialect
  const ago = (milliseconds: string) => later(now, `-${milliseconds}`)
  const statements = [
    prepare<Retention>(dialect, (bind) => {
      const before = ago(bind('publishedMs', 'milliseconds'))
      const isOld = `published_at is not null and time < ${before} and published_at < ${before}`
      return deleteSome('outbox', ['id'], isOld, 'time, version, id', BATCH_SIZE)
    }),
    prepare<Retention>(dialect, (bind) => {
      const isOld = `handled_at < ${ago(bind('handledMs', 'milliseconds'))}`
      return deleteSome('inbox', ['consumer', 'id'], isOld, 'handled_at', BATCH_SIZE)
    }),
    prepare<Retention>(dialect, () =>
      deleteSome('idempotency_keys', ['user_id', '"key"'], `expires_at < ${now}`, 'expires_at', BATCH_SIZE),
    ),
  ]

  return async (retention) => {
    let mayBeMore = false
    for (const statement of statements) {
      if ((await execute(...statement.with(retention))) === BATCH_SIZE) mayBeMore = true
    }
    return mayBeMore
  }
}
