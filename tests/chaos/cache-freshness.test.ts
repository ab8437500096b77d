import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { startReaders } from '../kit/freshness.ts'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import { hitsOf, openCachedWorld, TROUBLES, untilCopiesAreGiven } from './kit/cached-world.ts'
import { startPostgresProxy } from './kit/commit-proxy.ts'
import { randomFor, report, size } from './kit/plan.ts'
import { POSTGRES } from './kit/stores.ts'

const WRITES = size(1_000, 10_000)
const TRIED = Object.entries(TROUBLES).filter(([name]) => size(0, 1) === 1 || !/connections|garbage/.test(name))
const ROUNDS = size(1, 10)
const DELAYS = size(50, 500)
const KILLS = size(2, 20)
const READERS = 4

/** Either no process has given up Redis by then, or each has: who has cannot tell those who have not. */
const DURATIONS_MS = [50, 300, 900, 1_300]

/** No copy is given that was loaded longer ago, as docs/caching.md says. */
const OLDEST_MS = 30_000

const skip = POSTGRES.skip || skipWithoutOwn('redis')

describe('posts from a Redis that two processes share', { skip, concurrency: true }, () => {
  it('are never older than the last acknowledged write, whatever happens to it', async (test) => {
    await using world = await openCachedWorld()
    await using a = await world.start()
    await using b = await world.start()
    const services = [a, b]
    const id = await world.write(a.url)
    const readersOf = (url: string) => Array.from({ length: READERS }, () => () => world.read(url, id))
    const readers = startReaders(services.flatMap(({ url }) => readersOf(url)))
    const random = randomFor('troubles of Redis')
    const untilWell = () => Promise.all(services.map(untilCopiesAreGiven))
    const state = { writes: 0, isOver: false }

    async function write(): Promise<void> {
      while (!state.isOver || state.writes < WRITES) {
        readers.acknowledge(await world.rewrite(state.writes++ % 2 ? a.url : b.url, id))
        await sleep(random.below(3))
      }
    }
    const writing = write()
    for (let round = 0; round < ROUNDS; round++) {
      for (const [, { begin, end }] of TRIED) {
        await untilWell()
        await sleep(random.between(50, 400))
        await begin(world)
        await sleep(random.pick(DURATIONS_MS))
        await end(world)
      }
    }
    await untilWell()
    state.isOver = true
    await writing
    await readers.stop()

    const hits = await Promise.all(services.map(hitsOf))
    const given = { reads: readers.reads(), copies: hits.join(' and '), stale: readers.stale.length }
    report(test, { troubles: ROUNDS * TRIED.length, writes: state.writes, ...given })
    assert.deepEqual(readers.stale, [])
    assert.ok(readers.reads() > state.writes)
  })

  it('are not kept by who was held up between the database and Redis while they were rewritten', async (test) => {
    await using world = await openCachedWorld()
    await using wire = await startFaultProxy(new URL(world.store.url))
    await using slow = await world.start({ database: wire.url })
    await using other = await world.start()
    const id = await world.write(other.url)
    await world.read(slow.url, id)
    const stale: string[] = []
    let old = 0

    for (let round = 0; round < DELAYS; round++) {
      const before = await world.rewrite(other.url, id)
      await wire.set('late')
      const reading = world.read(slow.url, id)
      for (let waited = 0; wire.held() === 0 && waited < 500; waited++) await sleep(2)
      await sleep(5)
      const after = await world.rewrite(other.url, id)
      await wire.set('pass')

      if ((await reading) === before) old++
      for (const { url } of [slow, other, slow]) {
        const version = await world.read(url, id)
        if (version < after) stale.push(`${version} after ${after}`)
      }
    }

    report(test, { delays: DELAYS, 'of them with an old value': old, stale: stale.length })
    assert.deepEqual(stale, [])
    assert.ok(old > DELAYS / 2)
  })

  it('are old for 30 s at most after a process was killed between its commit and its forgetting', async (test) => {
    await using world = await openCachedWorld()
    await using wire = await startPostgresProxy(world.store.url)
    await using writer = await world.start({ database: wire.url })
    await using reader = await world.start()
    const ids = await Promise.all(Array.from({ length: KILLS }, () => world.write(reader.url)))
    const delays: Promise<number>[] = []
    const readOf = (id: string) => () => world.read(reader.url, id)

    for (const id of ids) {
      await world.read(writer.url, id)
      assert.equal(await world.read(reader.url, id), 1)
      wire.cutNextCommit('unanswered', () => process.kill(writer.current().pid ?? 0, 'SIGKILL'))
      await assert.rejects(world.rewrite(writer.url, id))
      delays.push(oldFor(readOf(id)))
      await writer.killAndRevive()
    }

    const all = (await Promise.all(delays)).toSorted((one, other) => one - other)
    report(test, { kills: KILLS, 'old for': `${all.at(0)} to ${all.at(-1)} ms` })
    assert.ok(all.every((age) => age <= OLDEST_MS))
    assert.ok(
      all.every((age) => age > 0),
      'nothing was old: the writer was killed too late',
    )
  })
})

/** For how long from now on the first version is read, at least now and then. */
async function oldFor(read: () => Promise<number>): Promise<number> {
  const start = performance.now()
  let age = 0
  for (let asked = 0; asked < OLDEST_MS + 1_500; await sleep(100)) {
    asked = performance.now() - start
    if ((await read()) === 1) age = Math.round(asked)
  }
  return age
}
