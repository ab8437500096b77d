import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'
import { groupCommit } from '../../patterns/group-commit.ts'
import type { StoreDriver } from './driver.ts'
import type { Operation } from './operation.ts'

type Unit = readonly Operation[]

/**
 * Commits the units that handle messages in groups: all that wait are one transaction. If the store refuses it, each unit is
 * committed alone, so that none is refused for another.
 */
export function groupedDriver(driver: StoreDriver): StoreDriver {
  const commitTogether = groupCommit<Unit>((units) => driver.commit(inLockOrder(units).flat()), setImmediate)

  async function commitInGroup(unit: Unit): Promise<void> {
    try {
      await commitTogether(unit)
    } catch (error) {
      if (error instanceof DependencyUnavailable) throw error
      await driver.commit(unit)
    }
  }

  return {
    ...driver,
    commit: (unit) => (handlesMessage(unit) ? commitInGroup(unit) : driver.commit(unit)),
  }
}

const handlesMessage = (unit: Unit): boolean => unit.some(({ kind }) => kind === 'mark-processed')

/** Additions to one owner wait for each other. Groups of several processes add in the same order, so they never deadlock. */
const inLockOrder = (units: readonly Unit[]): readonly Unit[] =>
  units
    .map((unit) => ({ unit, owner: ownerOf(unit) }))
    .sort((one, other) => (one.owner < other.owner ? -1 : Number(one.owner > other.owner)))
    .map(({ unit }) => unit)

function ownerOf(unit: Unit): string {
  const change = unit.find((operation) => 'of' in operation)
  const field = change?.of.owner?.field ?? 'id'
  return String((change?.state as Readonly<Record<string, unknown>> | undefined)?.[field] ?? '')
}
