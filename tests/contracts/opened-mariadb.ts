import { type Aggregates, uuid } from '../../src/infrastructures/store/aggregate.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { mariadbDialect } from '../../src/infrastructures/store/mariadb/dialect.ts'
import { openDatabase } from '../../src/infrastructures/store/mariadb/open-database.ts'
import { openMariadb } from '../../src/infrastructures/store/mariadb/open-mariadb.ts'
import { sqlDriver } from '../../src/infrastructures/store/sql/sql-driver.ts'
import { rowReader } from '../../src/infrastructures/store/sql/statement.ts'
import { freshMariadb, withMariadb } from '../kit/fresh-mariadb.ts'
import { tableStatements } from '../kit/tables.ts'
import { agingOnMariadb } from './aging.ts'
import { type Interruption, interruptedDatabase } from './interrupted.ts'
import type { EventEnvelope, Opened, OpenStore } from './opened.ts'

/** Opens the store on an empty database of a MariaDB or MySQL. */
export const openingMariadb =
  (server: string | null) =>
  (aggregates: Aggregates): OpenStore =>
  async (): Promise<Opened> => {
    const { url, drop } = await freshMariadb(server)
    const options = { url, poolSize: 6, onIdleError: () => {} }
    const opened: StoreDriver[] = []

    async function connect(): Promise<StoreDriver> {
      const driver = await openMariadb({ ...options, aggregates, migrates: true })
      opened.push(driver)
      return driver
    }

    async function interrupted(interrupt: Interruption): Promise<StoreDriver> {
      const driver = sqlDriver(mariadbDialect, interruptedDatabase(openDatabase(options), interrupt), aggregates)
      opened.push(driver)
      return driver
    }

    async function closeAll(): Promise<void> {
      for (const driver of opened.splice(0)) await driver.close()
    }

    const driver = await connect()
    await execute(url, tableStatements('mariadb', aggregates))

    return {
      driver,
      outbox: () => eventsIn(url),
      age: (milliseconds) => execute(url, agingOnMariadb(milliseconds)),
      second: connect,
      interrupted,
      reopen: () => closeAll().then(connect),
      close: () => closeAll().then(drop),
    }
  }

const execute = (url: string, statements: readonly string[]): Promise<void> =>
  withMariadb(url, async (query) => {
    for (const statement of statements) await query(statement)
  })

const eventsIn = (url: string): Promise<readonly EventEnvelope[]> =>
  withMariadb(url, async (query) => {
    const rows = await query('select type, subject, version, time, schema_version as "schemaVersion", data from outbox')
    const eventOf = rowReader<EventEnvelope & { data: string }>({ subject: uuid }, mariadbDialect)
    return rows.map(eventOf).map(({ data, ...rest }) => ({ ...rest, data: JSON.parse(data) }))
  })
