import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { openRedis } from '../../src/infrastructures/cache/redis/redis-cache.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { startRedisServer } from '../kit/redis-server.ts'
import { aSource } from './opened-cache.ts'

/** What the promise allows, and some patience with a machine that has other things to do. */
export const MAX_EXTRA_MS = 100 + 50

export type RedisWorld = Awaited<ReturnType<typeof openRedisWorld>>

/** A server of its own, a wire to it that can fail, and processes on both ends of it. */
export function useRedis(): () => RedisWorld {
  let world: RedisWorld | undefined
  before(async () => {
    world = await openRedisWorld()
  })
  after(() => world?.close())
  return () => world ?? assert.fail('the server did not start')
}

async function openRedisWorld() {
  const server = await startRedisServer()
  const proxy = await startFaultProxy(new URL(server.url))
  const opened: Cache[] = []
  let keys = 0

  async function open(url: string, release = '1'): Promise<Cache> {
    const cache = await openRedis({ url, release, onDisconnected: () => {}, onReconnected: () => {} })
    opened.push(cache)
    return cache
  }

  return {
    server,
    proxy,
    /** A process whose wire to the server can fail. */
    onWire: (release?: string) => open(proxy.url, release),
    /** A process that always reaches the server. */
    onServer: (release?: string) => open(server.url, release),
    newKey: () => `book:${++keys}`,
    async close(): Promise<void> {
      for (const cache of opened) await cache.close()
      await proxy.close()
      await server.destroy()
    },
  }
}

const TICK_MS = 5

/** How long it takes, without the time for which this process wanted a processor and got none. */
export async function millisecondsOf(task: () => Promise<unknown>): Promise<number> {
  const cpuMs = () => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000
  let [at, used, lost] = [performance.now(), cpuMs(), 0]
  const watch = setInterval(() => {
    const [now, usedNow] = [performance.now(), cpuMs()]
    lost += Math.max(0, now - at - (usedNow - used) - 2 * TICK_MS)
    ;[at, used] = [now, usedNow]
  }, TICK_MS)

  const start = performance.now()
  await task()
  clearInterval(watch)
  return performance.now() - start - lost
}

/** Waits until copies are given again, at most 10 s, and does something all the time. */
export async function untilItKeeps(cache: Cache, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
  const source = aSource<string>('.')
  for (const start = performance.now(); performance.now() - start < 10_000; await sleep(2)) {
    await meanwhile()
    const { hits } = cache.stats
    await cache.get('probe', source.load)
    if (cache.stats.hits > hits) return
  }
  assert.fail('it did not recover within 10 s')
}
