import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { postgresDialect } from '../../src/infrastructures/store/postgres/dialect.ts'
import { sqlDriver } from '../../src/infrastructures/store/sql/sql-driver.ts'
import { skipWithout } from '../kit/engines.ts'
import { openPglite, pgliteDatabase } from '../kit/pglite.ts'
import { agingOnPostgres } from './aging.ts'
import { type Interruption, interruptedDatabase } from './interrupted.ts'
import type { Announcement } from './opened.ts'
import { describeStore } from './store.contract.ts'

async function open() {
  const pglite = await openPglite()
  const database = pgliteDatabase(pglite)
  const driver = sqlDriver(postgresDialect, database, FORUM.aggregates)
  return {
    driver,
    outbox: async () =>
      (await pglite.query<Announcement>('select type, subject, version, time, data from outbox')).rows,
    async age(milliseconds: number) {
      for (const statement of agingOnPostgres(milliseconds)) await pglite.query(statement)
    },
    interrupted: async (interrupt: Interruption) =>
      sqlDriver(postgresDialect, interruptedDatabase(database, interrupt), FORUM.aggregates),
    close: () => driver.close(),
  }
}

const features = { isShared: false, isDurable: false }
describeStore('the PostgreSQL store on PGlite', open, { ...features, skip: skipWithout('pglite') })
