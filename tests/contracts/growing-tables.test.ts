import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { Client } from 'pg'
import { skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { adding } from '../kit/library/changes.ts'
import { aBook, aLoan, aMember } from '../kit/library/samples.ts'
import { createStore } from '../kit/library/store.ts'
import { openLibrary } from './opened-postgres.ts'

/** PostgreSQL plans a prepared statement anew for so many executions, and then may keep one plan. */
const PLANNED = 6
const TABLES = ['members', 'loans', 'inbox', 'outbox']

describe('a session of PostgreSQL that was opened while the tables were empty', {
  skip: skipWithout('postgres'),
}, () => {
  it('finds by an index what a commit and the relay need', async () => {
    const { url, drop } = await freshDatabase()
    await using _ = { [Symbol.asyncDispose]: drop }
    const driver = await openLibrary({ url, poolSize: 3, onIdleError: () => {} })
    const client = new Client({ connectionString: url })
    await client.connect()
    for (const table of TABLES) await client.query(`vacuum (analyze) ${table}`)
    const owner = aMember()
    await driver.commit([adding.member(owner)])

    for (let relayed = 0; relayed <= PLANNED; relayed++) {
      await driver.commit([adding.book(aBook({ ownerId: owner.id }))])
      const claim = (await driver.outbox.claim(500, 10_000)) ?? assert.fail()
      await driver.outbox.confirm(claim)
    }
    for (let handled = 0; handled <= PLANNED; handled++) {
      await createStore(driver).transact(async ({ inbox, loans }) => {
        const id = randomUUID()
        await inbox.markProcessed({ consumer: 'tests', id, subject: id, version: 1, digest: '' })
        await loans.add(aLoan({ ownerId: owner.id }))
      })
    }

    await driver.close() // a session reports what it has read at the latest when it ends
    const scans = `select relname from pg_stat_user_tables where relname = any($1) and seq_tup_read > 0 order by relname`
    const { rows } = await client.query(scans, [TABLES])
    await client.end()
    assert.deepEqual(rows, [])
  })
})
