import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { openStore } from '../../src/infrastructures/store/open-store.ts'
import { createStore } from '../kit/forum-store.ts'
import { ALL_UNITS, UNIT_NAMES } from './kit/all-units.ts'
import { newCast } from './kit/cast.ts'
import { type End, runAndKill, runAndThrow } from './kit/cells.ts'
import { inconsistencies } from './kit/check-rows.ts'
import { difference } from './kit/difference.ts'
import { MOMENTS } from './kit/interrupted-store.ts'
import { report } from './kit/plan.ts'
import { SHARED_STORES, type SharedStore } from './kit/stores.ts'
import type { Order } from './kit/unit-process.ts'

const WAYS = { kill: { run: runAndKill, end: 'killed' }, throw: { run: runAndThrow, end: 'threw' } } as const
type Way = keyof typeof WAYS
type Cell = Order & Readonly<{ way: Way; name: string }>

/** So many processes at once. */
const HANDS = 3

for (const { name, skip, open } of SHARED_STORES) {
  describe(`${name}: a unit of work that is interrupted`, { skip }, () => {
    it('keeps its changes and their events, or neither', async (test) => {
      await using shared = await open()
      const cells = await prepareCells(shared)
      const before = await shared.rows()

      const ends = await runAll(cells)

      const after = await shared.rows()
      const verdicts = cells.map((cell, index) => ({ cell, verdict: verdictOn(cell, ends[index], before, after) }))
      printTable(test, verdicts)
      const wrong = verdicts
        .filter(({ verdict }) => verdict.startsWith('WRONG'))
        .map((one) => `${one.cell.name}: ${one.verdict}`)
      report(test, { cells: cells.length, wrong: wrong.length })
      assert.deepEqual(wrong, [])
      assert.deepEqual(inconsistencies(after), [])
    })
  })
}

async function prepareCells({ choice }: SharedStore): Promise<readonly Cell[]> {
  const driver = await openStore(choice, {
    aggregates: FORUM.aggregates,
    migrates: true,
    poolSize: 4,
    onIdleError: () => {},
  })
  const ways = Object.keys(WAYS) as Way[]
  const cells = UNIT_NAMES.flatMap((unit) =>
    MOMENTS.flatMap((moment) =>
      ways.map((way) => ({ choice, unit, moment, way, cast: newCast(), name: `${unit}, ${moment}, ${way}` })),
    ),
  )
  for (const { unit, cast } of cells) await ALL_UNITS[unit].prepare(createStore(driver), cast)
  await driver.close()
  return cells
}

async function runAll(cells: readonly Cell[]): Promise<readonly (End | undefined)[]> {
  const ends: End[] = []
  const queue = cells.entries()
  const hands = Array.from({ length: HANDS }, async () => {
    for (const [index, cell] of queue) ends[index] = await WAYS[cell.way].run(cell)
  })
  await Promise.all(hands)
  return ends
}

type Rows = Awaited<ReturnType<SharedStore['rows']>>

/** Nothing may have happened until the engine committed, and everything afterwards. */
function verdictOn({ unit, moment, way, cast }: Cell, end: End | undefined, before: Rows, after: Rows): string {
  const { changes, events } = difference(before, after, new Set(Object.values(cast)))
  const expected = moment === 'after' || moment === 'returned' ? ALL_UNITS[unit].changes : 0
  if (end !== WAYS[way].end) return `WRONG: it ${end}`
  if (changes.join() !== events.join()) return `WRONG: ${changes.length} changes, but ${events.length} events`
  if (changes.length !== expected) return `WRONG: ${changes.length} changes of ${expected}`
  return expected === 0 ? 'neither' : `both (${expected})`
}

function printTable(test: TestContext, verdicts: readonly Readonly<{ cell: Cell; verdict: string }>[]): void {
  for (const [unit, row] of Map.groupBy(verdicts, ({ cell }) => cell.unit)) {
    const cells = row.map(({ cell, verdict }) => `${cell.moment}/${cell.way} ${verdict}`)
    test.diagnostic(`${unit.padEnd(25)} ${cells.join(' | ')}`)
  }
}
