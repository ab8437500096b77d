import { postgresUrl, skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { startPgBouncer } from '../kit/pgbouncer.ts'
import { openingPostgres } from './opened-postgres.ts'
import { describeStore } from './store.contract.ts'

/** Few connections, so that those who share them meet each other. */
const POOL_SIZE = 4

for (const mode of ['transaction', 'session'] as const) {
  const database = async () => {
    const { url, drop } = await freshDatabase()
    const pooler = await startPgBouncer({
      server: new URL(postgresUrl ?? ''),
      mode,
      poolSize: mode === 'session' ? 40 : POOL_SIZE,
    })
    const close = async () => {
      await pooler[Symbol.asyncDispose]()
      await drop()
    }
    return { url: pooler.through(url), directUrl: url, drop: close }
  }

  describeStore(
    `the PostgreSQL store behind PgBouncer in ${mode} mode`,
    openingPostgres(LIBRARY.aggregates, database),
    {
      isShared: true,
      isDurable: true,
      skip: skipWithout('postgres') || skipWithout('pgbouncer'),
    },
  )
}
