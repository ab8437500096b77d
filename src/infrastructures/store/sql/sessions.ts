import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { singleFlight } from '../../../patterns/single-flight.ts'

/** A connection to a server, which may break. */
type Session = Readonly<{ isOpen(): boolean; close(): Promise<void> }>
type Slot<Of extends Session> = ReturnType<typeof keptOpen<Of>>

/** No caller waits longer for a free session. */
const ACQUIRE_TIMEOUT_MS = 1_000

/** One session, opened when it is needed, and opened again after it broke. */
export function keptOpen<Of extends Session>(open: () => Promise<Of>) {
  let current: Of | null = null
  const openOnce = singleFlight(async () => {
    current = await open()
    return current
  })

  return {
    session: async (): Promise<Of> => (current?.isOpen() ? current : openOnce()),
    close: async (): Promise<void> => current?.close(),
  }
}

/** Sessions that one task at a time has to itself. */
export function openPool<Of extends Session>(open: () => Promise<Of>, size: number) {
  const all = Array.from({ length: size }, () => keptOpen(open))
  const idle = [...all]
  const waiting = new Set<(slot: Slot<Of>) => void>()

  function giveBack(slot: Slot<Of>): void {
    const [next] = waiting
    if (next === undefined) idle.push(slot)
    else next(slot)
  }

  const nextFree = (): Promise<Slot<Of>> =>
    new Promise((resolve, reject) => {
      const take = (slot: Slot<Of>) => {
        clearTimeout(timer)
        waiting.delete(take)
        resolve(slot)
      }
      const timer = setTimeout(() => {
        waiting.delete(take)
        reject(new DependencyUnavailable('database'))
      }, ACQUIRE_TIMEOUT_MS)
      waiting.add(take)
    })

  return {
    /** @throws {DependencyUnavailable} when none was free in time: then nothing was sent */
    async run<Result>(task: (session: Of) => Promise<Result>): Promise<Result> {
      const slot = idle.pop() ?? (await nextFree())
      try {
        return await task(await slot.session())
      } finally {
        giveBack(slot)
      }
    },
    usage: () => ({ connections: size, busy: size - idle.length, waiting: waiting.size }),
    close: () => Promise.all(all.map((slot) => slot.close())),
  }
}
