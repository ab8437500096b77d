import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { uuidV7 } from '../../identifiers/uuid-v7.ts'
import type { Aggregates } from '../aggregate.ts'
import type { StoreDriver } from '../driver.ts'
import { readMigrations } from '../migrations.ts'
import { sqlDriver } from '../sql/sql-driver.ts'
import { StoreSetupError, TransientConflict } from '../store-errors.ts'
import { connectSqlite, type SqliteConnection } from './connection.ts'
import { sqliteDialect } from './dialect.ts'
import { translateSqliteError } from './errors.ts'
import { checkSqliteSchema, migrateSqlite } from './migrate.ts'
import { sqliteDatabase } from './sqlite-database.ts'

export type SqliteOptions = Readonly<{ file: string; migrates: boolean; aggregates: Aggregates }>

/** Opens a file, made if it is missing, whose schema is what this code needs, after applying what is pending if `migrates`. @throws {StoreSetupError} */
export async function openSqlite({ file, migrates, aggregates }: SqliteOptions): Promise<StoreDriver> {
  const connection = open(file)
  try {
    const migrations = readMigrations('sqlite')
    if (migrates) await migrateSqlite(connection.database, migrations)
    else await checkSqliteSchema(connection.database, migrations)
    return sqlDriver(sqliteDialect, sqliteDatabase(connection), aggregates)
  } catch (error) {
    connection.database.close()
    throw error
  }
}

const NOT_A_DATABASE = 26

/** The engine does not say which file it cannot open. */
function open(file: string): SqliteConnection {
  try {
    mkdirSync(dirname(file), { recursive: true })
    return connectSqlite(file, uuidV7)
  } catch (error) {
    if (translateSqliteError(error) instanceof TransientConflict || !(error instanceof Error)) throw error
    const isOfAnotherKind = 'errcode' in error && error.errcode === NOT_A_DATABASE
    throw new StoreSetupError(`DATABASE_URL sqlite:${file}: ${error.message}`, isOfAnotherKind ? 78 : 1)
  }
}
