import { describe } from 'node:test'
import { describeAtomicity } from './atomicity.contract.ts'
import { describeCascades } from './cascades.contract.ts'
import { describeConflicts } from './conflicts.contract.ts'
import { describeDurability } from './durability.contract.ts'
import { describeIdempotency } from './idempotency.contract.ts'
import { describeInbox } from './inbox.contract.ts'
import { describeIsolation } from './isolation.contract.ts'
import { describeLifetime } from './lifetime.contract.ts'
import { describeListing } from './listing.contract.ts'
import type { Features, OpenStore } from './opened.ts'
import { describeOrphans } from './orphans.contract.ts'
import { describeOutbox } from './outbox.contract.ts'
import { describePaging } from './paging.contract.ts'
import { describePrune } from './prune.contract.ts'
import { describeRaces } from './races.contract.ts'
import { describeRetry } from './retry.contract.ts'
import { describeSilent } from './silent.contract.ts'
import { describeValues } from './values.contract.ts'
import { useWorld } from './world.ts'

/** Everything that the ports of the domain promise of a store: each store must pass all of it. */
export function describeStore(
  name: string,
  open: OpenStore,
  { skip = false, ...features }: Features & { skip?: string | false },
): void {
  describe(name, { skip }, () => {
    describeListing(useWorld(open))
    describeOutbox(useWorld(open), features)
    describePrune(useWorld(open))

    const world = useWorld(open)
    describeAtomicity(world)
    describeIsolation(world)
    describeLifetime(world)
    describeConflicts(world)
    describeRetry(world)
    describePaging(world)
    describeValues(world)
    describeCascades(world)
    describeOrphans(world)
    describeRaces(world, features)
    describeSilent(world)
    describeInbox(world)
    describeIdempotency(world)
    describeDurability(world, features)
  })
}
