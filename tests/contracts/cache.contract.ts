import { describe } from 'node:test'
import { describeCounting } from './cache-counting.contract.ts'
import { describeCopies } from './cache-entries.contract.ts'
import { describeForgetting } from './cache-invalidation.contract.ts'
import { describeLoads } from './cache-loads.contract.ts'
import { type CacheFeatures, type OpenCache, useCache } from './opened-cache.ts'

/** Everything that the port promises of a cache: each cache must pass all of it. */
export function describeCache(
  name: string,
  open: OpenCache,
  { skip = false, ...features }: CacheFeatures & { skip?: string | false },
): void {
  describe(name, { skip }, () => {
    const world = useCache(open)
    describeCopies(world, features)
    describeLoads(world, features)
    describeForgetting(world, features)
    describeCounting(world, features)
  })
}
