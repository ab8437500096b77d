import { Client } from 'pg'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { openDatabase } from '../../src/infrastructures/store/postgres/open-database.ts'
import { openPostgres } from '../../src/infrastructures/store/postgres/open-postgres.ts'
import { postgresDriver } from '../../src/infrastructures/store/postgres/postgres-driver.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { agingOnPostgres } from './aging.ts'
import { type Interruption, interruptedDatabase } from './interrupted.ts'
import type { Announcement, Opened } from './opened.ts'
import { describeStore } from './store.contract.ts'

async function open(): Promise<Opened> {
  const { url, drop } = await freshDatabase()
  const opened: StoreDriver[] = []

  async function connect(): Promise<StoreDriver> {
    const driver = await openPostgres({ url, poolSize: 6, migrates: true, onIdleError: () => {} })
    opened.push(driver)
    return driver
  }

  async function interrupted(interrupt: Interruption): Promise<StoreDriver> {
    const database = openDatabase({ url, poolSize: 6, onIdleError: () => {} })
    const driver = postgresDriver(interruptedDatabase(database, interrupt))
    opened.push(driver)
    return driver
  }

  async function closeAll(): Promise<void> {
    for (const driver of opened.splice(0)) await driver.close()
  }

  return {
    driver: await connect(),
    outbox: () => announcementsIn(url),
    age: (milliseconds) => age(url, milliseconds),
    second: connect,
    interrupted,
    reopen: () => closeAll().then(connect),
    close: () => closeAll().then(drop),
  }
}

const age = (url: string, milliseconds: number): Promise<void> =>
  connected(url, async (client) => {
    for (const statement of agingOnPostgres(milliseconds)) await client.query(statement)
  })

const announcementsIn = (url: string): Promise<readonly Announcement[]> =>
  connected(url, async (client) => {
    const { rows } = await client.query<Announcement>('select type, subject, version, time, data from outbox')
    return rows
  })

async function connected<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

describeStore('the PostgreSQL store', open, { isShared: true, isDurable: true, skip: skipWithout('postgres') })
