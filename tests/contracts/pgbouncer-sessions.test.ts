import assert from 'node:assert/strict'
import { createServer, connect as dial, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { Client } from 'pg'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { postgresUrl, skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { adding, saving } from '../kit/library/changes.ts'
import { aBook, aMember, newMemberId } from '../kit/library/samples.ts'
import { readersOf } from '../kit/library/store.ts'
import { startPgBouncer } from '../kit/pgbouncer.ts'
import { NEWEST_FIRST, OLDEST_FIRST } from '../kit/sorts.ts'
import { openLibrary } from './opened-postgres.ts'

const LIST = { filter: {}, after: null, limit: 20 } as const
const KEY_MESSAGE = Buffer.from('K\0\0\0\x0c', 'latin1')

/** A wire that greets with the process that will answer, so that the pooler behind it looks like a server. */
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
        url: wire.url,
        poolSize: 4,
        onIdleError: () => {},
      }
      const driver = await openLibrary({ ...options, onPooler: () => poolers.push(name) })
      drivers.push(open.adopt(driver, (opened) => opened.close()))
    }
  })
  after(() => open.disposeAsync())

  it('is found out by the names that it mixes up, and nothing fails for it', async () => {
    const [one, other] = drivers as [StoreDriver, StoreDriver]
    const owner = aMember()
    await one.commit([adding.member(owner)])
    const books = Array.from({ length: 5 }, (_, day) =>
      aBook({ ownerId: owner.id, createdAt: new Date(Date.UTC(2026, 0, day + 1)) }),
    )
    for (const [index, book] of books.entries()) await (index % 2 === 0 ? one : other).commit([adding.book(book)])

    const ids = books.map(({ id }) => id)
    for (let round = 0; round < 10; round++) {
      const [oldest, newest] = await Promise.all([
        readersOf(one).books.list({ ...LIST, sort: OLDEST_FIRST }),
        readersOf(other).books.list({ ...LIST, sort: NEWEST_FIRST }),
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
    assert.deepEqual(poolers, [...new Set(poolers)], 'it is logged once')
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
      url: pooler.through(url),
      poolSize: 4,
      onIdleError: () => {},
    }
    driver = open.adopt(await openLibrary(options), (opened) => opened.close())
    direct = open.adopt(await connected(url), (client) => client.end())
    lent = open.adopt(await connected(pooler.through(url)), (client) => client.end())
  })
  after(() => open.disposeAsync())

  it('obeys our limits while it is ours', async () => {
    const member = aMember()
    await driver.commit([adding.member(member)])
    await direct.query('begin; lock table members in access exclusive mode')

    await assert.rejects(readersOf(driver).members.find(member.id), isLockTimeout)
    await assert.rejects(driver.commit([saving.member({ ...member, version: 2 })]), isLockTimeout)

    await direct.query('rollback')
    assert.deepEqual(await readersOf(driver).members.find(member.id), member)
  })

  it('is left as it was, for others', async () => {
    const state = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('default_transaction_isolation') as isolation, current_setting('DateStyle') as style,
      (select count(*)::integer from pg_prepared_statements where name <> '') as prepared`
    const [expected] = (await direct.query(state)).rows

    await readersOf(driver).members.find(newMemberId())
    await driver.commit([adding.member(aMember())])

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
