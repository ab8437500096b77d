import { skipWithout } from '../../kit/engines.ts'
import type { TestIssuer } from '../../kit/test-issuer.ts'
import { settingsFor, startTeam } from './revivable.ts'
import type { Rows } from './rows.ts'
import { ALL_SHARED_STORES, type SharedStore } from './stores.ts'

/** A store as rivals meet it: over HTTP, behind two processes where it can be shared. */
export type Arena = Readonly<{
  urls: readonly string[]
  /** Null where only the service itself can see what is kept. */
  store: SharedStore | null
  [Symbol.asyncDispose]: () => Promise<void>
}>

export type ArenaKind = Readonly<{ name: string; skip: string | false; open: (issuer: TestIssuer) => Promise<Arena> }>

async function openMemory(issuer: TestIssuer): Promise<Arena> {
  const team = await startTeam(settingsFor(issuer, 'memory:'), 1)
  return { urls: team.urls, store: null, [Symbol.asyncDispose]: () => team[Symbol.asyncDispose]() }
}

const shared =
  (open: () => Promise<SharedStore>) =>
  async (issuer: TestIssuer): Promise<Arena> => {
    const store = await open()
    const team = await startTeam(settingsFor(issuer, store.url))
    return {
      urls: team.urls,
      store,
      async [Symbol.asyncDispose]() {
        await team[Symbol.asyncDispose]()
        await store[Symbol.asyncDispose]()
      },
    }
  }

export const ARENAS: readonly ArenaKind[] = [
  { name: 'memory', skip: skipWithout('memory'), open: openMemory },
  ...ALL_SHARED_STORES.map(({ name, skip, open }) => ({ name, skip, open: shared(open) })),
]

export const NOTHING: Rows = { kept: [], outbox: [] }
