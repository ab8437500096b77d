import { Client } from 'pg'
import { readMigrations } from '../../src/infrastructures/store/migrations.ts'
import { postgresDialect } from '../../src/infrastructures/store/postgres/dialect.ts'
import { migratePostgres } from '../../src/infrastructures/store/postgres/migrate.ts'
import { openDatabase } from '../../src/infrastructures/store/postgres/open-database.ts'
import { sqlDriver } from '../../src/infrastructures/store/sql/sql-driver.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { planTroubles } from '../kit/plan-troubles.ts'
import { tableStatements } from '../kit/tables.ts'
import { watched } from '../kit/watched-database.ts'
import { describePlans, SIZES } from './query-plans.contract.ts'

const id = (n: string) => `('00000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`
const PAST = `now() - n * interval '1 minute'`
const WRITTEN = `'Hello.', 1, ${PAST}, ${PAST}`
const LOAD = `
  insert into members (id, name, is_active, version, created_at, updated_at)
    select ${id('n')}, 'member' || n, true, 1, now(), now() from generate_series(1, ${SIZES.members}) n;
  insert into books (id, owner_id, genre, isbn, pages, is_rare, shelf_id, printed_at, text, version, created_at, updated_at)
    select ${id('n')}, ${id(`n % ${SIZES.writers} + 1`)}, 'novel', n::text, n, false, ${id('n')}, now(), ${WRITTEN} from generate_series(1, ${SIZES.books}) n;
  insert into reviews (id, book_id, owner_id, text, version, created_at, updated_at)
    select ${id('n')}, ${id(`n % ${SIZES.books} + 1`)}, ${id(`n % ${SIZES.writers} + 1`)}, ${WRITTEN}
    from generate_series(1, ${SIZES.reviews}) n;
  insert into outbox (type, subject, version, time, data, published_at)
    select 'book.written', ${id('n')}, 1, ${PAST}, '{}', case when n > ${SIZES.pending} then ${PAST} end
    from generate_series(1, ${SIZES.published + SIZES.pending}) n;
  insert into loans (id, owner_id, number, book_id, created_at, returned_at)
    select ${id('n')}, ${id(`n % ${SIZES.writers} + 1`)}, n, ${id('1')}, ${PAST},
      case when n % 3 = 0 then now() end from generate_series(1, ${SIZES.loans}) n;
  insert into inbox (consumer, id, subject, version, digest, handled_at)
    select 'tests', n::text, (n % 5000)::text, n, '', ${PAST} from generate_series(1, ${SIZES.handled}) n;
  insert into idempotency_keys (user_id, key, fingerprint, token, answer, reserved_until, expires_at)
    select ${id(`n % ${SIZES.writers} + 1`)}, n::text, '', ${id('n')}, '', ${PAST}, ${PAST} from generate_series(1, ${SIZES.keys}) n;
  analyze`

describePlans('PostgreSQL', skipWithout('postgres'), async () => {
  const fresh = await freshDatabase()
  const client = new Client({ connectionString: fresh.url })
  await client.connect()
  await migratePostgres(client, readMigrations('postgres'))
  for (const statement of tableStatements('postgres', LIBRARY.aggregates)) await client.query(statement)
  await client.query(LOAD)
  const database = watched(openDatabase({ url: fresh.url, poolSize: 4, onIdleError: () => {} }))
  const driver = sqlDriver(postgresDialect, database, LIBRARY.aggregates)

  return {
    driver,
    troublesOf: (task) => planTroubles(client, database, task),
    async close() {
      await driver.close()
      await client.end()
      await fresh.drop()
    },
  }
})
