import { isDeepStrictEqual } from 'node:util'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { DomainError } from '../../src/domains/errors/domain-error.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import type { Book } from '../kit/library/book.ts'
import type { Review } from '../kit/library/review.ts'
import type { World } from '../kit/simulated-world.ts'
import type { SimulatedLibrary } from './simulated-library.ts'

type Levels = ReadonlyMap<string, number>

const REMOVED = Number.POSITIVE_INFINITY

/** What readers must see: the version of each book and review, and the answers to its writers. */
export function watchStates({ must, note }: World, { state }: Pick<SimulatedLibrary, 'state'>) {
  const committed = new Map<string, number>()
  const acknowledged = new Map<string, number>()
  const states = new Map<string, Book | Review>()
  const failures = new Map<string, number>()

  /** What has come further since the last time. */
  function progress(): Levels {
    const found = new Map<string, Book | Review>([...state.book, ...state.review])
    for (const [id, one] of found) states.set(`${id} ${one.version}`, one)
    const known = [...new Set([...committed.keys(), ...found.keys()])]
    const levels = known.map((id) => [id, found.get(id)?.version ?? REMOVED] as const)
    const changed = new Map(levels.filter(([id, level]) => committed.get(id) !== level))
    for (const [id, level] of changed) committed.set(id, level)
    return changed
  }

  function levelOf(id: string, error: unknown): number {
    must(error instanceof DomainError && error.kind === 'not-found', () => String(error))
    return committed.get(id) === REMOVED ? REMOVED : 0
  }

  return {
    /** A writer's driver: the changes of its unit of work count once the writer has the answer. */
    writing(driver: StoreDriver) {
      let done: Levels = new Map()
      const commit: StoreDriver['commit'] = async (changes) => {
        await driver.commit(changes)
        done = progress()
      }
      const acknowledge = (): void => {
        for (const [id, level] of done) acknowledged.set(id, Math.max(level, acknowledged.get(id) ?? 0))
      }
      return { driver: { ...driver, commit }, acknowledge }
    },

    noteFailure: (id: string): void => void failures.set(id, (failures.get(id) ?? 0) + 1),

    /** Reads, and holds what was read against what had been acknowledged before. */
    async read(id: string, get: (id: string) => Promise<Book | Review>): Promise<void> {
      const [least, failed] = [acknowledged.get(id) ?? 0, failures.get(id)]
      note(() => `read ${id.slice(-5)}, of which v${least} is known`)
      const found = await get(id).catch((error: unknown) => error)
      if (found instanceof DependencyUnavailable) {
        must(failures.get(id) !== failed, () => 'Reported a failure that was over.')
        return
      }
      const level = found instanceof Error ? levelOf(id, found) : (found as Book).version
      note(() => `was given ${id.slice(-5)} v${level}`)
      must(level >= least, () => `Given v${level} after v${least} was acknowledged.`)
      const isAsKept = found instanceof Error || isDeepStrictEqual(found, states.get(`${id} ${level}`))
      must(isAsKept, () => 'Given what was never kept.')
    },
  }
}
