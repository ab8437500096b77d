import type { Queries, SqlDatabase } from '../../src/infrastructures/store/sql/database.ts'
import type { Value } from '../../src/infrastructures/store/sql/dialect.ts'

export type Sent = Readonly<{ text: string; values: readonly Value[] }>

/** A database that remembers what it is asked. */
export function watched(database: SqlDatabase): SqlDatabase & { sent: Sent[] } {
  const sent: Sent[] = []
  const watch = ({ query, execute }: Queries): Queries => ({
    query(text, values) {
      sent.push({ text, values })
      return query(text, values)
    },
    execute(text, values) {
      sent.push({ text, values })
      return execute(text, values)
    },
  })

  return {
    ...database,
    ...watch(database),
    background: watch(database.background),
    blocking: watch(database.blocking),
    sent,
    commit(commands) {
      sent.push(...commands)
      return database.commit(commands)
    },
  }
}
