import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Client } from 'pg'
import { UserId } from '../../../src/domains/entities/user.ts'
import { FORUM } from '../../../src/infrastructures/store/aggregates/forum.ts'
import { postgresDialect } from '../../../src/infrastructures/store/postgres/dialect.ts'
import { openDatabase } from '../../../src/infrastructures/store/postgres/open-database.ts'
import { openPostgres } from '../../../src/infrastructures/store/postgres/open-postgres.ts'
import { skipWithout } from '../../kit/engines.ts'
import { freshDatabase } from '../../kit/fresh-database.ts'
import { planTroubles } from '../../kit/plan-troubles.ts'
import { watched } from '../../kit/watched-database.ts'

const OWNERS = 500
const id = (n: string) => `('00000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`
const LOAD = `
  insert into users (id, username, is_active, version, created_at, updated_at)
    select ${id('n')}, 'user' || n, true, 1, now(), now() from generate_series(1, ${OWNERS}) n;
  insert into notifications (id, owner_id, number, post_id, comment_id, author_id, created_at)
    select ${id('n')}, ${id(`n % ${OWNERS} + 1`)}, n, ${id('1')}, ${id('1')}, ${id('1')}, now()
    from generate_series(1, 20000) n;
  analyze`

describe('the plans of PostgreSQL for what no description says', { skip: skipWithout('postgres') }, () => {
  it('find the notifications of one user by an index', async () => {
    await using open = new AsyncDisposableStack()
    const { url } = open.adopt(await freshDatabase(), ({ drop }) => drop())
    const options = { url, poolSize: 4, onIdleError: () => {} }
    await (await openPostgres({ ...options, aggregates: FORUM.aggregates, migrates: true })).close()
    const client = open.adopt(new Client({ connectionString: url }), (one) => one.end())
    await client.connect()
    await client.query(LOAD)
    const database = open.adopt(watched(openDatabase(options)), (one) => one.close())
    const feed = FORUM.views.notificationFeed.sql(postgresDialect, database)
    const owner = UserId.parse('00000000-0000-7000-8000-000000000001')

    const troubles = await planTroubles(client, database, async () => {
      await feed.latestIds([owner])
      await feed.listAfter(owner, null, 20)
    })

    assert.deepEqual(troubles, [])
  })
})
