import assert from 'node:assert/strict'
import { createServer, connect as dial, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { Client } from 'pg'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { openPostgres } from '../../src/infrastructures/store/postgres/open-postgres.ts'
import { aPost, aUser } from '../fixtures.ts'
import { postgresUrl, skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { startPgBouncer } from '../kit/pgbouncer.ts'
import { adding } from './changes.ts'
import { newPostId, newUserId } from './world.ts'

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
      const options = { url: wire.url, poolSize: 4, migrates: true, onIdleError: () => {} }
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
        one.posts.list({ ...LIST, sort: 'createdAt' }),
        other.posts.list({ ...LIST, sort: '-createdAt' }),
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

async function processBehind(url: string): Promise<number> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ process: number }>('select pg_backend_pid() as process')
  await client.end()
  return rows[0]?.process ?? 0
}
