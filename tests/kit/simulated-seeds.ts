import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { runWorld, type World } from './simulated-world.ts'
import { size } from './size.ts'

/** Throws when a promise is broken. */
export type Scenario = (world: World) => Promise<void>

const MAX_TRIED = 3_000
const { SEED, SIMULATIONS } = process.env

/**
 * Runs a scenario in one world after the other, each of its own seed, until a promise is broken: then it says which seed
 * that was, and what happened. `SEED=<n>` runs that world alone, `SIMULATIONS=<n>` so many; a quick run has a third as many, a full one ten times.
 */
export async function inEveryWorld(t: TestContext, seeds: number, scenario: Scenario): Promise<void> {
  const [first, last] = SEED
    ? [Number(SEED), Number(SEED)]
    : [1, Number(SIMULATIONS || size(seeds, 10 * seeds, Math.ceil(seeds / 3)))]
  assert.ok(last >= first, 'SEED and SIMULATIONS are numbers.')
  const start = performance.now()
  for (let seed = first; seed <= last; seed++) {
    const trouble = await troubleIn(seed, scenario)
    if (trouble !== null) throw new Error(await storyOf(seed, scenario), { cause: trouble })
  }
  const count = last - first + 1
  t.diagnostic(`${count} worlds, ${Math.round((count * 1000) / (performance.now() - start))} a second`)
}

/** Runs a scenario in which a rule is broken: some world must notice, in words that match. */
export async function inSomeWorld(t: TestContext, noticed: RegExp, scenario: Scenario): Promise<void> {
  for (let seed = 1; seed <= MAX_TRIED; seed++) {
    const trouble = await troubleIn(seed, scenario)
    if (trouble === null) continue
    assert.match(trouble.message, noticed)
    return t.diagnostic(`noticed in world ${seed}`)
  }
  assert.fail(`Nothing was noticed in ${MAX_TRIED} worlds.`)
}

async function troubleIn(seed: number, scenario: Scenario): Promise<Error | null> {
  await turn()
  try {
    await runWorld(seed, scenario)
    return null
  } catch (error) {
    return error as Error
  }
}

async function storyOf(seed: number, scenario: Scenario): Promise<string> {
  let history: readonly string[] = []
  const listening: Scenario = (world) => {
    history = world.history
    return scenario(world)
  }
  const message = await runWorld(seed, listening, true).then(
    () => 'it went well the second time',
    (error: Error) => error.message,
  )
  return `SEED=${seed} shows it again: ${message}\n${history.slice(-100).join('\n')}`
}
