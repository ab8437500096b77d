import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { uuidV7 } from '../../src/infrastructures/identifiers/uuid-v7.ts'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { sqlDriver } from '../../src/infrastructures/store/sql/sql-driver.ts'
import { connectSqlite } from '../../src/infrastructures/store/sqlite/connection.ts'
import { sqliteDialect } from '../../src/infrastructures/store/sqlite/dialect.ts'
import { openSqlite } from '../../src/infrastructures/store/sqlite/open-sqlite.ts'
import { sqliteDatabase } from '../../src/infrastructures/store/sqlite/sqlite-database.ts'
import { agingStatements } from './aging.ts'
import { type Interruption, interruptedDatabase } from './interrupted.ts'
import type { Announcement, Opened } from './opened.ts'

/** An SQLite store in a file of its own. */
export async function openedSqlite(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'forum-sqlite-'))
  const file = join(folder, 'forum.db')
  const opened: StoreDriver[] = []

  async function connect(): Promise<StoreDriver> {
    const driver = await openSqlite({ aggregates: FORUM.aggregates, file, migrates: true })
    opened.push(driver)
    return driver
  }

  async function interrupted(interrupt: Interruption): Promise<StoreDriver> {
    const database = interruptedDatabase(sqliteDatabase(connectSqlite(file, uuidV7)), interrupt)
    const driver = sqlDriver(sqliteDialect, database, FORUM.aggregates)
    opened.push(driver)
    return driver
  }

  async function closeAll(): Promise<void> {
    for (const driver of opened.splice(0)) await driver.close()
  }

  return {
    driver: await connect(),
    outbox: async () => announcementsIn(file),
    age: async (milliseconds) => age(file, milliseconds),
    second: connect,
    interrupted,
    reopen: () => closeAll().then(connect),
    close: () => closeAll().then(() => rm(folder, { recursive: true })),
  }
}

function age(file: string, milliseconds: number): void {
  using database = new DatabaseSync(file)
  for (const statement of agingStatements((column) => `${column} - ${milliseconds}`)) database.exec(statement)
}

function announcementsIn(file: string): readonly Announcement[] {
  using database = new DatabaseSync(file, { readOnly: true })
  const rows = database.prepare('select type, subject, version, time, data from outbox order by rowid').all()
  return rows.map(({ type, subject, version, time, data }) => ({
    type: String(type),
    subject: String(subject),
    version: Number(version),
    time: new Date(Number(time)),
    data: JSON.parse(String(data)),
  }))
}
