import { PRODUCT } from '../../patterns/product.ts'
import { counter, type VitalSigns } from '../../patterns/vital-signs.ts'
import type { Cache } from './cache.ts'

/** The cache, without which everything is read from the database. */
export function cacheSigns(cache: Pick<Cache, 'ping' | 'figures'>): VitalSigns {
  const hits = () => cache.figures.hits
  const loads = () => cache.figures.loads
  const failures = () => cache.figures.failures

  return {
    checks: { cache: { ping: () => cache.ping(), isRequired: false, figures: { hits, loads, failures } } },
    metrics: [
      counter(`${PRODUCT.metrics}cache_hits_total`, 'Copies that were given.', hits),
      counter(`${PRODUCT.metrics}cache_loads_total`, 'Values that were loaded.', loads),
      counter(`${PRODUCT.metrics}cache_failures_total`, 'Times at which the cache itself failed.', failures),
    ],
  }
}
