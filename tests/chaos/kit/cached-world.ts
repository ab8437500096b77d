import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { PRODUCT } from '../../../src/patterns/product.ts'
import { startFaultProxy } from '../../kit/fault-proxy.ts'
import { readStats } from '../../kit/metrics.ts'
import { startRedisServer } from '../../kit/redis-server.ts'
import { startTestIssuer } from '../../kit/test-issuer.ts'
import { createHttpClient } from './http-client.ts'
import { aPerson } from './people.ts'
import { settingsFor, startRevivable } from './revivable.ts'
import { POSTGRES } from './stores.ts'

export type CachedWorld = Awaited<ReturnType<typeof openCachedWorld>>
type Healthy = Readonly<{ healthUrl: string }>

const A_WHILE_MS = 15_000

/** A PostgreSQL, a Redis behind a wire that may fail, and somebody who writes and reads posts. */
export async function openCachedWorld() {
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await POSTGRES.open())
  const redis = opening.use(await startRedisServer())
  const wire = opening.use(await startFaultProxy(new URL(redis.url)))
  const issuer = opening.use(await startTestIssuer())
  const http = opening.use(createHttpClient())
  const { token } = await aPerson(issuer, 'alice')

  const ask = (method: string, url: string, text?: string) =>
    http.ask({ method, url, token, ...(text === undefined ? {} : { body: { text } }) })
  const succeed = async (...asked: Parameters<typeof ask>) => {
    const { status, body } = await ask(...asked)
    assert.ok(status < 300, `${asked[0]}: ${status}`)
    return body
  }

  const opened = opening.move()
  return {
    store,
    redis,
    wire,
    ask,

    /** A process of the service, on the wire to Redis unless it has another way there. */
    start: ({ database = store.url, cache = wire.url } = {}) =>
      startRevivable({ ...settingsFor(issuer, database), CACHE_URL: cache }),

    write: async (url: string): Promise<string> => (await succeed('POST', `${url}/v1/posts`, 'First.')).id ?? '',

    /** The version that it is given. */
    read: async (url: string, id: string): Promise<number> =>
      (await succeed('GET', `${url}/v1/posts/${id}`)).version ?? 0,

    /** The version that is acknowledged. */
    rewrite: async (url: string, id: string): Promise<number> =>
      (await succeed('PUT', `${url}/v1/posts/${id}`, `At ${performance.now()}.`)).version ?? 0,

    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** How many copies a process has given. */
export const hitsOf = async (service: Healthy): Promise<number> =>
  (await readStats(service))[`${PRODUCT.metrics}cache_hits_total`] ?? 0

/** Waits until a process, of which somebody reads all the time, gives copies again, and says how long that took. */
export async function untilCopiesAreGiven(service: Healthy): Promise<number> {
  const [start, before] = [performance.now(), await hitsOf(service)]
  while ((await hitsOf(service)) === before) {
    assert.ok(performance.now() - start < A_WHILE_MS, `no copies are given after ${A_WHILE_MS} ms`)
    await sleep(50)
  }
  return performance.now() - start
}

type Trouble = Readonly<{ begin: (world: CachedWorld) => unknown; end: (world: CachedWorld) => unknown }>

const onTheWire = (fault: Parameters<CachedWorld['wire']['set']>[0]): Trouble => ({
  begin: ({ wire }) => wire.set(fault),
  end: ({ wire }) => wire.set('pass'),
})

/** What may happen to a Redis. */
export const TROUBLES: Readonly<Record<string, Trouble>> = {
  'resets connections': onTheWire('reset'),
  'refuses connections': onTheWire('refuse'),
  'swallows everything': onTheWire('blackhole'),
  'answers late': onTheWire('late'),
  'answers garbage': onTheWire('garbage'),
  'is paused': { begin: ({ redis }) => redis.pause(), end: ({ redis }) => redis.resume() },
  'is killed': { begin: ({ redis }) => redis.kill(), end: ({ redis }) => redis.start() },
  'is emptied': { begin: ({ redis }) => redis.command('FLUSHALL'), end: () => {} },
}
