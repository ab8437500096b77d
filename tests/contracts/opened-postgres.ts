import { Client } from 'pg'
import type { Aggregates } from '../../src/infrastructures/store/aggregate.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { postgresDialect } from '../../src/infrastructures/store/postgres/dialect.ts'
import { openDatabase, type PostgresOptions } from '../../src/infrastructures/store/postgres/open-database.ts'
import { openPostgres } from '../../src/infrastructures/store/postgres/open-postgres.ts'
import { sqlDriver } from '../../src/infrastructures/store/sql/sql-driver.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { tableStatements } from '../kit/tables.ts'
import { agingOnPostgres } from './aging.ts'
import { type Interruption, interruptedDatabase } from './interrupted.ts'
import type { EventEnvelope, Opened, OpenStore } from './opened.ts'

type Database = Readonly<{
  /** How the driver reaches it, and how those do who look behind it. */
  url: string
  directUrl: string
  drop: () => Promise<void>
}>

const fresh = async (): Promise<Database> => {
  const database = await freshDatabase()
  return { ...database, directUrl: database.url }
}

/** Opens the PostgreSQL store on an empty database. */
export const openingPostgres =
  (aggregates: Aggregates, database: () => Promise<Database> = fresh): OpenStore =>
  async (): Promise<Opened> => {
    const { url, directUrl, drop } = await database()
    const opened: StoreDriver[] = []

    async function connect(): Promise<StoreDriver> {
      const driver = await openPostgres({
        aggregates,
        url,
        poolSize: 6,
        migrates: true,
        onIdleError: () => {},
      })
      opened.push(driver)
      return driver
    }

    async function interrupted(interrupt: Interruption): Promise<StoreDriver> {
      const database = openDatabase({ url, poolSize: 6, onIdleError: () => {} })
      const driver = sqlDriver(postgresDialect, interruptedDatabase(database, interrupt), aggregates)
      opened.push(driver)
      return driver
    }

    async function closeAll(): Promise<void> {
      for (const driver of opened.splice(0)) await driver.close()
    }

    const driver = await connect()
    await makeTables(url, aggregates)

    return {
      driver,
      outbox: () => eventsIn(directUrl),
      age: (milliseconds) => age(directUrl, milliseconds),
      second: connect,
      interrupted,
      reopen: () => closeAll().then(connect),
      close: () => closeAll().then(drop),
    }
  }

/** Opens a store of the library, whose tables no migration makes. */
export async function openLibrary(options: PostgresOptions): Promise<StoreDriver> {
  const { aggregates } = LIBRARY
  const driver = await openPostgres({ ...options, aggregates, migrates: true })
  await makeTables(options.url, aggregates)
  return driver
}

/** In one message: behind a pooler each may reach another session. A role may look for tables where there are none. */
const makeTables = (url: string, aggregates: Aggregates): Promise<void> =>
  connected(url, async (client) => {
    const settings = 'set local search_path = public; set local statement_timeout = 0'
    await client.query(['begin', settings, ...tableStatements('postgres', aggregates), 'commit'].join('; '))
  })

const age = (url: string, milliseconds: number): Promise<void> =>
  connected(url, async (client) => {
    for (const statement of agingOnPostgres(milliseconds)) await client.query(statement)
  })

/** Under the names of the domain. */
export const OUTBOX_EVENTS = 'select type, subject, version, time, schema_version as "schemaVersion", data from outbox'

const eventsIn = (url: string): Promise<readonly EventEnvelope[]> =>
  connected(url, async (client) => {
    const { rows } = await client.query<EventEnvelope>(OUTBOX_EVENTS)
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
