import type { Aggregates } from '../../src/infrastructures/store/aggregate.ts'
import { postgresDialect } from '../../src/infrastructures/store/postgres/dialect.ts'
import { sqlDriver } from '../../src/infrastructures/store/sql/sql-driver.ts'
import { openPglite, pgliteDatabase } from '../kit/pglite.ts'
import { tableStatements } from '../kit/tables.ts'
import { agingOnPostgres } from './aging.ts'
import { interruptedDatabase } from './interrupted.ts'
import type { EventEnvelope, OpenStore } from './opened.ts'
import { OUTBOX_EVENTS } from './opened-postgres.ts'

/** Opens the PostgreSQL store within this process. */
export const openingPglite =
  (aggregates: Aggregates): OpenStore =>
  async () => {
    const pglite = await openPglite()
    for (const statement of tableStatements('postgres', aggregates)) await pglite.query(statement)
    const database = pgliteDatabase(pglite)
    const driver = sqlDriver(postgresDialect, database, aggregates)

    return {
      driver,
      outbox: async () => (await pglite.query<EventEnvelope>(OUTBOX_EVENTS)).rows,
      async age(milliseconds) {
        for (const statement of agingOnPostgres(milliseconds)) await pglite.query(statement)
      },
      interrupted: async (interrupt) =>
        sqlDriver(postgresDialect, interruptedDatabase(database, interrupt), aggregates),
      close: () => driver.close(),
    }
  }
