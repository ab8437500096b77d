import assert from 'node:assert/strict'
import { createServer, connect as dial, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { Client } from 'pg'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { openPostgres } from '../../src/infrastructures/store/postgres/open-postgres.ts'
import { aPost, aUser } from '../fixtures.ts'
import { postgresUrl, skipWithout } from '../kit/engines.ts'
import { readersOf } from '../kit/forum-store.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { startPgBouncer } from '../kit/pgbouncer.ts'
import { adding, newPostId, newUserId, saving } from './forum-changes.ts'

const LIST = { filter: {}, after: null, limit: 20 } as const
const KEY_MESSAGE = Buffer.from('K\0\0\0\x0c', 'latin1')

/** A wire that greets with the process that will answer, so that the pooler behind it cannot be told from a server. */
async function truthfulWire(target: URL, process: number) {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = dial(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}))
    client.pipe(upstream)
    upstream.on('data', (bytes) => {
      const at = bytes.indexOf(KEY_MESSAGE)
      if (at >= 0) bytes.writeInt32BE(process, at + KEY_MESSAGE.length)
      client.write(bytes)
    })
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: Object.assign(new URL(target), { hostname: '127.0.0.1', port: String(port) }).href,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describe('a pooler that looks like a server', { skip: skipWithout('postgres') || skipWithout('pgbouncer') }, () => {
  const open = new AsyncDisposableStack()
  const poolers: string[] = []
  const drivers: StoreDriver[] = []

  before(async () => {
    const { url } = open.adopt(await freshDatabase(), ({ drop }) => drop())
    const server = new URL(postgresUrl ?? '')
    const pooler = open.use(await startPgBouncer({ server, mode: 'transaction', poolSize: 1 }))
    const wire = open.use(await truthfulWire(new URL(pooler.through(url)), await processBehind(pooler.through(url))))
    for (const name of ['one', 'other']) {
      const options = {
        aggregates: FORUM.aggregates,
        url: wire.url,
        poolSize: 4,
        migrates: true,
        onIdleError: () => {},
      }
      const driver = await openPostgres({ ...options, onPooler: () => poolers.push(name) })
      drivers.push(open.adopt(driver, (opened) => opened.close()))
    }
  })
  after(() => open.disposeAsync())

  it('is found out by the names that it mixes up, and nothing fails for it', async () => {
    const [one, other] = drivers as [StoreDriver, StoreDriver]
    const owner = aUser({ id: newUserId() })
    await one.commit([adding.user(owner)])
    const posts = Array.from({ length: 5 }, (_, day) =>
      aPost({ id: newPostId(), ownerId: owner.id, createdAt: new Date(Date.UTC(2026, 0, day + 1)) }),
    )
    for (const [index, post] of posts.entries()) await (index % 2 === 0 ? one : other).commit([adding.post(post)])

    const ids = posts.map(({ id }) => id)
    for (let round = 0; round < 10; round++) {
      const [oldest, newest] = await Promise.all([
        readersOf(one).posts.list({ ...LIST, sort: 'createdAt' }),
        readersOf(other).posts.list({ ...LIST, sort: '-createdAt' }),
      ])
      assert.deepEqual(
        oldest.map(({ id }) => id),
        ids,
      )
      assert.deepEqual(
        newest.map(({ id }) => id),
        ids.toReversed(),
      )
    }

    assert.ok(poolers.length > 0)
    assert.deepEqual(poolers, [...new Set(poolers)], 'it is told once')
  })
})

describe('a session that a pooler lends', { skip: skipWithout('postgres') || skipWithout('pgbouncer') }, () => {
  const open = new AsyncDisposableStack()
  let driver: StoreDriver
  let direct: Client
  let lent: Client

  before(async () => {
    const { url } = open.adopt(await freshDatabase(), ({ drop }) => drop())
    const server = new URL(postgresUrl ?? '')
    const pooler = open.use(await startPgBouncer({ server, mode: 'transaction', poolSize: 1 }))
    const options = {
      aggregates: FORUM.aggregates,
      url: pooler.through(url),
      poolSize: 4,
      migrates: true,
      onIdleError: () => {},
    }
    driver = open.adopt(await openPostgres(options), (opened) => opened.close())
    direct = open.adopt(await connected(url), (client) => client.end())
    lent = open.adopt(await connected(pooler.through(url)), (client) => client.end())
  })
  after(() => open.disposeAsync())

  it('obeys our limits while it is ours', async () => {
    const user = aUser({ id: newUserId() })
    await driver.commit([adding.user(user)])
    await direct.query('begin; lock table users in access exclusive mode')

    await assert.rejects(readersOf(driver).users.find(user.id), isLockTimeout)
    await assert.rejects(driver.commit([saving.user({ ...user, version: 2 })]), isLockTimeout)

    await direct.query('rollback')
    assert.deepEqual(await readersOf(driver).users.find(user.id), user)
  })

  it('is left as it was, for others', async () => {
    const state = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('default_transaction_isolation') as isolation, current_setting('DateStyle') as style,
      (select count(*)::integer from pg_prepared_statements where name <> '') as prepared`
    const [expected] = (await direct.query(state)).rows

    await readersOf(driver).users.find(newUserId())
    await driver.commit([adding.user(aUser({ id: newUserId() }))])

    assert.deepEqual((await lent.query(state)).rows, [expected])
  })
})

const isLockTimeout = ({ cause }: Error): boolean => cause instanceof Error && 'code' in cause && cause.code === '55P03'

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

async function processBehind(url: string): Promise<number> {
  const client = await connected(url)
  const { rows } = await client.query<{ process: number }>('select pg_backend_pid() as process')
  await client.end()
  return rows[0]?.process ?? 0
}
