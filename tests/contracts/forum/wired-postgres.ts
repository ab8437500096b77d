import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Store } from '../../../src/domains/ports/store.ts'
import { FORUM } from '../../../src/infrastructures/store/aggregates/forum.ts'
import type { StoreDriver } from '../../../src/infrastructures/store/driver.ts'
import { openPostgres } from '../../../src/infrastructures/store/postgres/open-postgres.ts'
import { createStore } from '../../kit/forum-store.ts'
import { freshDatabase } from '../../kit/fresh-database.ts'
import { slowWire } from '../../kit/slow-wire.ts'
import { NEWEST_FIRST } from '../../kit/sorts.ts'

export const all = { filter: {}, sort: NEWEST_FIRST, after: null, limit: 20 } as const

/** A forum on PostgreSQL for one suite, behind a wire that counts. */
export function useWiredForum() {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let wire: Awaited<ReturnType<typeof slowWire>>
  let driver: StoreDriver | undefined

  before(async () => {
    database = await freshDatabase()
    wire = await slowWire(new URL(database.url))
    const options = { url: wire.url, poolSize: 3, migrates: true, onIdleError: () => {} }
    driver = await openPostgres({ aggregates: FORUM.aggregates, ...options })
  })
  after(async () => {
    await driver?.close()
    wire.close()
    await database.drop()
  })

  const roundTrips = (task: () => Promise<unknown>): Promise<number> => wire.roundTrips(task)
  return {
    store: (): Store => createStore(driver ?? assert.fail('the database did not open')),

    roundTrips,

    /** The same, once statements are prepared. */
    async warmRoundTrips(task: () => Promise<unknown>): Promise<number> {
      await task()
      return roundTrips(task)
    },
  }
}
