import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoreChoice } from '../../../src/infrastructures/store/open-store.ts'
import { skipWithout } from '../../kit/engines.ts'
import { freshDatabase } from '../../kit/fresh-database.ts'
import { freshMongodb, type MongodbDatabase, mongodbDatabase } from '../../kit/fresh-mongodb.ts'
import { mongodbRows, postgresRows, type Rows, sqliteRows } from './rows.ts'

/** An empty database of its own, which processes may share, and the sight of what it keeps. */
export type SharedStore = Readonly<{
  url: string
  choice: StoreChoice
  rows: () => Promise<Rows>
  [Symbol.asyncDispose]: () => Promise<void>
}>

export type StoreKind = Readonly<{ name: string; skip: string | false; open: () => Promise<SharedStore> }>

async function openSqliteFile(): Promise<SharedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'forum-chaos-'))
  const file = join(folder, 'forum.db')
  return {
    url: `sqlite:${file}`,
    choice: { kind: 'sqlite', file },
    rows: async () => sqliteRows(file),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  }
}

async function openPostgresDatabase(): Promise<SharedStore> {
  const { url, drop } = await freshDatabase()
  return { ...postgresAt(url), [Symbol.asyncDispose]: drop }
}

/** A database on a server that the test started itself. */
export const postgresAt = (url: string): SharedStore => ({
  url,
  choice: { kind: 'postgres', url },
  rows: () => postgresRows(url),
  [Symbol.asyncDispose]: async () => {},
})

/** A database on a server that the test started itself. */
export const mongodbAt = (url: string): SharedStore => mongodbIn(mongodbDatabase(url))

const mongodbIn = (database: MongodbDatabase): SharedStore => ({
  url: database.url,
  choice: { kind: 'mongodb', url: database.url },
  rows: () => database.with(mongodbRows),
  [Symbol.asyncDispose]: database.drop,
})

export const SQLITE: StoreKind = { name: 'SQLite', skip: skipWithout('sqlite'), open: openSqliteFile }
export const POSTGRES: StoreKind = { name: 'PostgreSQL', skip: skipWithout('postgres'), open: openPostgresDatabase }
const MONGODB: StoreKind = {
  name: 'MongoDB',
  skip: skipWithout('mongodb'),
  open: async () => mongodbIn(freshMongodb()),
}

/** The stores that outlive a process and are shared by several. */
export const SHARED_STORES: readonly StoreKind[] = [SQLITE, POSTGRES, MONGODB]
