import assert from 'node:assert/strict'
import { parseDatabaseUrl } from '../../src/infrastructures/store/mariadb/database-url.ts'
import { mariadbDialect } from '../../src/infrastructures/store/mariadb/dialect.ts'
import { migrateMariadb } from '../../src/infrastructures/store/mariadb/migrate.ts'
import { openDatabase } from '../../src/infrastructures/store/mariadb/open-database.ts'
import { openSession, type Session } from '../../src/infrastructures/store/mariadb/session.ts'
import { readMigrations } from '../../src/infrastructures/store/migrations.ts'
import { sqlDriver } from '../../src/infrastructures/store/sql/sql-driver.ts'
import { mariadbUrl, mysqlUrl, skipWithout } from '../kit/engines.ts'
import { freshMariadb } from '../kit/fresh-mariadb.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { tableStatements } from '../kit/tables.ts'
import { type Sent, watched } from '../kit/watched-database.ts'
import { describePlans, SIZES } from './query-plans.contract.ts'

const id = (n: string) => `unhex(concat('00000000000070008000', lpad(hex(${n}), 12, '0')))`
const writer = id(`n % ${SIZES.writers} + 1`)
const PAST = 'utc_timestamp(3) - interval n minute'
const WRITTEN = `'Hello.', 1, ${PAST}, ${PAST}`
const first = (count: number) => `from numbers where n between 1 and ${count}`
const DIGITS =
  '(select 0 as d union select 1 union select 2 union select 3 union select 4 union select 5 union select 6 union select 7 union select 8 union select 9)'
const TABLES = ['members', 'books', 'reviews', 'outbox', 'loans', 'inbox', 'idempotency_keys']

const LOAD = [
  'create table numbers (n integer primary key)',
  `insert into numbers select a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d + 1
    from ${DIGITS} a, ${DIGITS} b, ${DIGITS} c, ${DIGITS} d, ${DIGITS} e`,
  `insert into members (id, name, is_active, version, created_at, updated_at)
    select ${id('n')}, concat('member', n), true, 1, utc_timestamp(3), utc_timestamp(3) ${first(SIZES.members)}`,
  `insert into books (id, owner_id, genre, isbn, pages, is_rare, shelf_id, printed_at, text, version, created_at, updated_at)
    select ${id('n')}, ${writer}, 'novel', n, n, false, ${id('n')}, utc_timestamp(3), ${WRITTEN} ${first(SIZES.books)}`,
  `insert into reviews (id, book_id, owner_id, text, version, created_at, updated_at)
    select ${id('n')}, ${id(`n % ${SIZES.books} + 1`)}, ${writer}, ${WRITTEN} ${first(SIZES.reviews)}`,
  `insert into outbox (id, type, subject, version, time, data, published_at)
    select ${id('n')}, 'book.written', ${id('n')}, 1, ${PAST}, '{}', if(n > ${SIZES.pending}, ${PAST}, null)
    ${first(SIZES.published + SIZES.pending)}`,
  `insert into loans (id, owner_id, number, book_id, created_at, returned_at)
    select ${id('n')}, ${writer}, n, ${id('1')}, ${PAST}, if(n % 3 = 0, utc_timestamp(3), null) ${first(SIZES.loans)}`,
  `insert into inbox (consumer, id, subject, version, digest, handled_at)
    select 'tests', n, n % 5000, n, '', ${PAST} ${first(SIZES.handled)}`,
  `insert into idempotency_keys (user_id, "key", fingerprint, token, answer, reserved_until, expires_at)
    select ${writer}, n, '', ${id('n')}, '', ${PAST}, ${PAST} ${first(SIZES.keys)}`,
  'commit',
  `analyze table ${TABLES}`,
]

/** What one owner wrote may be sorted, or what belongs to one thing; a table may be neither sorted nor read as a whole. */
const MOST_READ = 2_000

type Step = Readonly<{
  table: string | null
  type: string | null
  key: string | null
  rows: number | null
  Extra: string | null
}>

/** Whether a page begins within an index: then that is entered there, and not read along, whatever the estimate. */
function beginsWithin(text: string): boolean {
  const [, column, isDescending] = /order by (\w+)( desc)?/.exec(text) ?? []
  return new RegExp(`\\b${column}\\b(, ?\\w+)*\\)? ${isDescending ? '<' : '>'}`).test(text)
}

const isTrouble = ({ table, type, rows, Extra }: Step, text: string): boolean => {
  if (table === null || /^<|^gone$|_ids$/.test(table) || table === 'outbox_lease') return false
  if (type === 'index' && beginsWithin(text)) return true
  return (type === 'ALL' || (Extra ?? '').includes('filesort')) && (rows ?? 0) > MOST_READ
}

async function troublesIn({ send }: Session, { text, values }: Sent): Promise<readonly string[]> {
  const steps = (await send(`explain ${text}`, values)) as Step[]
  await send('commit') // to explain, the optimizer may read and lock
  return steps
    .filter((step) => isTrouble(step, text))
    .map(({ table, type, key, rows }) => `${type} of ${rows} in ${table} by ${key} in: ${text}`)
}

for (const [product, server, engine] of [
  ['MariaDB', mariadbUrl, 'mariadb'],
  ['MySQL', mysqlUrl, 'mysql'],
] as const) {
  describePlans(product, skipWithout(engine), async () => {
    const fresh = await freshMariadb(server)
    const session = await openSession(parseDatabaseUrl(fresh.url), {
      commitsEach: false,
      limits: null,
      onIdleError: () => {},
    })
    await migrateMariadb(session, readMigrations('mariadb'))
    for (const statement of tableStatements('mariadb', LIBRARY.aggregates)) await session.send(statement)
    for (const statement of LOAD) await session.send(statement)
    await session.send(`set explain_format = traditional`).catch(() => {})
    const database = watched(openDatabase({ url: fresh.url, poolSize: 4, onIdleError: () => {} }))
    const driver = sqlDriver(mariadbDialect, database, LIBRARY.aggregates)

    return {
      driver,
      async troublesOf(task) {
        const start = database.sent.length
        await task()
        const sent = database.sent.slice(start)
        assert.ok(sent.length > 0, 'nothing was sent')
        return (await Promise.all(sent.map((one) => troublesIn(session, one)))).flat()
      },
      async close() {
        await driver.close()
        await session.close()
        await fresh.drop()
      },
    }
  })
}
