import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoreChoice } from '../../../src/infrastructures/store/open-store.ts'
import { mariadbUrl, mysqlUrl, skipWithout } from '../../kit/engines.ts'
import { freshDatabase } from '../../kit/fresh-database.ts'
import { freshMariadb } from '../../kit/fresh-mariadb.ts'
import { freshMongodb, mongodbDatabase } from '../../kit/fresh-mongodb.ts'
import { mariadbRows, mongodbRows, postgresRows, type Rows, sqliteRows } from './rows.ts'

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

const openMariadbDatabase = (server: typeof mariadbUrl) => async (): Promise<SharedStore> => {
  const { url, drop } = await freshMariadb(server)
  return { ...mariadbAt(url), [Symbol.asyncDispose]: drop }
}

async function openMongodbDatabase(): Promise<SharedStore> {
  const { url, drop } = freshMongodb()
  return { ...mongodbAt(url), [Symbol.asyncDispose]: drop }
}

/** A database on a server that the test started itself. */
export const postgresAt = (url: string): SharedStore => ({
  url,
  choice: { kind: 'postgres', url },
  rows: () => postgresRows(url),
  [Symbol.asyncDispose]: async () => {},
})

/** The same on a MariaDB or MySQL. */
export const mariadbAt = (url: string): SharedStore => ({
  url,
  choice: { kind: 'mariadb', url },
  rows: () => mariadbRows(url),
  [Symbol.asyncDispose]: async () => {},
})

/** The same on a server of MongoDB's protocol. */
export const mongodbAt = (url: string): SharedStore => ({
  url,
  choice: { kind: 'mongodb', url },
  rows: () => mongodbDatabase(url).with(mongodbRows),
  [Symbol.asyncDispose]: async () => {},
})

export const SQLITE: StoreKind = { name: 'SQLite', skip: skipWithout('sqlite'), open: openSqliteFile }
export const POSTGRES: StoreKind = { name: 'PostgreSQL', skip: skipWithout('postgres'), open: openPostgresDatabase }

const MARIADB: StoreKind = { name: 'MariaDB', skip: skipWithout('mariadb'), open: openMariadbDatabase(mariadbUrl) }
const MYSQL: StoreKind = { name: 'MySQL', skip: skipWithout('mysql'), open: openMariadbDatabase(mysqlUrl) }
export const MONGODB: StoreKind = { name: 'MongoDB', skip: skipWithout('mongodb'), open: openMongodbDatabase }

/** The stores that outlive a process and are shared by several, and that a test can interrupt at their commit. */
export const SHARED_STORES: readonly StoreKind[] = [SQLITE, POSTGRES, MONGODB]

/** Those, and the ones whose commit cannot be cut off. */
export const ALL_SHARED_STORES: readonly StoreKind[] = [...SHARED_STORES, MARIADB, MYSQL]

/** Those whose speed in tests says something: SecantusDB, on which MongoDB's store is tested, is slower by an order of magnitude. */
export const TIMED_STORES: readonly StoreKind[] = [SQLITE, POSTGRES]
