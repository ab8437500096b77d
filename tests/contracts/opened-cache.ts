import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before } from 'node:test'
import type { Cache, Serializable } from '../../src/infrastructures/cache/cache.ts'

/** A cache that belongs to one suite. */
export type OpenedCache = Readonly<{
  cache: Cache

  /** The same cache as another process would open it. */
  second?(): Promise<Cache>

  /** How often a process lost the cache, as happens on a machine that has no time for it. */
  losses?(): number

  /** Closes all that was opened. */
  close(): Promise<void>
}>

export type OpenCache = () => Promise<OpenedCache>

/** What not every cache can do. A test that needs a missing ability is skipped, and says so. */
export type CacheFeatures = Readonly<{ keeps: boolean; isShared: boolean }>

export type CacheWorld = ReturnType<typeof openedWorld>

/** Opens a cache before the tests of a suite and closes it after them. Its tests keep apart by using fresh keys. */
export function useCache(open: OpenCache): () => CacheWorld {
  let world: CacheWorld | undefined
  let opened: OpenedCache | undefined
  before(async () => {
    opened = await open()
    world = openedWorld(opened, (await opened.second?.()) ?? opened.cache)
  })
  after(() => opened?.close())

  return () => world ?? assert.fail('the cache did not open')
}

const openedWorld = ({ cache, losses = () => 0 }: OpenedCache, other: Cache) => ({
  cache,
  losses,

  /** The cache as another process sees it; the same one if no other process can open it. */
  other,

  /** A key of its own, in a namespace of its own. */
  newKey: (): string => `${randomUUID()}:${randomUUID()}`,
})

/** A loader that gives what it has, counts how often, and can be held up after it has looked. */
export function aSource<Value extends Serializable>(first: Value | null) {
  const source = {
    value: first,
    loads: 0,
    held: Promise.resolve(),
    load: async (): Promise<Value | null> => {
      source.loads++
      const seen = source.value
      await source.held
      return seen
    },
    /** From now on loads that have looked do not return; call the result to let them. */
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      source.held = promise
      return resolve
    },
  }
  return source
}

/** Waits until `cache` has kept what it was about to keep: commands of one process are answered in their order. */
export const untilKept = (cache: Cache): Promise<void> => cache.ping()
