import type { Migration } from '../migrations.ts'
import { checkSchema, type MigratedDatabase, migrate } from '../sql/migrate.ts'
import { PROGRESS, resume } from '../sql/resume.ts'
import { mariadbDialect } from './dialect.ts'
import { numberOf } from './errors.ts'
import type { Session } from './session.ts'

/** A session that does not commit each statement. */
type Connection = Pick<Session, 'send'>

export const migrateMariadb = (connection: Connection, migrations: readonly Migration[]) =>
  migrate(migrated(connection), migrations)

export const checkMariadbSchema = (connection: Connection, migrations: readonly Migration[]) =>
  checkSchema(migrated(connection), migrations)

function migrated({ send }: Connection): MigratedDatabase {
  const steps = { dialect: mariadbDialect, send, isDone: (error: unknown) => DONE.includes(numberOf(error) ?? 0) }
  return {
    dialect: mariadbDialect,
    findTable: `select table_name as name from information_schema.tables
      where table_schema = database() and table_name = 'schema_migrations'`,
    createTable: `create table if not exists schema_migrations (name varchar(255) character set ascii primary key,
      checksum char(64) character set ascii not null, applied_at datetime(3), ${PROGRESS})`,
    script: async (text) => void (await send(text)),
    query: async (text, values) => (await send(text, values)) as unknown[],
    exclusively: (work) => exclusively(send, work),
    resume: (migration) => resume(steps, migration),
  }
}

/** A year: the holder is migrating, and loses the lock with its connection. */
const LOCK_TIMEOUT_S = 31_536_000
const LOCK = `sha2(concat(database(), '.schema_migrations'), 256)`

async function exclusively<Result>(send: Connection['send'], work: () => Promise<Result>): Promise<Result> {
  await send('commit')
  await send(`select get_lock(${LOCK}, ${LOCK_TIMEOUT_S})`)
  try {
    return await work()
  } finally {
    await send('rollback').catch(() => {}) // a broken connection has lost both already
    await send(`select release_lock(${LOCK})`).catch(() => {})
  }
}

/** What there is to make is there: a table, column, index, foreign key or check; or what there is to drop is not. */
const DONE = [1050, 1060, 1061, 1826, 3822, 1005, 1051, 1091]
