import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { uuidV7 } from '../../identifiers/uuid-v7.ts'
import type { StoreDriver } from '../driver.ts'
import { readMigrations } from '../migrations.ts'
import { connectSqlite } from './connection.ts'
import { checkSqliteSchema, migrateSqlite } from './migrate.ts'
import { sqliteDriver } from './sqlite-driver.ts'

export type SqliteOptions = Readonly<{ file: string; migrates: boolean }>

/** Opens a file, made if it is missing, whose schema is what this code needs, after applying what is pending if `migrates`. */
export function openSqlite({ file, migrates }: SqliteOptions): StoreDriver {
  mkdirSync(dirname(file), { recursive: true })
  const connection = connectSqlite(file, uuidV7)
  try {
    const migrations = readMigrations('sqlite')
    if (migrates) migrateSqlite(connection.database, migrations)
    else checkSqliteSchema(connection.database, migrations)
    return sqliteDriver(connection)
  } catch (error) {
    connection.database.close()
    throw error
  }
}
