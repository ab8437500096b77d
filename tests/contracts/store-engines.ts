import type { Aggregates } from '../../src/infrastructures/store/aggregate.ts'
import { mariadbUrl, mysqlUrl, skipWithout } from '../kit/engines.ts'
import type { OpenStore } from './opened.ts'
import { openingMariadb } from './opened-mariadb.ts'
import { openingMemory } from './opened-memory.ts'
import { openingPglite } from './opened-pglite.ts'
import { openingPostgres } from './opened-postgres.ts'
import { openingSqlite } from './opened-sqlite.ts'

type StoreEngine = Readonly<{ open: (aggregates: Aggregates) => OpenStore; skip: string | false }>

/** All engines that keep aggregates, each by its name. */
export const STORE_ENGINES: Readonly<Record<string, StoreEngine>> = {
  memory: { open: openingMemory, skip: skipWithout('memory') },
  SQLite: { open: openingSqlite, skip: skipWithout('sqlite') },
  PGlite: { open: openingPglite, skip: skipWithout('pglite') },
  MariaDB: { open: openingMariadb(mariadbUrl), skip: skipWithout('mariadb') },
  MySQL: { open: openingMariadb(mysqlUrl), skip: skipWithout('mysql') },
  PostgreSQL: { open: openingPostgres, skip: skipWithout('postgres') },
}
