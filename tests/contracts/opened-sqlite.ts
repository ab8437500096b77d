import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { uuidV7 } from '../../src/infrastructures/identifiers/uuid-v7.ts'
import type { Aggregates } from '../../src/infrastructures/store/aggregate.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { sqlDriver } from '../../src/infrastructures/store/sql/sql-driver.ts'
import { connectSqlite } from '../../src/infrastructures/store/sqlite/connection.ts'
import { sqliteDialect } from '../../src/infrastructures/store/sqlite/dialect.ts'
import { openSqlite } from '../../src/infrastructures/store/sqlite/open-sqlite.ts'
import { sqliteDatabase } from '../../src/infrastructures/store/sqlite/sqlite-database.ts'
import { tableStatements } from '../kit/tables.ts'
import { agingStatements } from './aging.ts'
import { type Interruption, interruptedDatabase } from './interrupted.ts'
import type { EventEnvelope, OpenStore } from './opened.ts'

/** Opens an SQLite store in a file of its own. */
export const openingSqlite =
  (aggregates: Aggregates): OpenStore =>
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'forum-sqlite-'))
    const file = join(folder, 'forum.db')
    const opened: StoreDriver[] = []

    async function connect(): Promise<StoreDriver> {
      const driver = await openSqlite({ aggregates, file, migrates: true })
      opened.push(driver)
      return driver
    }

    async function interrupted(interrupt: Interruption): Promise<StoreDriver> {
      const database = interruptedDatabase(sqliteDatabase(connectSqlite(file, uuidV7)), interrupt)
      const driver = sqlDriver(sqliteDialect, database, aggregates)
      opened.push(driver)
      return driver
    }

    async function closeAll(): Promise<void> {
      for (const driver of opened.splice(0)) await driver.close()
    }

    const driver = await connect()
    makeTables(file, aggregates)

    return {
      driver,
      outbox: async () => eventsIn(file),
      age: async (milliseconds) => age(file, milliseconds),
      second: connect,
      interrupted,
      reopen: () => closeAll().then(connect),
      close: () => closeAll().then(() => rm(folder, { recursive: true })),
    }
  }

function makeTables(file: string, aggregates: Aggregates): void {
  using database = new DatabaseSync(file)
  for (const statement of tableStatements('sqlite', aggregates)) database.exec(statement)
}

function age(file: string, milliseconds: number): void {
  using database = new DatabaseSync(file)
  for (const statement of agingStatements((column) => `${column} - ${milliseconds}`)) database.exec(statement)
}

function eventsIn(file: string): readonly EventEnvelope[] {
  using database = new DatabaseSync(file, { readOnly: true })
  const rows = database.prepare('select * from outbox order by rowid').all()
  return rows.map(({ type, subject, version, time, schema_version, data }) => ({
    type: String(type),
    subject: String(subject),
    version: Number(version),
    time: new Date(Number(time)),
    schemaVersion: String(schema_version),
    data: JSON.parse(String(data)),
  }))
}
