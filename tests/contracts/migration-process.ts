import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { parseDatabaseUrl } from '../../src/infrastructures/store/mariadb/database-url.ts'
import { migrateMariadb } from '../../src/infrastructures/store/mariadb/migrate.ts'
import { openSession } from '../../src/infrastructures/store/mariadb/session.ts'
import { Migration } from '../../src/infrastructures/store/migrations.ts'
import { type Connection, migratePostgres } from '../../src/infrastructures/store/postgres/migrate.ts'
import { migrateSqlite } from '../../src/infrastructures/store/sqlite/migrate.ts'

const [, , dialect, address] = process.argv

/** A migration that says `die()` kills the process in its middle: nothing of ours gets to clean up. */
function die(): null {
  process.kill(process.pid, 'SIGKILL')
  return null
}

async function sqlite(migrations: readonly Migration[]): Promise<readonly string[]> {
  using database = new DatabaseSync(address as string)
  database.function('die', die)
  database.function('slow', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500))
  return await migrateSqlite(database, migrations)
}

async function postgres(migrations: readonly Migration[]): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  const connection: Connection = {
    async query(sql, values) {
      const result = await client.query(sql, values)
      if (sql.includes('die()')) die()
      return result
    },
  }
  const applied = await migratePostgres(connection, migrations)
  await client.end()
  return applied
}

async function mariadb(migrations: readonly Migration[]): Promise<readonly string[]> {
  const url = parseDatabaseUrl(address as string)
  const session = await openSession(url, { commitsEach: false, limits: null, onIdleError: () => {} })
  const send: typeof session.send = async (sql, values) => {
    const answer = await session.send(sql, values)
    if (sql.includes('die()')) die()
    return answer
  }
  const applied = await migrateMariadb({ send }, migrations)
  await session.close()
  return applied
}

const RUNNERS = { mariadb, postgres, sqlite }
const sources: [name: string, sql: string][] = JSON.parse(await text(process.stdin))
const migrations = sources.map(([name, sql]) => Migration.of(name, sql))
console.log(JSON.stringify(await RUNNERS[dialect as keyof typeof RUNNERS](migrations)))
