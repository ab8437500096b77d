import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { StoreChoice } from '../../../src/infrastructures/store/open-store.ts'
import { ALL_UNITS } from './all-units.ts'
import { type Cut, isProxied, startCommitProxy } from './commit-proxy.ts'
import { openInterruptedStore } from './interrupted-store.ts'
import type { Order } from './unit-process.ts'

const PROCESS = join(import.meta.dirname, 'unit-process.ts')
const CUTS: Partial<Record<Order['moment'], Cut>> = { within: 'unheard', after: 'unanswered' }

/** How a unit of work ended: it must not end well. */
export type End = 'killed' | 'threw' | 'went through'

/** Kills the process that runs the unit. */
export const runAndKill = (order: Order): Promise<End> =>
  interrupted(order, async (choice, cutNextCommit) => {
    const child = spawn(process.execPath, [PROCESS, JSON.stringify({ ...order, choice })], { stdio: 'inherit' })
    cutNextCommit(() => child.kill('SIGKILL'))
    const [, signal] = await once(child, 'exit')
    return signal === 'SIGKILL' ? 'killed' : 'went through'
  })

/** Lets the unit fail, within this process: by an error of ours, or by the loss of its connection. */
export const runAndThrow = (order: Order): Promise<End> =>
  interrupted(order, async (choice, cutNextCommit) => {
    cutNextCommit()
    const { store, close } = await openInterruptedStore(choice, order.moment, () => {
      throw new Error('interrupted')
    })
    const run: Promise<unknown> = ALL_UNITS[order.unit].run(store, order.cast)
    const end = await run.then(
      () => 'went through' as const,
      () => 'threw' as const,
    )
    await close()
    return end
  })

/** Puts a proxy in front of the database where only that can interrupt at the moment. */
async function interrupted(
  { choice, moment }: Order,
  run: (choice: StoreChoice, cutNextCommit: (then?: () => void) => void) => Promise<End>,
): Promise<End> {
  const cut = CUTS[moment]
  if (!isProxied(choice) || cut === undefined) return run(choice, () => {})
  await using proxy = await startCommitProxy(choice)
  return await run({ ...choice, url: proxy.url }, (then) => proxy.cutNextCommit(cut, then))
}
