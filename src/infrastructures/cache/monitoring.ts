import { counter, type Monitoring } from '../../patterns/monitoring.ts'
import { PRODUCT } from '../../patterns/product.ts'
import type { Cache } from './cache.ts'

/** The cache, without which everything is read from the database. */
export function cacheMonitoring(cache: Pick<Cache, 'ping' | 'stats'>): Monitoring {
  const hits = () => cache.stats.hits
  const loads = () => cache.stats.loads
  const failures = () => cache.stats.failures

  return {
    checks: { cache: { ping: () => cache.ping(), isRequired: false, stats: { hits, loads, failures } } },
    metrics: [
      counter(`${PRODUCT.metrics}cache_hits_total`, 'Cache hits.', hits),
      counter(`${PRODUCT.metrics}cache_loads_total`, 'Values that were loaded.', loads),
      counter(`${PRODUCT.metrics}cache_failures_total`, 'Failures of the cache itself.', failures),
    ],
  }
}
