import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { Client } from 'pg'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { openPostgres } from '../../src/infrastructures/store/postgres/open-postgres.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { adding } from '../kit/library/changes.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { aLoan, aMember } from '../kit/library/samples.ts'
import { createStore } from '../kit/library/store.ts'
import { openLibrary } from './opened-postgres.ts'

const ROUNDS = 20

describe('processes that handle messages of the same owners in groups', { skip: skipWithout('postgres') }, () => {
  it('never deadlock, in whatever order the messages come', async () => {
    const { url, drop } = await freshDatabase()
    await using _ = { [Symbol.asyncDispose]: drop }
    const options = { url, poolSize: 4, onIdleError: () => {} }
    const one = await openLibrary(options)
    const other = await openPostgres({ ...options, aggregates: LIBRARY.aggregates, migrates: false })
    const owners = Array.from({ length: 16 }, () => aMember())
    for (const owner of owners) await one.commit([adding.member(owner)])

    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all([lendTo(one, owners), lendTo(other, owners.toReversed())])
    }

    const loans = await Promise.all(owners.map(({ id }) => createStore(one).loans.count({ ownerId: id })))
    assert.ok(loans.every((count) => count === 2 * ROUNDS))
    await Promise.all([one.close(), other.close()]) // a session reports its deadlocks at the latest when it ends
    assert.equal(await deadlocksIn(url), 0)
  })
})

/** Handles a message for each of them at once. */
async function lendTo(driver: StoreDriver, owners: readonly ReturnType<typeof aMember>[]): Promise<void> {
  const { transact } = createStore(driver)
  await Promise.all(
    owners.map((owner) =>
      transact(async ({ inbox, loans }) => {
        const id = randomUUID()
        await inbox.markProcessed({ consumer: 'tests', id, subject: id, version: 1, digest: '' })
        await loans.add(aLoan({ ownerId: owner.id }))
      }),
    ),
  )
}

async function deadlocksIn(connectionString: string): Promise<number> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query(
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    )
    return rows[0].deadlocks
  } finally {
    await client.end()
  }
}
