import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import type { DialectName } from '../../src/infrastructures/store/sql/dialect.ts'
import type { Table } from '../../src/infrastructures/store/table.ts'
import { tablesOf } from '../../src/infrastructures/store/technical-tables.ts'
import { mariadbModels } from './models/mariadb.ts'
import { postgresModels } from './models/postgres.ts'
import { sqliteModels } from './models/sqlite.ts'

const BUILDERS = { mariadb: mariadbModels, postgres: postgresModels, sqlite: sqliteModels } satisfies Record<
  DialectName,
  (tables: readonly Table[]) => object
>

/** The models of all tables, from which drizzle-kit generates migrations: those of the aggregates by their descriptions. */
export const modelsOf = (dialect: DialectName): object => BUILDERS[dialect](tablesOf(FORUM.aggregates))
