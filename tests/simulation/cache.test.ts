import { describe, it } from 'node:test'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { memoryCache } from '../../src/infrastructures/cache/memory/memory-cache.ts'
import { cachedStore, createStore } from '../kit/library/store.ts'
import { type Faults, startProcess, throughProcess } from '../kit/simulated-process.ts'
import { inEveryWorld, inSomeWorld, type Scenario } from '../kit/simulated-seeds.ts'
import type { World } from '../kit/simulated-world.ts'
import {
  forgetsBeforeTheCommit,
  forgetsLate,
  forgetsNoNamespaces,
  keepsFailures,
  keepsWhateverWasLoaded,
  throughJson,
} from './broken-caches.ts'
import { watchStates } from './known-states.ts'
import { changesOf } from './simulated-changes.ts'
import { openLibrary } from './simulated-library.ts'
import { unlessExpected } from './simulated-writers.ts'

const HEAVY_FAULTS: Faults = { crash: 0, pause: 0.05, maxBackoffMs: 60, failure: 0.06 }
const [WRITERS, WRITES, READERS, READS] = [3, 8, 4, 15]

type Broken = Readonly<{ cache?: (cache: Cache, world: World) => Cache; store?: typeof cachedStore }>

/** Readers and writers of few things in one process, over one cache. */
const reading =
  ({ cache: breaking = (cache) => cache, store: cached = cachedStore }: Broken = {}): Scenario =>
  async (world) => {
    const { dice, sleep } = world
    const library = openLibrary(world)
    const { engine } = library
    const known = watchStates(world, library)
    const { change, aBook, aReview } = changesOf(world, library)
    const service = startProcess('service', world, () => HEAVY_FAULTS)
    const memory = memoryCache({ entries: dice.pick([2, 100]), uptime: () => 1 + world.now() })
    const cache = breaking(memory, world)
    const open = (driver: typeof engine) =>
      cached(createStore(driver, { backoff: { sleep, random: dice.fraction } }), cache)

    async function write(): Promise<void> {
      const { driver, acknowledge } = known.writing(engine)
      const store = open(throughProcess(driver, service))
      for (let i = 0; i < WRITES; i++) {
        await sleep(dice.below(20))
        await change(store).then(acknowledge, unlessExpected)
      }
    }

    async function read(): Promise<void> {
      const process = throughProcess(engine, service)
      const store = open({
        ...engine,
        reader(aggregate) {
          const { find, ...reader } = process.reader(aggregate)
          const noting = (id: Parameters<typeof find>[0]) =>
            find(id).catch((error) => {
              known.noteFailure(id)
              throw error
            })
          return { ...reader, find: noting }
        },
      })
      for (let i = 0; i < READS; i++) {
        await sleep(dice.below(10))
        if (dice.chance(0.5)) await known.read(aBook(), store.books.get)
        else await known.read(aReview(), store.reviews.get)
      }
    }

    const tasks = [...Array.from({ length: WRITERS }, write), ...Array.from({ length: READERS }, read)]
    await Promise.all(tasks)
  }

describe('reading through a cache', () => {
  it('never gives what is older than the last acknowledged change, nor a failure that is over, and the same as without', (t) =>
    inEveryWorld(t, 600, reading()))
})

describe('the simulation of a cache notices', () => {
  const older = /Given v\d+ after v(\d+|Infinity) was acknowledged/

  it('a change that is forgotten before it is committed', (t) =>
    inSomeWorld(t, older, reading({ store: forgetsBeforeTheCommit })))

  it('a change that is forgotten after it is acknowledged', (t) =>
    inSomeWorld(t, older, reading({ cache: forgetsLate })))

  it('a bulk delete without an invalidation', (t) => inSomeWorld(t, older, reading({ cache: forgetsNoNamespaces })))

  it('a load that is kept though its key was forgotten in the meantime', (t) =>
    inSomeWorld(t, older, reading({ cache: (cache) => keepsWhateverWasLoaded(cache, (loaded) => loaded) })))

  it('a failed load that is kept', (t) => inSomeWorld(t, /a failure that was over/, reading({ cache: keepsFailures })))

  it('a copy that is not what was loaded', (t) =>
    inSomeWorld(t, /never kept/, reading({ cache: (cache) => keepsWhateverWasLoaded(cache, throughJson) })))
})
