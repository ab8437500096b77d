import type { Database, Queries, Statement, Value } from '../../src/infrastructures/store/postgres/database.ts'

export type Sent = Readonly<{ statement: Statement; values: readonly Value[] }>

/** A database that remembers what it is asked. */
export function watched(database: Database): Database & { sent: Sent[] } {
  const sent: Sent[] = []
  const watch = ({ query }: Queries): Queries => ({
    query(statement, values) {
      sent.push({ statement, values })
      return query(statement, values)
    },
  })

  return {
    ...database,
    ...watch(database),
    background: watch(database.background),
    patient: watch(database.patient),
    sent,
    commit(commands) {
      sent.push(...commands)
      return database.commit(commands)
    },
  }
}
