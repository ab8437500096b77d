import { randomInt } from 'node:crypto'
import type { TestContext } from 'node:test'

export { size } from '../../kit/size.ts'

/** Decides everything that is drawn at random: SEED=… in front of the command repeats the plan of a run. */
const SEED = Number(process.env['SEED'] ?? randomInt(2 ** 31))

export type Random = ReturnType<typeof randomFor>

/** Random numbers that depend on the seed and on what they are for (the generator is mulberry32). */
export function randomFor(purpose: string) {
  let state = SEED
  for (const char of purpose) state = Math.imul(state ^ char.charCodeAt(0), 0x9e3779b1)

  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    between: (low: number, high: number): number => low + below(high - low),
    pick: <Item>(items: readonly Item[]): Item | undefined => items[below(items.length)],
  }
}

/** Tells the figures of a test, whether it passes or not, and how to repeat it. */
export function report(test: TestContext, stats: Readonly<Record<string, unknown>>): void {
  const parts = Object.entries(stats).map(([name, value]) => `${name} ${value}`)
  test.diagnostic(`${parts.join(', ')} (SEED=${SEED})`)
}
