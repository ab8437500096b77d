import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseDatabaseUrl } from '../../src/infrastructures/store/mariadb/database-url.ts'
import { checkMariadbSchema, migrateMariadb } from '../../src/infrastructures/store/mariadb/migrate.ts'
import { openSession, type Session } from '../../src/infrastructures/store/mariadb/session.ts'
import { Migration, readMigrations } from '../../src/infrastructures/store/migrations.ts'
import { SchemaMismatch } from '../../src/infrastructures/store/store-errors.ts'
import { mariadbUrl, mysqlUrl, skipWithout } from '../kit/engines.ts'
import { freshMariadb } from '../kit/fresh-mariadb.ts'
import {
  broken,
  type EmptyDatabase,
  type Engine,
  first,
  migratesOnce,
  refusesMismatches,
  second,
  survivesProcesses,
} from './migrations.contract.ts'

const TABLES =
  'select table_name as name from information_schema.tables where table_schema = database() order by table_name'
const ROWS = Migration.of(
  '0002_rows',
  `create table three (id integer primary key); insert into three values (1); alter table three add text varchar(9);
   update three set text = 'a;b'; create index three_text_idx on three (text);`,
)
/** Each statement of it, once it was sent, and what remembers it. */
const STATEMENTS = 30

type Server = EmptyDatabase & Readonly<{ url: string; session: Session }>

const opening = (server: string | null) => async (): Promise<Server> => {
  const { url, drop } = await freshMariadb(server)
  const options = { commitsEach: false, limits: null, onIdleError: () => {} }
  const session = await openSession(parseDatabaseUrl(url), options)
  return {
    url,
    session,
    migrate: (migrations) => migrateMariadb(session, migrations),
    check: (migrations) => checkMariadbSchema(session, migrations),
    tables: async () => ((await session.send(TABLES)) as { name: string }[]).map(({ name }) => name),
    [Symbol.asyncDispose]: () => session.close().then(drop),
  }
}

for (const [product, url, engine] of [
  ['MariaDB', mariadbUrl, 'mariadb'],
  ['MySQL', mysqlUrl, 'mysql'],
] as const) {
  describe(`migrations of ${product}`, { skip: skipWithout(engine) }, () => {
    const server: Engine<Server> = {
      dialect: 'mariadb',
      open: opening(url),
      processes: { addressOf: (database) => database.url, slow: 'sleep(0.5)' },
    }
    migratesOnce(server)
    refusesMismatches(server)
    survivesProcesses(server)
    goOn(server.open)
  })
}

/** As DDL does not roll back. */
function goOn(open: () => Promise<Server>): void {
  it('keep the steps before the one that fails, say which that is, and go on once it is mended', async () => {
    await using database = await open()
    const failure = /^Error: Migration 0002_second failed at step 2 of 2, what came before is kept: .*one/

    await assert.rejects(database.migrate([first, broken]), failure)
    await assert.rejects(database.migrate([first, broken]), failure)
    await assert.rejects(database.check([first, second]), /older than this code.*0002_second/)

    assert.deepEqual(await database.tables(), ['one', 'schema_migrations', 'three', 'two'])
    assert.deepEqual(await database.migrate([first, second]), ['0002_second'])
    await database.check([first, second])
  })

  it('do not go on when a step was changed that had been taken', async () => {
    await using database = await open()
    await assert.rejects(database.migrate([first, broken]))
    const other = Migration.of('0002_second', 'create table four (id integer);')

    await assert.rejects(database.migrate([first, other]), SchemaMismatch)
  })

  it('converge whichever statement was the last one before a kill', async () => {
    let killed = 0
    for (let last = 1; last <= STATEMENTS; last++) {
      await using database = await open()
      if (await killedAfter(last, database.url)) killed++

      await database.migrate([first, ROWS])

      await database.check([first, ROWS])
      assert.deepEqual(await database.session.send('select id, text from three'), [{ id: 1, text: 'a;b' }])
    }
    assert.ok(killed >= STATEMENTS - 2, `only ${killed} were killed`)
  })

  it('apply to an empty database what the forum needs, and nothing the second time', async () => {
    await using database = await open()

    assert.deepEqual(
      await database.migrate(readMigrations('mariadb')),
      readMigrations('mariadb').map(({ name }) => name),
    )
    assert.deepEqual(await database.migrate(readMigrations('mariadb')), [])
  })
}

/** A connection that breaks after so many statements, of which the last one is kept, but its answer is lost. */
async function killedAfter(last: number, url: string): Promise<boolean> {
  const options = { commitsEach: false, limits: null, onIdleError: () => {} }
  const session = await openSession(parseDatabaseUrl(url), options)
  let statements = 0
  const send: Session['send'] = async (text, values) => {
    if (++statements > last) throw new Error('killed')
    return session.send(text, values)
  }
  try {
    await migrateMariadb({ send }, [first, ROWS])
    return false
  } catch {
    return true
  } finally {
    await session.close()
  }
}
